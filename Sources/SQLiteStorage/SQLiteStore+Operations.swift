import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    package func record(_ operation: LoggedOperation) async throws(StoreFailure) -> LoggedOperation {
        try await writing { db in
            if let known = try db.operation(operation.book, operation.processorKey) { return known }
            try db.insert(operation)
            return operation
        }
    }

    package func operation(in book: Book, processorKey: String) async throws(StoreFailure) -> LoggedOperation? {
        try await reading { db in try db.operation(book, processorKey) }
    }
}

extension Database {
    fileprivate func insert(_ operation: LoggedOperation) throws {
        let statement = try cachedStatement(
            sql: """
                INSERT INTO sandbox_operation
                (book, processor_key, scenario, amount, currency, exponent, received_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.run([
            .book(operation.book), .text(operation.processorKey), .text(operation.scenario),
            .integer(operation.amount), .text(operation.currency.code), .integer(operation.currency.exponent),
            .moment(operation.receivedAt),
        ])
    }

    fileprivate func operation(_ book: Book, _ key: String) throws -> LoggedOperation? {
        let statement = try cachedStatement(
            sql: """
                SELECT scenario, amount, currency, exponent, received_at FROM sandbox_operation
                WHERE book = ? AND processor_key = ?
                """
        )
        return
            try statement.first(of: "sandbox_operation", [.book(book), .text(key)]) { columns in
                try LoggedOperation(
                    book: book,
                    processorKey: key,
                    scenario: columns.text(),
                    amount: columns.integer(),
                    currency: columns.currency(),
                    receivedAt: columns.moment()
                )
            }
    }
}
