#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    /// What holds for refunds that people look after, as their index has it.
    static let watched = "status IN ('awaiting_approval', 'in_doubt', 'needs_review')"

    package func refunds(
        in statuses: [RefundStatus],
        of books: [Book]?,
        limit: Int
    ) async throws(StoreFailure) -> [Refund] {
        let places = try await placesToLook(statuses, books)
        return try await reading { connection in
            var found: [Refund] = []
            for place in places {
                found += try connection.execute(Statement(place.sql, place.values + [.value(.integer(limit))]))
                    .rows(Refund.self)
            }
            return Array(found.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    /// Watched statuses have an index of their own; others are looked for book by book.
    private func placesToLook(
        _ statuses: [RefundStatus],
        _ books: [Book]?
    ) async throws(StoreFailure) -> [(sql: String, values: [Parameter])] {
        let everywhere: [Book]
        if let books {
            everywhere = books
        } else {
            everywhere = try await accounts().flatMap { [$0.book(.test), $0.book(.live)] }
        }
        let columns = Refund.columnList()
        return Set(statuses)
            .flatMap { status -> [(String, [Parameter])] in
                let word = Parameter.value(.word(status))
                guard RefundStatus.watched.contains(status) else {
                    let sql = """
                        SELECT \(columns) FROM refund WHERE book = $1::int8 AND status = $2::text ORDER BY id LIMIT $3::int8
                        """
                    return everywhere.map { (sql, [.value(.book($0)), word]) }
                }
                let sql = """
                    SELECT \(columns) FROM refund
                    WHERE \(Self.watched) AND status = $1::text
                        AND ($2::int8[] IS NULL OR book = ANY ($2::int8[])) ORDER BY id LIMIT $3::int8
                    """
                let wanted = books.map { Parameter.array($0.map { .book($0) }, .int8) } ?? .value(.null)
                return [(sql, [word, wanted])]
            }
    }

    // MARK: - The simulated processor's memory

    package func record(_ operation: LoggedOperation) async throws(StoreFailure) -> LoggedOperation {
        do {
            return try await aside.run { connection in
                let columns = [
                    "book", "processor_key", "scenario", "amount", "currency", "exponent", "received_at",
                ]
                let places = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
                let insertion = Statement(
                    """
                    INSERT INTO sandbox_operation (\(columns.joined(separator: ", "))) VALUES (\(places))
                    ON CONFLICT (book, processor_key) DO NOTHING
                    """,
                    operation.values.map { .value($0) }
                )
                connection.forgetWarnings()
                let answers = try connection.pipeline([
                    Statement("BEGIN READ WRITE"), insertion, Self.selection(operation.book, operation.processorKey),
                    Statement("COMMIT"),
                ])
                if let warning = connection.warnings.first { throw PostgresFailure.lost(warning) }
                return try Self.operation(answers[2], operation.book, operation.processorKey) ?? operation
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    package func operation(in book: Book, processorKey: String) async throws(StoreFailure) -> LoggedOperation? {
        try await reading { connection in
            try Self.operation(try connection.execute(Self.selection(book, processorKey)), book, processorKey)
        }
    }

    private static func selection(_ book: Book, _ key: String) -> Statement {
        let sql = """
            SELECT scenario, amount, currency, exponent, received_at FROM sandbox_operation
            WHERE book = ? AND processor_key = ?
            """
        return Statement(marked: sql, [.book(book), .text(key)])
    }

    private static func operation(_ rows: ResultRows, _ book: Book, _ key: String) throws -> LoggedOperation? {
        try rows.map(of: "sandbox_operation") { columns in
            try LoggedOperation(
                book: book,
                processorKey: key,
                scenario: columns.text(),
                amount: columns.integer(),
                currency: columns.currency(),
                receivedAt: columns.moment()
            )
        }
        .first
    }
}

extension LoggedOperation {
    fileprivate var values: [StoredValue] {
        [
            .book(book), .text(processorKey), .text(scenario), .integer(amount), .text(currency.code),
            .integer(currency.exponent), .moment(receivedAt),
        ]
    }
}
#endif
