/// A payer's bank takes money back. It shares the refundable sum with the refunds. Amount in minor units.
package struct Dispute: Sendable, Equatable {
    package typealias ID = Identifier<Dispute>

    package let id: ID
    package let book: Book
    package let payment: Payment.ID
    package var amount: Int64
    package let currency: Currency
    package var stage: DisputeStage
    package var state: DisputeState
    package var fundsWithdrawn: Bool
    package let openedAt: Moment
    package var closedAt: Moment?
    package let reference: String?
    /// The network's reason code.
    package let response: String?
    package var version: Int64 = 1
    package var sequence: Int64 = 1

    package init(
        id: ID,
        book: Book,
        payment: Payment.ID,
        amount: Int64,
        currency: Currency,
        stage: DisputeStage,
        state: DisputeState,
        fundsWithdrawn: Bool,
        openedAt: Moment,
        reference: String?,
        response: String?
    ) {
        self.id = id
        self.book = book
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.stage = stage
        self.state = state
        self.fundsWithdrawn = fundsWithdrawn
        self.openedAt = openedAt
        self.reference = reference
        self.response = response
    }
}

package enum DisputeStage: String, CaseIterable, Sendable {
    case inquiry
    case chargeback
    case arbitration
}

package enum DisputeState: String, CaseIterable, Sendable {
    case open
    case won
    case lost

    /// Whether the amount counts against what can be refunded.
    package var holdsAmount: Bool { self != .won }
}
