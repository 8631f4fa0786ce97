import Domain
import GRDB
import Rows
import Storage

/// Reads for people who look after refunds, also beside a running server.
extension SQLiteStore {
    package func refunds(
        in statuses: [RefundStatus],
        of books: [Book]?,
        limit: Int
    ) async throws(StoreFailure) -> [Refund] {
        try await reading { db in
            var found: [Refund] = []
            for status in Set(statuses) {
                if RefundStatus.watched.contains(status) {
                    found += try db.watchedRefunds(status, books, limit)
                } else {
                    let everywhere = try books ?? db.allAccounts().flatMap { [$0.book(.test), $0.book(.live)] }
                    for book in everywhere { found += try db.refunds(status, book, limit) }
                }
            }
            return Array(found.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    /// The index's own condition, word for word: without it, the index is not used. It is no `IN`, for which SQLite makes a table
    /// with each refund that is written, and not implied by one status alone, or whatever is due would be looked for here.
    static let watched = "(status = 'awaiting_approval' OR status = 'in_doubt' OR status = 'needs_review') IS TRUE"

    /// - Parameter count: of how many books; `nil` for all.
    static func watchedRefunds(ofBooks count: Int?) -> String {
        let places = count.map { "AND +book IN (\(Array(repeating: "?", count: $0).joined(separator: ", ")))" } ?? ""
        // The plus keeps SQLite from walking a whole book instead.
        return """
            SELECT \(Refund.columnList()) FROM refund
            WHERE \(watched) AND status = ? \(places)
            ORDER BY id LIMIT ?
            """
    }

    package func notes(of object: UInt128, in book: Book) async throws(StoreFailure) -> [Note] {
        try await reading { [sealer] db in try db.notes(of: object, in: book, sealer).sorted { $0.name < $1.name } }
    }

    /// Nobody else is at work on the file.
    package func attend() async {}
}

extension Database {
    fileprivate func watchedRefunds(_ status: RefundStatus, _ books: [Book]?, _ limit: Int) throws -> [Refund] {
        let places = (books ?? []).map { StoredValue.book($0) }
        let sql = SQLiteStore.watchedRefunds(ofBooks: books?.count)
        return try Refund.all(self, sql, [.word(status)] + places + [.integer(limit)])
    }

    fileprivate func refunds(_ status: RefundStatus, _ book: Book, _ limit: Int) throws -> [Refund] {
        let sql = "SELECT \(Refund.columnList()) FROM refund WHERE book = ? AND status = ? ORDER BY id LIMIT ?"
        return try Refund.all(self, sql, [.book(book), .word(status), .integer(limit)])
    }
}
