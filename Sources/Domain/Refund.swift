/// The intent to give money back: one status, any number of attempts. Amounts in minor units of `currency`.
package struct Refund: Sendable, Equatable {
    package typealias ID = Identifier<Refund>

    package let id: ID
    package let book: Book
    package let payment: Payment.ID
    package let pot: Pot.ID?
    package let customer: Customer.ID?
    package let kind: RefundKind
    package let retryOf: Refund.ID?
    package let amount: Int64
    package let currency: Currency
    package let createdAt: Moment
    package var updatedAt: Moment
    package var status: RefundStatus
    package var pendingReason: PendingReason?
    package var failure: RefundFailure?
    package let reasonCode: String?
    package let actor: Actor
    package let requestID: String?
    package let origin: String
    package var metadata: Metadata
    package let connector: String
    package var processorReference: String?
    package var bankReference: String?
    /// How many attempts were written down so far.
    package var attempts: Int64 = 0
    /// When the first attempt was made that may have reached the processor; known once its call has ended.
    package var firstSentAt: Moment?
    package var succeededAt: Moment?
    /// When `requires_action` or `awaiting_approval` runs out.
    package var expiresAt: Moment?
    /// When a worker should look at it next; `nil` when there is nothing left to do.
    package var dueAt: Moment?
    /// Whether that is by its book's own clock; kept by whoever writes rows.
    package var isOnClock = false
    package var version: Int64 = 1
    /// The number of the refund's newest event.
    package var sequence: Int64 = 1
    package var aliased: Bool

    package init(
        id: ID,
        book: Book,
        payment: Payment,
        kind: RefundKind,
        amount: Int64,
        createdAt: Moment,
        status: RefundStatus,
        reasonCode: String?,
        actor: Actor,
        requestID: String?,
        origin: String,
        metadata: Metadata,
        retryOf: Refund.ID? = nil
    ) {
        self.id = id
        self.book = book
        self.payment = payment.id
        self.pot = payment.pot
        self.customer = payment.customer
        self.kind = kind
        self.retryOf = retryOf
        self.amount = amount
        self.currency = payment.currency
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.status = status
        self.reasonCode = reasonCode
        self.actor = actor
        self.requestID = requestID
        self.origin = origin
        self.metadata = metadata
        self.connector = payment.connector
        self.aliased = payment.aliased
    }

    /// From the database.
    package init(
        id: ID,
        book: Book,
        payment: Payment.ID,
        pot: Pot.ID?,
        customer: Customer.ID?,
        kind: RefundKind,
        retryOf: Refund.ID?,
        amount: Int64,
        currency: Currency,
        createdAt: Moment,
        updatedAt: Moment,
        status: RefundStatus,
        reasonCode: String?,
        actor: Actor,
        requestID: String?,
        origin: String,
        metadata: Metadata,
        connector: String,
        aliased: Bool
    ) {
        self.id = id
        self.book = book
        self.payment = payment
        self.pot = pot
        self.customer = customer
        self.kind = kind
        self.retryOf = retryOf
        self.amount = amount
        self.currency = currency
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.status = status
        self.reasonCode = reasonCode
        self.actor = actor
        self.requestID = requestID
        self.origin = origin
        self.metadata = metadata
        self.connector = connector
        self.aliased = aliased
    }
}

package enum RefundKind: String, CaseIterable, Sendable {
    case refund
    /// Of a payment that is not captured yet: lets the whole authorization go.
    case void
    /// Found at the processor, not asked for here.
    case external
    /// Paid outside, with proof.
    case manual
}

/// Why a queued refund is not sent yet.
package enum PendingReason: String, CaseIterable, Sendable {
    case undoWindow = "undo_window"
    case scheduled
    case insufficientFunds = "insufficient_funds"
    case captureNotSettled = "charge_not_settled"
    case throttled
}

/// Why a refund will not happen, as far as it is known.
package struct RefundFailure: Sendable, Equatable {
    package let code: FailureCode
    /// The processor's words, without anything personal; `nil` when it had none.
    package let detail: String?

    package init(_ code: FailureCode, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }
}

package enum FailureCode: String, CaseIterable, Sendable {
    case declined
    case unsupported
    case invalid
    case disputed
    case expiredAction = "expired_action"
    case canceled
    case reversed
}

/// Who made a change.
package struct Actor: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// An API key; `id` is the key's id.
        case key
        /// A person at the command line or the dashboard.
        case `operator`
        /// Storno itself: a worker or a schedule.
        case system
    }

    package let kind: Kind
    package let id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}
