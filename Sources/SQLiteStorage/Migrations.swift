import GRDB

/// The schema's history: numbered, forward only, the same numbers on every database.
enum Migrations {
    static let all: [(name: String, sql: String)] = [("0001", m0001), ("0002", m0002)]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
        for migration in all {
            migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { db in
                try db.execute(sql: migration.sql)
            }
        }
        return migrator
    }
}
