/// What can be refunded. All amounts are minor units of `currency`.
///
/// The schema holds `captured + voided <= authorized` and `reserved + refunded + disputed <= captured + excess`
/// as well, as the last line of defence.
package struct Payment: Sendable, Equatable {
    package typealias ID = Identifier<Payment>

    package let id: ID
    package let book: Book
    package let createdAt: Moment
    package var updatedAt: Moment
    package var state: PaymentState
    package let currency: Currency

    package var authorized: Int64
    package var captured: Int64 = 0
    package var voided: Int64 = 0
    /// Held by refunds that are not decided yet.
    package var reserved: Int64 = 0
    /// Given back by refunds that succeeded.
    package var refunded: Int64 = 0
    /// Held by disputes, or lost to them.
    package var disputed: Int64 = 0
    /// What facts from outside took beyond the captured amount; above zero every refund is refused.
    package var excess: Int64 = 0

    /// How many refunds name this payment, whatever became of them.
    package var refundCount: Int64 = 0
    package var version: Int64 = 1
    /// The number of the payment's newest event.
    package var sequence: Int64 = 1

    /// The connector that took it: refunds go back there.
    package let connector: String
    package let connectorAccount: String
    /// The dialect it was created through.
    package let origin: String
    package var method: PaymentMethod?
    package var card: Card.ID?
    package var customer: Customer.ID?
    package var pot: Pot.ID?
    package var payer: Person.ID?
    package var orderReference: String?
    package var uniqueReference: String?
    /// The processor's own reference of the payment.
    package var processorReference: String?
    /// The card network's answer, `00` when accepted.
    package var response: String?
    package var capturedAt: Moment?
    /// When the processor's next step is expected.
    package var dueAt: Moment?
    /// Whether that is by its book's own clock; kept by whoever writes rows.
    package var isOnClock = false
    package var metadata: Metadata = [:]
    /// Whether ids that came from elsewhere name this payment, its pot, its customer or its card.
    package var aliased = false

    package init(
        id: ID,
        book: Book,
        createdAt: Moment,
        state: PaymentState,
        currency: Currency,
        authorized: Int64,
        connector: String,
        connectorAccount: String,
        origin: String
    ) {
        self.id = id
        self.book = book
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.state = state
        self.currency = currency
        self.authorized = authorized
        self.connector = connector
        self.connectorAccount = connectorAccount
        self.origin = origin
    }

    /// What can be refunded now: captured − pending − refunded − disputed.
    package var refundable: Int64 {
        excess > 0 ? 0 : captured - reserved - refunded - disputed
    }

    /// What of the authorized amount can still be captured: after a first capture only until the authorization ends.
    package var capturable: Int64 {
        switch state {
        case .authorized: authorized - captured - voided
        case .captured: dueAt == nil ? 0 : authorized - captured - voided
        case .created, .toCapture, .captureSent, .canceled, .expired, .failed, .refused: 0
        }
    }

    package var isDisputed: Bool { disputed > 0 }
}

/// Free key and value pairs of a merchant, at most 50.
package typealias Metadata = [String: String]

package enum PaymentState: String, CaseIterable, Sendable {
    /// Not asked of the processor yet, for want of a means of payment or of the payer's authentication.
    case created
    case authorized
    case toCapture = "to_capture"
    case captureSent = "capture_sent"
    case captured
    case canceled
    case expired
    case failed
    case refused

    /// Whether a processor was ever asked for it.
    package var isBegun: Bool { self != .created }

    /// Whether the money is authorized and can still be let go without a refund.
    package var isVoidable: Bool { self == .authorized || self == .toCapture }
}

package enum PaymentMethod: String, CaseIterable, Sendable {
    case card
    case sepa
    case mobile
    case bank
}

/// One capture of a payment: amounts in minor units, `reference` as the processor knows it.
package struct Capture: Sendable, Equatable {
    package typealias ID = Identifier<Capture>

    package let id: ID
    package let book: Book
    package let payment: Payment.ID
    package let amount: Int64
    package let fee: Int64
    package let reference: String?
    package let capturedAt: Moment

    package init(
        id: ID,
        book: Book,
        payment: Payment.ID,
        amount: Int64,
        fee: Int64,
        reference: String?,
        capturedAt: Moment
    ) {
        self.id = id
        self.book = book
        self.payment = payment
        self.amount = amount
        self.fee = fee
        self.reference = reference
        self.capturedAt = capturedAt
    }
}
