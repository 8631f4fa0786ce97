import Engine
import HTTPTypes

/// Why a request is answered with an error. Each dialect words every case in its `Errors.swift`.
///
/// The cases stand in the order in which they are found out (`contracts/common.md`, order of refusals).
package enum Refusal: Error, Sendable {
    /// Framing that HTTP does not allow, such as a missing or doubled `Host`; a clause for the client.
    case malformed(String)
    case unauthorized
    /// The key has used up what it may send for now; it may go on in so many seconds, at least one.
    case rateLimited(retryAfterSeconds: Int)
    /// The request asks for a version of the API that there is not; those that there are, oldest first.
    case unknownVersion(known: [String])
    case unknownRoute
    case methodNotAllowed([HTTPRequest.Method])
    case missingScope(String)
    case bodyTooLarge(limit: Int)
    /// The body or query is not what the route takes. `field` is a path such as `card.number`, or empty.
    case invalid(field: String, reason: String)
    case engine(EngineFailure)
    /// Documented by the vendor, not offered here.
    case notOffered(String)
}
