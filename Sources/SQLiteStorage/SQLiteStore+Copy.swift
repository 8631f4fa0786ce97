import Domain
import GRDB
import Rows
import Storage

/// What leaves for another database.
extension SQLiteStore {
    package func count(of table: CopiedTable) async throws(StoreFailure) -> Int {
        let sql = "SELECT count(*) FROM \(table.name)"
        return try await reading { db in try Int.fetchOne(db, sql: sql) ?? 0 }
    }

    /// Rows in the order of their keys, behind a key.
    package func rows(
        of table: CopiedTable,
        after key: [StoredValue]?,
        limit: Int
    ) async throws(StoreFailure) -> [[StoredValue]] {
        try await reading { db in
            let keys = table.key.joined(separator: ", ")
            let places = table.key.map { _ in "?" }.joined(separator: ", ")
            let sql = """
                SELECT \(table.columns.joined(separator: ", ")) FROM \(table.name)
                \(key == nil ? "" : "WHERE (\(keys)) > (\(places))") ORDER BY \(keys) LIMIT ?
                """
            var found: [[StoredValue]] = []
            try db.cachedStatement(sql: sql)
                .each((key ?? []) + [.integer(limit)]) { row in
                    found.append((0..<row.count).map(row.value(at:)))
                    return true
                }
            return found
        }
    }

    /// Where the books went; `nil` while they are here.
    package func newPlace() async throws(StoreFailure) -> String? { try await reading { db in try db.newPlace() } }

    /// From now on the books are elsewhere: no server starts on this file any more.
    package func handOver(to place: String) async throws(StoreFailure) {
        try await writing { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('moved_to', ?)",
                arguments: [place]
            )
        }
    }
}

extension Database {
    /// Where the books of this file went, if they did.
    func newPlace() throws -> String? {
        guard try tableExists("meta") else { return nil }
        return try String.fetchOne(self, sql: "SELECT value FROM meta WHERE name = 'moved_to'")
    }
}
