import Domain
import Foundation
import Rows
import Storage

extension Doctor {
    func postgres(_ target: String, _ isThorough: Bool) async -> [Diagnosis] {
        #if PostgreSQL
        do {
            let pending = try await Catalog.pendingMigrations(of: settings.database)
            guard pending.isEmpty else {
                return [
                    .warning(
                        "database",
                        "it answers, and its schema lacks \(pending.joined(separator: ", "))",
                        "`storno migrate`, or the next start of a server, brings it up to date"
                    )
                ]
            }
            let secrets = try? SecretKeyFile.read(settings.secretKeyFile)
            let store = try await Catalog.open(reading: settings.database, secrets: secrets)
            var found = [Diagnosis.ok("database", "it answers, with this program's schema")]
            found += try await durability(store)
            found += await books(store, isThorough)
            found.append(clock(try await store.latestMoment()))
            await store.leave()
            return found
        } catch let failure as any DatabaseOpenFailure {
            return [.problem("database", failure.description, "See above; docs/OPERATING.md has the steps")]
        } catch {
            return [.problem("database", "it cannot be read: \(error)", "Look at the PostgreSQL server's log")]
        }
        #else
        return [
            .problem(
                "database",
                "this storno was built without PostgreSQL",
                "Build it with the package trait PostgreSQL, which needs libpq"
            )
        ]
        #endif
    }

    private static let durable = [
        ("fsync", ["on"]), ("full_page_writes", ["on"]), ("synchronous_commit", ["on", "remote_apply"]),
    ]

    private func durability(_ store: any Books) async throws -> [Diagnosis] {
        let names =
            ["server_version", "synchronous_standby_names", "max_connections"] + Self.durable.map(\.0)
        let values = try await store.walk { rows, _ -> [String] in
            var values: [String] = []
            let sql = "SELECT " + names.map { "current_setting('\($0)')" }.joined(separator: ", ")
            try rows.each(sql, [], of: "pg_settings") { columns in
                for _ in names { values.append(try columns.text()) }
                return false
            }
            return values
        }
        let said = Dictionary(uniqueKeysWithValues: zip(names, values))
        var found = [Diagnosis.ok("server_version", "PostgreSQL \(said["server_version"] ?? "")")]
        for (name, allowed) in Self.durable {
            let value = said[name] ?? ""
            found.append(
                allowed.contains(value)
                    ? .ok(name, value)
                    : .problem(name, "it is \(value), so that what was confirmed could be lost", "Set it to on")
            )
        }
        let standbys = said["synchronous_standby_names"] ?? ""
        found.append(
            standbys.isEmpty
                ? .warning(
                    "standby",
                    "no synchronous standby: what the machine loses is lost",
                    "Set synchronous_standby_names, as deploy/README.md does, or keep backups close"
                ) : .ok("standby", "commits wait for \(standbys)")
        )
        return found
    }
}
