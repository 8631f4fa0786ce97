#if PostgreSQL
import Domain
import Rows
import Storage

/// What comes from another database. Nobody else may use this one before everything is here.
extension PostgresStore {
    /// Begins to take books over, or goes on where that was cut off.
    ///
    /// - Parameter source: names the books that come.
    /// - Returns: whether there is anything to take: false when other books, or all of these, are there already.
    package func beginTaking(from source: String) async throws(StoreFailure) -> Bool {
        try await alone { connection in
            let begun = try connection.execute(Statement("SELECT value FROM meta WHERE name = 'copying'"))
                .map(of: "meta") { try $0.text() }.first
            guard begun != source else { return true }
            let accounts = try connection.execute(Statement("SELECT count(*) FROM account"))
                .map(of: "account") { try $0.integer() }.first
            guard begun == nil, accounts == 0 else { return false }
            let mark = "INSERT INTO meta (name, value) VALUES ('copying', $1::text)"
            try connection.execute(Statement(mark, [.value(.text(source))]))
            return true
        }
    }

    /// The key of the last row that came of a table.
    package func lastTaken(of table: CopiedTable) async throws(StoreFailure) -> [StoredValue]? {
        try await reading { connection in
            let keys = table.key.map { "\($0) DESC" }.joined(separator: ", ")
            let sql = "SELECT \(table.key.joined(separator: ", ")) FROM \(table.name) ORDER BY \(keys) LIMIT 1"
            let rows = try connection.execute(Statement(sql))
            return rows.count == 0 ? nil : rows.values(0)
        }
    }

    package func count(of table: CopiedTable) async throws(StoreFailure) -> Int {
        try await reading { connection in
            let sql = "SELECT count(*) FROM \(table.name)"
            return Int(try connection.execute(Statement(sql)).map(of: table.name) { try $0.integer() }.first ?? 0)
        }
    }

    /// Writes rows that come next in the order of their keys.
    package func take(_ values: [[StoredValue]], of table: CopiedTable) async throws(StoreFailure) {
        try await alone { [rows] connection in
            let columns = table.columns
            // The numbers of events and acts are the other database's.
            let numbering = Self.numbered.contains(table.name) ? "OVERRIDING SYSTEM VALUE" : ""
            let sql = """
                INSERT INTO \(table.name) (\(columns.joined(separator: ", "))) \(numbering)
                SELECT * FROM unnest(\(rows.places(table.name, columns)))
                """
            try connection.execute(Statement(sql, rows.arrays(table.name, columns, values)))
        }
    }

    /// Everything is here: from now on it is used as any other.
    ///
    /// - Parameter moment: where time had come to.
    package func endTaking(at moment: Moment?) async throws(StoreFailure) {
        try await alone { [slot] connection in
            _ = try connection.pipeline([
                Statement("BEGIN READ WRITE"),
                Self.numbering(of: "event"), Self.numbering(of: "audit_act"),
                Statement(
                    """
                    INSERT INTO meta (name, value) VALUES ($1::text, $2::text)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                    [.value(.text("moment \(slot)")), .value(.text(String(moment?.milliseconds ?? 0)))]
                ),
                // Where an endpoint stands is the same event, which another transaction has written here.
                Statement(
                    """
                    UPDATE webhook_mark m SET place_transaction = e.transaction::text::int8
                    FROM event e WHERE e.book = m.book AND e.number = m.place_number
                    """
                ),
                Statement("DELETE FROM meta WHERE name = 'copying'"), Statement("COMMIT"),
            ])
            try connection.script("ANALYZE " + CopiedTable.all.map(\.name).joined(separator: ", "))
        }
    }

    /// Tables that number their rows by themselves.
    private static let numbered = ["event", "audit_act"]

    private static func numbering(of table: String) -> Statement {
        Statement(
            "SELECT setval(pg_get_serial_sequence('\(table)', 'number'), coalesce(max(number), 0) + 1, false) FROM \(table)"
        )
    }

    private func alone<Value: Sendable>(
        _ body: @Sendable @escaping (PostgresConnection) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await aside.run { connection in
                connection.forgetWarnings()
                let value = try body(connection)
                if let warning = connection.warnings.first { throw PostgresFailure.lost(warning) }
                return value
            }
        } catch {
            throw StoreFailure(error)
        }
    }
}
#endif
