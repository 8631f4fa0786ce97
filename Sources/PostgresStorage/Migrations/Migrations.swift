#if PostgreSQL
import Rows
import Storage

/// One step of the schema, in one transaction.
struct Migration: Sendable {
    let name: String
    let sql: String
    /// What it does to rows that are there, with the master key.
    var fill: (@Sendable (PostgresConnection, Secrets) throws -> Void)?
}

/// The schema's history: numbered, forward only, the same numbers on every database.
enum Migrations {
    static let all = [
        Migration(name: "0001", sql: m0001), Migration(name: "0002", sql: m0002), Migration(name: "0003", sql: m0003),
        Migration(name: "0004", sql: m0004), Migration(name: "0005", sql: m0005),
        Migration(name: "0006", sql: m0006, fill: fillSearch), Migration(name: "0007", sql: m0007),
        Migration(name: "0008", sql: m0008), Migration(name: "0009", sql: m0009), Migration(name: "0010", sql: m0010),
    ]

    /// The names of those that were done, oldest first; none where there is no schema yet.
    static func done(_ connection: PostgresConnection) throws -> [String] {
        let sql = "SELECT to_regclass('migration')::text"
        let table: String?? = try connection.execute(Statement(sql)).map(of: "pg_class") { try $0.optionalText() }.first
        guard table??.isEmpty == false else { return [] }
        return try connection.execute(Statement("SELECT name FROM migration ORDER BY name"))
            .map(of: "migration") { try $0.text() }
    }

    /// Those that this program would do.
    ///
    /// - Throws: ``PostgresOpenFailure/newerSchema(_:)`` after a newer program.
    static func pending(_ connection: PostgresConnection, _ place: String) throws -> [Migration] {
        let done = try done(connection)
        guard Set(done).isSubset(of: all.map(\.name)) else { throw PostgresOpenFailure.newerSchema(place) }
        return all.filter { !done.contains($0.name) }
    }

    /// Does what is pending while no other node does, each in its own transaction; then `body`, still alone.
    ///
    /// - Parameter secrets: the master key, for what fills tables. Asked for once the tables are there that say which it is.
    static func migrate<Value>(
        _ connection: PostgresConnection,
        _ place: String,
        secrets: () throws -> Secrets,
        _ body: () throws -> Value
    ) throws -> Value {
        // A session's lock: it goes with the connection, however that ends.
        let schema = try connection.execute(Statement("SELECT current_schema()::text"))
            .map(of: "a name") { try $0.text() }.first
        let lock = [Parameter.value(.number(AdvisoryLock.migration(of: schema ?? "")))]
        try connection.execute(Statement("SELECT pg_advisory_lock($1::int8)::text", lock))
        defer { _ = try? connection.execute(Statement("SELECT pg_advisory_unlock($1::int8)", lock)) }
        try connection.script(
            "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())"
        )
        for migration in try pending(connection, place) {
            let key = try migration.fill == nil ? nil : secrets()
            try connection.script("BEGIN; \(migration.sql)")
            if let key { try migration.fill?(connection, key) }
            try connection.script("INSERT INTO migration (name) VALUES ('\(migration.name)'); COMMIT")
        }
        return try body()
    }
}
#endif
