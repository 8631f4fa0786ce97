import Domain

/// A delivery that a worker has claimed, with where it goes.
package struct ClaimedDelivery: Sendable {
    /// As it is while it is being sent.
    package let delivery: Delivery
    package let endpoint: WebhookEndpoint
    /// Whether the times are a book's own.
    package let isOnClock: Bool
    package let claimedAt: Moment
    /// A worker that did not get round to the call by then must leave it.
    package let sendBefore: Moment

    package init(
        delivery: Delivery,
        endpoint: WebhookEndpoint,
        isOnClock: Bool,
        claimedAt: Moment,
        sendBefore: Moment
    ) {
        self.delivery = delivery
        self.endpoint = endpoint
        self.isOnClock = isOnClock
        self.claimedAt = claimedAt
        self.sendBefore = sendBefore
    }
}

/// What became of a call to an endpoint.
package struct DeliveryAnswer: Sendable, Equatable {
    package let outcome: DeliveryOutcome
    package let durationMilliseconds: Int64
    /// Of the receiver's answer.
    package var status: Int64?
    /// What went wrong, in words that hold nothing of the address.
    package var reason: String?
    /// The first bytes of the receiver's answer.
    package var body: [UInt8] = []
    /// How long the receiver asks to be left alone.
    package var retryAfter: Duration?

    package init(_ outcome: DeliveryOutcome, durationMilliseconds: Int64) {
        self.outcome = outcome
        self.durationMilliseconds = durationMilliseconds
    }

    /// The receiver no longer wants anything.
    var isGone: Bool { status == 410 }
}
