/// An address that is told of a book's events.
package struct WebhookEndpoint: Sendable, Equatable {
    package typealias ID = Identifier<WebhookEndpoint>

    package let id: ID
    package let book: Book
    package let createdAt: Moment
    package var updatedAt: Moment
    /// Where to, and with which secrets. Sealed where it is kept: an address may hold a token.
    package var target: WebhookTarget
    /// Such as `refund.succeeded`, or `refund.*`; none for every event.
    package var types: [String]
    package var status: WebhookStatus
    /// Why it is disabled.
    package var disabledReason: WebhookDisabledReason?
    /// The form that events are rendered in.
    package let apiVersion: String
    /// Until when the secret before the present one signs too.
    package var previousExpiresAt: Moment?
    /// Nothing is sent before: the receiver asked to wait, or was overloaded.
    package var heldUntil: Moment?
    /// How many answers in a row said that the receiver was overloaded.
    package var throttles: Int64 = 0
    package var deletedAt: Moment?
    package var version: Int64 = 1
    /// The number of the endpoint's newest event.
    package var sequence: Int64 = 1

    package init(
        id: ID,
        book: Book,
        createdAt: Moment,
        target: WebhookTarget,
        types: [String],
        apiVersion: String
    ) {
        self.id = id
        self.book = book
        self.createdAt = createdAt
        updatedAt = createdAt
        self.target = target
        self.types = types
        status = .enabled
        self.apiVersion = apiVersion
    }

    /// Whether anything may be sent to it.
    package var isActive: Bool { status == .enabled && deletedAt == nil }

    /// Whether an event is for it. Events about endpoints are told to nobody, but a ping to the one that it is about;
    /// imported history is told to nobody.
    package func takes(_ event: Event) -> Bool {
        guard !event.isHistory else { return false }
        guard event.object.kind != .webhookEndpoint else {
            return event.type == WebhookEndpoint.ping && event.object.id == id.raw
        }
        return types.isEmpty
            || types.contains { $0.hasSuffix("*") ? event.type.hasPrefix($0.dropLast()) : $0 == event.type }
    }

    /// The type of the event that a test makes.
    package static let ping = "webhook_endpoint.ping"

    package var eventPart: EventPart {
        EventPart([
            ("deleted", deletedAt.map { .integer($0.milliseconds) }),
            ("reason", disabledReason.map { .text($0.rawValue) }), ("status", .text(status.rawValue)),
        ])
    }
}

package enum WebhookStatus: String, CaseIterable, Sendable {
    case enabled
    case disabled
}

package enum WebhookDisabledReason: String, CaseIterable, Sendable {
    /// Whoever owns it asked.
    case requested
    /// It answered 410.
    case gone
}

/// What only an endpoint and its owner know.
package struct WebhookTarget: Sendable, Equatable {
    package var url: String
    /// What its owner calls it.
    package var label: String?
    package var key: WebhookKey
    package var previousKey: WebhookKey?

    package init(url: String, label: String?, key: WebhookKey) {
        self.url = url
        self.label = label
        self.key = key
    }
}

/// What signatures are made with.
package struct WebhookKey: Sendable, Equatable {
    /// Of HMAC-SHA256: 32 random bytes.
    package let secret: [UInt8]
    /// Of Ed25519: the 32 bytes that RFC 8032 calls the private key.
    package let seed: [UInt8]

    package init(secret: [UInt8], seed: [UInt8]) {
        self.secret = secret
        self.seed = seed
    }
}

/// Whoever prints something that holds them prints this.
extension WebhookTarget: CustomStringConvertible, CustomReflectable {
    package var description: String { "WebhookTarget" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension WebhookKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "WebhookKey" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How far an endpoint has come in its book's events: everything up to there became a delivery, or was not for it.
package struct WebhookMark: Sendable, Equatable {
    package let book: Book
    package let endpoint: WebhookEndpoint.ID
    /// As the database counts: the transaction's number, 0 where one process writes.
    package var transaction: Int64
    package var number: Int64

    package init(book: Book, endpoint: WebhookEndpoint.ID, transaction: Int64, number: Int64) {
        self.book = book
        self.endpoint = endpoint
        self.transaction = transaction
        self.number = number
    }
}
