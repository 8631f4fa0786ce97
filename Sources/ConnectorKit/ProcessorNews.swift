import Domain

/// Something that a processor told, or that was found in its books. Any of it may be told twice, late, or in
/// another order than it happened.
package enum ProcessorNews: Sendable {
    case refund(ProcessorNotification)
    /// A refund that nobody is known to have asked us for.
    case foundRefund(FoundRefund)
    case disputeOpened(DisputeNotice)
    /// The whole dispute again, so that it may come before, or instead of, its opening.
    case disputeClosed(DisputeNotice, as: DisputeState)
}

/// A hint that something happened to an order. What is true is asked for.
package struct ProcessorNotification: Sendable {
    package let book: Book
    package let refund: Refund.ID
    package let answer: ProcessorAnswer

    package init(book: Book, refund: Refund.ID, answer: ProcessorAnswer) {
        self.book = book
        self.refund = refund
        self.answer = answer
    }
}

/// A refund as it stands in the processor's books. Amount in minor units of `currency`.
package struct FoundRefund: Sendable {
    package let book: Book
    package let payment: Payment.ID
    package let amount: Amount
    package let currency: Currency
    package let reference: String
    package let processorTime: Moment?

    package init(
        book: Book,
        payment: Payment.ID,
        amount: Amount,
        currency: Currency,
        reference: String,
        processorTime: Moment?
    ) {
        self.book = book
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.reference = reference
        self.processorTime = processorTime
    }
}

/// A dispute as the processor tells of it. Amount in minor units of `currency`.
package struct DisputeNotice: Sendable {
    package let book: Book
    package let payment: Payment.ID
    package let amount: Amount
    package let currency: Currency
    package let stage: DisputeStage
    package let fundsWithdrawn: Bool
    /// What the processor knows it by; without it, a repetition could not be told from a second dispute.
    package let reference: String
    /// The network's reason code.
    package let response: String?
    package let openedAt: Moment?

    package init(
        book: Book,
        payment: Payment.ID,
        amount: Amount,
        currency: Currency,
        stage: DisputeStage,
        fundsWithdrawn: Bool,
        reference: String,
        response: String?,
        openedAt: Moment?
    ) {
        self.book = book
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.stage = stage
        self.fundsWithdrawn = fundsWithdrawn
        self.reference = reference
        self.response = response
        self.openedAt = openedAt
    }
}
