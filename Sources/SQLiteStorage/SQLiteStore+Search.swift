import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    /// Entries are numbered as their objects came into the books, so that the index's own order, backwards, is newest first
    /// and a search reads no more of it than it shows. Imported history is newest when it was imported.
    private static let index = SearchStatement.Index(
        tables: "search_index i JOIN search_entry e ON e.number = i.rowid",
        condition: "i.search_index MATCH ?",
        place: "i.rowid",
        isBehind: """
            i.rowid < coalesce(
                (SELECT number FROM search_entry WHERE book = ? AND object = ?),
                (SELECT max(number) + 1 FROM search_entry WHERE book = ? AND object < ?), 0
            )
            """,
        metadata: metadataText,
        text: { condition in
            // Terms hold no quotes.
            condition.text(and: "AND", or: "OR") { term, isBeginning in isBeginning ? "\"\(term)\" *" : "\"\(term)\"" }
        }
    )

    package func search(_ search: Search) async throws(StoreFailure) -> SearchFinding {
        try await reading { db in
            let found = try db.references(SearchStatement(search, Self.index))
            guard found.count < search.limit, search.narrowing.isFiltered else {
                return SearchFinding(objects: found, end: nil)
            }
            let end = try db.references(SearchStatement(endOf: search, Self.index)).first
            return SearchFinding(objects: found, end: end?.id)
        }
    }
}

extension Database {
    fileprivate func references(_ query: SearchStatement) throws -> [ObjectReference] {
        try cachedStatement(sql: query.sql)
            .all(of: SearchEntry.table, query.arguments) { ObjectReference(try $0.word(), try $0.raw()) }
    }

    /// Keeps entries and index in step: each entry's terms are in the index under its number.
    ///
    /// - Parameter isIndexed: `false` while the index is made later, from all entries.
    func write(_ changes: SearchChanges, isIndexed: Bool) throws {
        guard !changes.isEmpty else { return }
        for entry in changes.inserted { try add(entry, isIndexed) }
        for entry in changes.replaced {
            guard let (number, terms) = try searched(entry.book, entry.object.id) else {
                try add(entry, isIndexed)
                continue
            }
            guard terms != entry.terms else { continue }
            if isIndexed { try unindex(number, terms) }
            try entry.update(self, .shared)
            if isIndexed { try index(number, entry.terms) }
        }
        for key in changes.removed {
            guard let (number, terms) = try searched(key.book, key.object) else { continue }
            if isIndexed { try unindex(number, terms) }
            try cachedStatement(sql: "DELETE FROM search_entry WHERE number = ?").run([.integer(number)])
        }
    }

    private func add(_ entry: SearchEntry, _ isIndexed: Bool) throws {
        try entry.insert(self, .shared)
        if isIndexed { try index(lastInsertedRowID, entry.terms) }
    }

    private func searched(_ book: Book, _ object: UInt128) throws -> (number: Int64, terms: String)? {
        try cachedStatement(sql: "SELECT number, terms FROM search_entry WHERE book = ? AND object = ?")
            .first(of: SearchEntry.table, [.book(book), .id(object)]) { (try $0.integer(), try $0.text()) }
    }

    private func index(_ number: Int64, _ terms: String) throws {
        try cachedStatement(sql: "INSERT INTO search_index (rowid, terms) VALUES (?, ?)")
            .run([.integer(number), .text(terms)])
    }

    private func unindex(_ number: Int64, _ terms: String) throws {
        try cachedStatement(sql: "INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', ?, ?)")
            .run([.integer(number), .text(terms)])
    }
}
