import Domain
import Storage

/// How a payment was taken elsewhere: refunds go to this processor, which knows it by this reference.
package struct PaymentTaken: Sendable, Equatable {
    package let connector: String
    /// The merchant's account there.
    package let account: String
    package let reference: String
    package let capturedAt: Moment
    /// What the processor kept of it, in minor units.
    package let fee: Int64

    package init(connector: String, account: String, reference: String, capturedAt: Moment, fee: Int64) {
        self.connector = connector
        self.account = account
        self.reference = reference
        self.capturedAt = capturedAt
        self.fee = fee
    }

    func key(in book: Book) -> NaturalKey { .processorReference(book, connector, account, reference) }
}

/// How a payment was before Storno knew of it.
package struct PastPayment: Sendable, Equatable {
    package let createdAt: Moment
    /// Minor units; more than 0.
    package let captured: Int64
    /// The id by which an API knew it: it is shown and found under it there.
    package let spelling: Spelling

    package init(createdAt: Moment, captured: Int64, spelling: Spelling) {
        self.createdAt = createdAt
        self.captured = captured
        self.spelling = spelling
    }
}
