import GRDB
import Storage

/// What the database says about itself, for tests and for people who look after it.
extension SQLiteStore {
    /// 2 is FULL: synced at every commit.
    package var synchronousMode: Int? {
        get throws { try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
    }

    package var journalMode: String? {
        get throws { try pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } }
    }

    /// How SQLite would walk a list, a line a step.
    package func plan(of listing: Listing, in range: KeyRange) throws -> [String] {
        let query = ListingQuery(listing, range)
        return try plan(query.sql, StatementArguments(query.arguments))
    }

    package func plan(of kind: DueWork.Kind) throws -> [String] {
        try plan(
            "SELECT book, id FROM \(kind.source) AND due_at <= 1 ORDER BY due_at LIMIT 1",
            StatementArguments(kind.arguments)
        )
    }

    package func planOfWatchedRefunds(books: Int?) throws -> [String] {
        let arguments: [(any DatabaseValueConvertible)?] = ["in_doubt"] + (0..<(books ?? 0)).map { $0 } + [10]
        return try plan(Self.watchedRefunds(ofBooks: books), StatementArguments(arguments))
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) throws -> [String] {
        try pool.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
