import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    /// One process writes, one transaction after the other: the numbers are the order, and all that is seen is settled.
    package static let auditQuery = AuditQuery(place: ["number"], isSettled: nil) { "CAST(\($0) AS BLOB)" }

    package func auditHead(of book: Book) async throws(StoreFailure) -> AuditHead? {
        try await reading { db in try db.auditHead(of: book) }
    }

    package func auditBacklog(of book: Book, limit: Int) async throws(StoreFailure) -> AuditBacklog {
        try await reading { db in
            let head = try db.auditHead(of: book) ?? .beginning(of: book)
            let events = try db.auditBacklog(of: .event, book, limit)
            let acts = try db.auditBacklog(of: .act, book, limit)
            return AuditBacklog(head: head, events, acts, limit: limit)
        }
    }

    package func auditEntries(in range: AuditRange) async throws(StoreFailure) -> [AuditedRecord] {
        try await reading { db in
            let query = Self.auditQuery.entries(range)
            return try db.cachedStatement(sql: query.sql)
                .all(of: AuditEntryRow.table, query.arguments) { try AuditedRecord(from: &$0) }
        }
    }

    package func booksToAudit(
        since mark: AuditMark?
    ) async throws(StoreFailure) -> (books: [Book], mark: AuditMark) {
        try await reading { db in
            func end(of table: AuditQuery.Table) throws -> Int64 {
                try Int64.fetchOne(db, sql: "SELECT max(number) FROM \(table.rawValue)") ?? 0
            }
            let numbers =
                if let mark {
                    try Int64.fetchSet(db, sql: Self.booksBehind(.event), arguments: [mark.event])
                        .union(Int64.fetchSet(db, sql: Self.booksBehind(.act), arguments: [mark.act]))
                } else {
                    try Int64.fetchSet(db, sql: "SELECT number FROM book")
                }
            let mark = AuditMark(event: try end(of: .event), act: try end(of: .act))
            return (numbers.sorted().map { Book($0) }, mark)
        }
    }

    /// Books with rows behind a number, by that number: SQLite would rather walk a whole index that also has the book.
    static func booksBehind(_ table: AuditQuery.Table) -> String {
        "SELECT book FROM \(table.rawValue) NOT INDEXED WHERE number > ?"
    }

    package func verifyAudit(against heads: [AuditHead]) async throws(StoreFailure) -> AuditReport {
        try await reading { db in
            try AuditWalk.report(SQLiteWalk(db: db), Self.auditQuery, against: heads)
        }
    }
}

extension Database {
    func auditHead(of book: Book) throws -> AuditHead? {
        try cachedStatement(sql: AuditQuery.head)
            .first(of: AuditEntryRow.table, [.book(book)]) { try AuditHead(from: &$0) }
    }

    fileprivate func auditBacklog(
        of table: AuditQuery.Table,
        _ book: Book,
        _ limit: Int
    ) throws -> [AuditCandidate] {
        let query = SQLiteStore.auditQuery
        let place = try cachedStatement(sql: query.last(of: table))
            .first(of: AuditEntryRow.table, [.book(book)]) { try $0.optionalInteger() }
        let arguments: [StoredValue] =
            [.book(book)] + (place.map { [.integer($0)] } ?? []) + [.integer(limit)]
        return try cachedStatement(sql: query.backlog(of: table, isBehind: place != nil))
            .all(of: table.rawValue, arguments) { try AuditCandidate(of: table, from: &$0) }
    }
}
