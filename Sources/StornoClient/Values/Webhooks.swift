import Foundation

/// Whether an endpoint is told of anything. Words that this library does not know survive.
public struct WebhookStatus: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// It is.
    public static let enabled = WebhookStatus(rawValue: "enabled")
    /// It is not; `disabledReason` says why.
    public static let disabled = WebhookStatus(rawValue: "disabled")
}

/// An address that is told of events.
public struct WebhookEndpoint: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// Where messages go.
    public let url: String
    /// What its owner calls it.
    public let description: String?
    /// The types that it is told of; none for all.
    public let events: [String]
    /// Whether it is told of anything.
    public let status: WebhookStatus
    /// `requested` or `gone`.
    public let disabledReason: String?
    /// The version in which events are written.
    public let apiVersion: String
    /// For signatures of the kind `v1a`.
    public let publicKey: String
    /// For signatures of the kind `v1`; only where it is made or changed.
    public let secret: String?
    /// Until when the secret before signs too.
    public let previousSecretExpiresAt: Date?
    /// Until when it is left alone, as it asked.
    public let heldUntil: Date?
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Rises with every change. `nil` in an event's object.
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case id
        case url
        case description
        case events
        case status
        case disabledReason = "disabled_reason"
        case apiVersion = "api_version"
        case publicKey = "public_key"
        case secret
        case previousSecretExpiresAt = "previous_secret_expires_at"
        case heldUntil = "held_until"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case version
    }
}

/// Where the telling of an event is. Words that this library does not know survive.
public struct DeliveryState: OpenWord {
    /// The word on the wire.
    public let rawValue: String

    /// Any word, known or not.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Behind an earlier event of its object.
    public static let waiting = DeliveryState(rawValue: "waiting")
    /// To be sent at `nextAttemptAt`.
    public static let pending = DeliveryState(rawValue: "pending")
    /// On its way.
    public static let sending = DeliveryState(rawValue: "sending")
    /// Taken.
    public static let delivered = DeliveryState(rawValue: "delivered")
    /// Failed as often as it is tried.
    public static let givenUp = DeliveryState(rawValue: "given_up")
}

/// The telling of one event to one endpoint.
public struct Delivery: Codable, Sendable, Equatable {
    /// Its id.
    public let id: String
    /// The endpoint's id.
    public let endpoint: String
    /// The event's id.
    public let event: String
    /// The event's type.
    public let eventType: String
    /// Where it is.
    public let state: DeliveryState
    /// How often it was sent.
    public let attemptCount: Int64
    /// How often that failed.
    public let failureCount: Int64
    /// When it is sent next.
    public let nextAttemptAt: Date?
    /// When it was made.
    public let createdAt: Date
    /// When it was taken or given up.
    public let endedAt: Date?
    /// Each call, oldest first; only where one delivery is read.
    public let attempts: [DeliveryAttempt]?

    enum CodingKeys: String, CodingKey {
        case id
        case endpoint
        case event
        case eventType = "event_type"
        case state
        case attemptCount = "attempt_count"
        case failureCount = "failure_count"
        case nextAttemptAt = "next_attempt_at"
        case createdAt = "created_at"
        case endedAt = "ended_at"
        case attempts
    }
}

/// One call of an endpoint.
public struct DeliveryAttempt: Codable, Sendable, Equatable {
    /// 1, 2, …
    public let number: Int64
    /// When.
    public let startedAt: Date
    /// How long it took.
    public let durationMilliseconds: Int64
    /// `delivered`, `refused`, `timed_out`, `unreachable` or `blocked`.
    public let outcome: String
    /// What was answered.
    public let status: Int64?
    /// Why it failed.
    public let reason: String?
    /// The first bytes of the answer.
    public let answer: String?

    enum CodingKeys: String, CodingKey {
        case number
        case startedAt = "started_at"
        case durationMilliseconds = "duration_ms"
        case outcome
        case status
        case reason
        case answer
    }
}

/// Events that are told once more.
public struct Replay: Codable, Sendable, Equatable {
    /// The endpoint's id.
    public let endpoint: String
    /// How many were queued.
    public let queued: Int64
    /// Whether the stretch goes on.
    public let hasMore: Bool
    /// Where it does.
    public let next: String?

    enum CodingKeys: String, CodingKey {
        case endpoint
        case queued
        case hasMore = "has_more"
        case next
    }
}
