#if PostgreSQL
import Rows

/// Whether a server keeps what it confirms, and speaks what this program does.
enum ServerCheck {
    static func check(_ connection: PostgresConnection, _ place: String) throws {
        let names = ["fsync", "full_page_writes", "synchronous_commit", "server_version_num", "server_encoding"]
        let sql = "SELECT " + names.map { "current_setting('\($0)')" }.joined(separator: ", ")
        let values = try connection.execute(Statement(sql))
            .map(of: "pg_settings") { columns in try names.map { _ in try columns.text() } }
        let settings = Dictionary(uniqueKeysWithValues: zip(names, values.first ?? []))
        for (name, allowed) in [
            ("fsync", ["on"]), ("full_page_writes", ["on"]), ("synchronous_commit", ["on", "remote_apply"]),
        ] {
            let value = settings[name] ?? ""
            guard allowed.contains(value) else {
                throw PostgresOpenFailure.notDurable(place, setting: name, value: value)
            }
        }
        guard let version = settings["server_version_num"].flatMap({ Int($0) }), version >= 140_000 else {
            throw PostgresOpenFailure.unsuitable(place, reason: "its server is older than PostgreSQL 14")
        }
        guard settings["server_encoding"] == "UTF8" else {
            throw PostgresOpenFailure.unsuitable(
                place,
                reason: "its database is not in UTF8; make one with ENCODING 'UTF8' TEMPLATE template0"
            )
        }
    }
}
#endif
