#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    /// As events are walked: by transaction, settled below the oldest that may still be under way.
    static let auditQuery = AuditQuery(
        place: ["transaction", "number"],
        isSettled: "x.transaction < pg_snapshot_xmin(pg_current_snapshot())",
        number: { $0.hasSuffix("transaction") ? "\($0)::text::int8" : $0 },
        value: { $0 == "transaction" ? "?::int8::text::xid8" : "?::int8" },
        bytes: { "convert_to(\($0), 'UTF8')" }
    )

    package func auditHead(of book: Book) async throws(StoreFailure) -> AuditHead? {
        try await reading { connection in try Self.auditHead(of: book, connection) }
    }

    private static func auditHead(of book: Book, _ connection: PostgresConnection) throws -> AuditHead? {
        try connection.execute(Statement(marked: AuditQuery.head, [.book(book)]))
            .map(of: AuditEntryRow.table) { try AuditHead(from: &$0) }.first
    }

    /// The head is read first: whoever goes on with the chain does so only if it is the head still.
    package func auditBacklog(of book: Book, limit: Int) async throws(StoreFailure) -> AuditBacklog {
        try await reading { connection in
            let head = try Self.auditHead(of: book, connection) ?? .beginning(of: book)
            let events = try Self.candidates(of: .event, book, limit, connection)
            let acts = try Self.candidates(of: .act, book, limit, connection)
            return AuditBacklog(head: head, events, acts, limit: limit)
        }
    }

    private static func candidates(
        of table: AuditQuery.Table,
        _ book: Book,
        _ limit: Int,
        _ connection: PostgresConnection
    ) throws -> [AuditCandidate] {
        let place = try connection.execute(Statement(marked: auditQuery.last(of: table), [.book(book)]))
            .map(of: table.rawValue) { columns -> [StoredValue] in
                try [.integer(columns.integer()), .integer(columns.integer())]
            }
            .first
        let sql = auditQuery.backlog(of: table, isBehind: place != nil)
        let arguments = [StoredValue.book(book)] + (place ?? []) + [.integer(limit)]
        return try connection.execute(Statement(marked: sql, arguments))
            .map(of: table.rawValue) { try AuditCandidate(of: table, from: &$0) }
    }

    package func auditEntries(in range: AuditRange) async throws(StoreFailure) -> [AuditedRecord] {
        let query = Self.auditQuery.entries(range)
        return try await reading { connection in
            try connection.execute(Statement(marked: query.sql, query.arguments))
                .map(of: AuditEntryRow.table) { try AuditedRecord(from: &$0) }
        }
    }

    package func booksToAudit(
        since mark: AuditMark?
    ) async throws(StoreFailure) -> (books: [Book], mark: AuditMark) {
        try await reading { connection in
            func numbers(_ sql: String, _ arguments: [StoredValue] = []) throws -> [Int64] {
                try connection.execute(Statement(marked: sql, arguments)).map(of: "a number") { try $0.integer() }
            }
            // Below it every transaction has ended: what they made can be seen from here on.
            let end = try numbers("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::int8").first ?? 0
            guard let mark else {
                let books = try numbers("SELECT number FROM book ORDER BY number").map { Book($0) }
                return (books, AuditMark(event: end, act: end))
            }
            let found = try numbers(Self.booksSince, [.integer(mark.event), .integer(mark.act)])
            return (found.map { Book($0) }, AuditMark(event: end, act: end))
        }
    }

    /// A look into an index for each book.
    private static let booksSince = """
        SELECT b.number FROM book b
        WHERE EXISTS (SELECT 1 FROM event e WHERE e.book = b.number AND e.transaction >= ?::int8::text::xid8)
            OR EXISTS (SELECT 1 FROM audit_act t WHERE t.book = b.number AND t.transaction >= ?::int8::text::xid8)
        ORDER BY b.number
        """

    package func verifyAudit(against heads: [AuditHead]) async throws(StoreFailure) -> AuditReport {
        try await walking { walk, _ in try AuditWalk.report(walk, Self.auditQuery, against: heads) }
    }
}
#endif
