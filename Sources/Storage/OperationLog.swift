import Domain

/// The memory of a simulated processor: append-only and committed by itself, as an outside processor's books
/// would be. No command reads or writes it.
package protocol OperationLog: Sendable {
    /// Writes the operation down unless its key is known; returns what is written under that key, durably.
    func record(_ operation: LoggedOperation) async throws(StoreFailure) -> LoggedOperation
    func operation(in book: Book, processorKey: String) async throws(StoreFailure) -> LoggedOperation?
}

/// Amount in minor units.
package struct LoggedOperation: Sendable, Equatable {
    package let book: Book
    package let processorKey: String
    package let scenario: String
    package let amount: Int64
    package let currency: Currency
    package let receivedAt: Moment

    package init(
        book: Book,
        processorKey: String,
        scenario: String,
        amount: Int64,
        currency: Currency,
        receivedAt: Moment
    ) {
        self.book = book
        self.processorKey = processorKey
        self.scenario = scenario
        self.amount = amount
        self.currency = currency
        self.receivedAt = receivedAt
    }
}
