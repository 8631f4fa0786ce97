import GRDB
import Rows

/// One step of the schema.
struct Migration: Sendable {
    let name: String
    /// Whether rows that refer to each other may be moved: foreign keys are not held meanwhile.
    var movesTables = false
    /// In one transaction.
    let run: @Sendable (Database, Sealer) throws -> Void

    /// - Parameter sql: one or more statements.
    init(_ name: String, _ sql: String) {
        self.name = name
        run = { db, _ in try db.execute(sql: sql) }
    }

    init(_ name: String, movesTables: Bool, _ run: @Sendable @escaping (Database, Sealer) throws -> Void) {
        self.name = name
        self.movesTables = movesTables
        self.run = run
    }
}

/// The schema's history: numbered, forward only, the same numbers on every database.
enum Migrations {
    static var all: [Migration] {
        [
            Migration("0001", m0001), Migration("0002", m0002),
            Migration("0003", movesTables: true) { try m0003($0, $1) },
            Migration("0004", m0004), Migration("0005", m0005),
            Migration("0006", movesTables: false) { try m0006($0, $1) }, Migration("0007", m0007),
            Migration("0008", m0008), Migration("0009", m0009), Migration("0010", m0010),
        ]
    }

    /// - Parameter sealer: seals what earlier schemas kept in clear.
    static func migrator(_ sealer: Sealer) -> DatabaseMigrator {
        var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
        for migration in all {
            let checks = migration.movesTables ? DatabaseMigrator.ForeignKeyChecks.deferred : .immediate
            migrator.registerMigration(migration.name, foreignKeyChecks: checks) { db in
                try migration.run(db, sealer)
            }
        }
        return migrator
    }

    /// Whether the schema is this program's, or a newer one's.
    static func areDone(in db: Database) throws -> Bool {
        try migrator(Sealer(secrets: nil)).hasCompletedMigrations(db)
    }

    static func done(in db: Database) throws -> Set<String> {
        Set(try migrator(Sealer(secrets: nil)).appliedMigrations(db))
    }

    /// Whether a newer program has been here.
    static func areSuperseded(in db: Database) throws -> Bool {
        try migrator(Sealer(secrets: nil)).hasBeenSuperseded(db)
    }
}
