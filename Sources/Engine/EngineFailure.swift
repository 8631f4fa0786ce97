import Domain

/// Why a request was not carried out. Each API words it in its own `Errors.swift`.
package enum EngineFailure: Error, Equatable, Sendable {
    /// Unknown, or of another account or mode: the same to whoever asks. `text` is the id as it was written.
    case notFound(ObjectKind, text: String)
    case rejected(Rejection)
    /// The idempotency key was used for another request.
    case idempotencyMismatch
    /// The first request with that idempotency key has not ended yet.
    case idempotencyInProgress
    /// A jump in a list beyond what can be walked.
    case pageOutOfReach
    /// The key that asks was revoked, or expired, before this could be decided.
    case keyInvalid
    case clockRefused(ClockRefusal)
    /// More is waiting than may wait.
    case busy
    case storageUnavailable
    /// A rule of ours was broken and the database said so; nothing was written.
    case fault
}
