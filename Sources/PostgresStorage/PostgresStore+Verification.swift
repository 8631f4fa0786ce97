#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    package func verify(limit: Int) async throws(StoreFailure) -> [Finding] {
        try await walking { walk, sealer in
            try ([.auditTrail(Self.auditQuery)] + Verification.checks + Self.schemaChecks)
                .flatMap { try $0.findings(in: walk, sealer, limit) }
        }
    }

    package func walk<Value: Sendable>(
        _ body: @Sendable @escaping (any RowWalk, Sealer) throws -> Value
    ) async throws(StoreFailure) -> Value {
        try await walking { walk, sealer in try body(walk, sealer) }
    }

    package func look(at footprint: Footprint) async throws(StoreFailure) -> WorkingSet {
        try await loading(footprint) { $0 }
    }

    /// Walks through the rows as they are at one moment, on a connection of its own, for as long as it takes.
    func walking<Value: Sendable>(
        _ body: @Sendable @escaping (PostgresWalk, Sealer) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            let thread = ConnectionThread(settings.patient)
            return try await thread.run { [sealer] connection in
                try connection.execute(Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                return try body(PostgresWalk(connection: connection), sealer)
            }
        } catch {
            throw StoreFailure(error)
        }
    }

    /// What keeps the database itself from forgetting or repeating is still there.
    private static let schemaChecks = [
        Check(
            "append_only",
            missing(
                appendOnlyTables.flatMap { ["\($0)_is_not_changed", "\($0)_is_not_removed"] },
                in: "SELECT tgname::text FROM pg_trigger WHERE tgenabled = 'O'"
            )
        ),
        Check(
            "unique",
            missing(
                ["event_by_object", "refund_found_once", "dispute_known_once", "delivery_told_once", "delivery_head"],
                in: "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema()"
            )
        ),
    ]

    private static let appendOnlyTables = [
        "entry", "event", "evidence", "capture", "alias", "sandbox_operation", "delivery_attempt", "audit_act",
        "audit_entry",
    ]

    private static func missing(_ names: [String], in there: String) -> String {
        """
        WITH expected (name) AS (VALUES \(names.map { "('\($0)')" }.joined(separator: ", ")))
        SELECT 0, name FROM expected WHERE name NOT IN (\(there))
        """
    }
}

/// Rows of one snapshot, some thousands at a time, so that memory does not grow with them.
struct PostgresWalk: RowWalk {
    let connection: PostgresConnection
    private static let step = 5000

    init(connection: PostgresConnection) {
        self.connection = connection
    }

    func each(
        _ sql: String,
        _ arguments: [StoredValue],
        of table: String,
        _ visit: (inout Columns) throws -> Bool
    ) throws {
        let statement = Statement(marked: "DECLARE walk BINARY CURSOR FOR " + Self.translated(sql), arguments)
        try connection.execute(statement)
        defer { _ = try? connection.execute(Statement("CLOSE walk")) }
        while true {
            let rows = try connection.execute(Statement("FETCH \(Self.step) FROM walk"))
            var goesOn = true
            for index in 0..<rows.count where goesOn {
                var columns = rows.columns(index, of: table)
                goesOn = try visit(&columns)
            }
            guard goesOn, rows.count == Self.step else { return }
        }
    }

    /// What SQLite is told about the order of its work, PostgreSQL finds out by itself.
    private static func translated(_ sql: String) -> String {
        sql.replacing("CROSS JOIN", with: "JOIN")
            .replacing(#/ INDEXED BY \w+/#, with: "")
    }
}
#endif
