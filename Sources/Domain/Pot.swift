/// A collection of payments that refunds are made from. Amounts in minor units of `currency`.
package struct Pot: Sendable, Equatable {
    package typealias ID = Identifier<Pot>

    package let id: ID
    package let book: Book
    package let createdAt: Moment
    package var updatedAt: Moment
    package var name: String
    package let currency: Currency
    package var isOpen: Bool
    package let owner: Customer.ID?
    /// Gross payments minus refunds that hold or have spent their amount.
    package var balance: Int64 = 0
    /// Lifetime receipts.
    package var volume: Int64 = 0
    package var metadata: Metadata
    package var deletedAt: Moment?
    package var version: Int64 = 1
    package var sequence: Int64 = 1
    package var aliased = false

    package init(
        id: ID,
        book: Book,
        createdAt: Moment,
        name: String,
        currency: Currency,
        owner: Customer.ID?,
        metadata: Metadata
    ) {
        self.id = id
        self.book = book
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.name = name
        self.currency = currency
        self.isOpen = true
        self.owner = owner
        self.metadata = metadata
    }
}
