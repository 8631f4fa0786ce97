/// The telling of one event to one endpoint.
///
/// The deliveries of an object's events to one endpoint are a *lane*: at most one of them, the head, has a time at which
/// it is due; those behind it wait until it was delivered or given up.
package struct Delivery: Sendable, Equatable {
    package typealias ID = Identifier<Delivery>

    package let id: ID
    package let book: Book
    package let endpoint: WebhookEndpoint.ID
    /// What the event is about.
    package let object: ObjectReference
    /// The event's number among its object's.
    package let sequence: Int64
    /// The event's type.
    package let type: String
    package let createdAt: Moment
    package var state: DeliveryState
    /// How many attempts were begun so far.
    package var attempts: Int64 = 0
    /// How many of them failed, since it was last asked for: the place in the schedule.
    package var failures: Int64 = 0
    /// When it is to be sent; while it is being sent, when whoever does is taken for dead. `nil` for one that waits or
    /// has ended.
    package var dueAt: Moment?
    /// Rises with each claim: whoever comes back with an older number is too late.
    package var fencing: Int64 = 0
    package var endedAt: Moment?

    package init(
        id: ID,
        endpoint: WebhookEndpoint,
        event: Event,
        createdAt: Moment,
        state: DeliveryState,
        dueAt: Moment?
    ) {
        self.init(
            id: id,
            book: endpoint.book,
            endpoint: endpoint.id,
            object: event.object,
            sequence: event.sequence,
            type: event.type,
            createdAt: createdAt,
            state: state
        )
        self.dueAt = dueAt
    }

    package init(
        id: ID,
        book: Book,
        endpoint: WebhookEndpoint.ID,
        object: ObjectReference,
        sequence: Int64,
        type: String,
        createdAt: Moment,
        state: DeliveryState
    ) {
        self.id = id
        self.book = book
        self.endpoint = endpoint
        self.object = object
        self.sequence = sequence
        self.type = type
        self.createdAt = createdAt
        self.state = state
    }
}

package enum DeliveryState: String, CaseIterable, Sendable {
    /// Behind an earlier event of the same object.
    case waiting
    /// To be sent at its time.
    case pending
    /// On its way.
    case sending
    case delivered
    /// Tried as often as it is tried.
    case givenUp = "given_up"

    /// Whether anything is still to come.
    package var isOpen: Bool { self == .waiting || self == .pending || self == .sending }
}

/// How one attempt ended.
package struct DeliveryAttempt: Sendable, Equatable {
    package let book: Book
    package let delivery: Delivery.ID
    /// 1, 2, … of its delivery.
    package let number: Int64
    package let startedAt: Moment
    package let durationMilliseconds: Int64
    package let outcome: DeliveryOutcome
    /// Of the receiver's answer.
    package let status: Int64?
    /// What went wrong, in words that hold nothing of the address.
    package let reason: String?
    /// The first bytes of the receiver's answer. Sealed where they are kept.
    package let answer: [UInt8]

    package init(
        book: Book,
        delivery: Delivery.ID,
        number: Int64,
        startedAt: Moment,
        durationMilliseconds: Int64,
        outcome: DeliveryOutcome,
        status: Int64? = nil,
        reason: String? = nil,
        answer: [UInt8] = []
    ) {
        self.book = book
        self.delivery = delivery
        self.number = number
        self.startedAt = startedAt
        self.durationMilliseconds = durationMilliseconds
        self.outcome = outcome
        self.status = status
        self.reason = reason
        self.answer = answer
    }
}

package enum DeliveryOutcome: String, CaseIterable, Sendable {
    /// A status of 200 to 299.
    case delivered
    /// Any other status, a redirect included.
    case refused
    /// No whole answer in time.
    case timedOut = "timed_out"
    /// No connection, or one that broke.
    case unreachable
    /// The address is not one that may be called.
    case blocked
    /// The server stopped meanwhile: it may have arrived.
    case interrupted
}
