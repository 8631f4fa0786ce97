import Domain
import Foundation
import GRDB
import Storage

/// The embedded database: one SQLite file, one writing process, readers beside it.
package final class SQLiteStore: Store {
    let pool: DatabasePool
    private let lock: DatabaseLock?
    package let path: String
    let health = WriteHealth()

    /// Opens the file for writing, creating and migrating it as needed.
    ///
    /// - Throws: ``SQLiteOpenFailure``, saying what to do.
    package init(path: String) throws {
        // By its own name, whatever links lead to it: two names must not mean two locks.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = path
        lock = try DatabaseLock(beside: path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration())
            try pool.read { db in
                if try Migrations.migrator.hasBeenSuperseded(db) { throw SQLiteOpenFailure.newerSchema(path) }
            }
            try Self.makeDurable(pool, path)
            // SQLite syncs the directory of its log itself, and keeps to itself whether that failed.
            try DurableFile.syncDirectory(of: path)
            try Migrations.migrator.migrate(pool)
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Opens the file for reading only, also while a server writes to it.
    package init(reading path: String) throws {
        self.path = path
        lock = nil
        guard FileManager.default.fileExists(atPath: path) else {
            throw SQLiteOpenFailure.unusable(path: path, reason: "there is no such file")
        }
        var configuration = Self.configuration()
        configuration.readonly = true
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { db in
                if try Migrations.migrator.hasBeenSuperseded(db) { throw SQLiteOpenFailure.newerSchema(path) }
            }
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cache_size = -32768")
        }
        return configuration
    }

    /// GRDB's pool runs WAL at NORMAL, and overrides a FULL that was set while the connection was prepared: a
    /// power cut would then lose acknowledged refunds. So FULL is set last. It does not see that the change to WAL
    /// failed either. So both are read back.
    ///
    /// Checkpoints are ``checkpoint()``'s: SQLite's own would keep a failed sync to itself.
    private static func makeDurable(_ pool: DatabasePool, _ path: String) throws {
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
            let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none"
            guard synchronous == 2, journal == "wal" else {
                throw SQLiteOpenFailure.notDurable(path, journal: journal, synchronous: synchronous)
            }
        }
    }

    /// Binds the file to the master key that seals and recognises things in it.
    ///
    /// - Throws: ``SQLiteOpenFailure/wrongSecretKey(_:)`` when it was written with another.
    package func bind(toSecretKey id: String) throws {
        let known = try stating { pool in
            try pool.write { db in
                try db.execute(
                    sql: "INSERT OR IGNORE INTO meta (name, value) VALUES ('secret_key', ?)",
                    arguments: [id]
                )
                return try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'secret_key'")
            }
        }
        guard known == id else { throw SQLiteOpenFailure.wrongSecretKey(path) }
    }

    /// Whether the file was opened with a master key before.
    package var isBoundToSecretKey: Bool {
        get throws {
            let sql = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'secret_key')"
            return try stating { pool in try pool.read { try Bool.fetchOne($0, sql: sql) } } ?? false
        }
    }

    private func stating<Value>(_ body: (DatabasePool) throws -> Value) throws -> Value {
        do {
            return try body(pool)
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
    }

    func reading<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreFailure(reading: error)
        }
    }
}

extension StoreFailure {
    init(reading error: any Error) {
        self = .unavailable(Self.words(error))
    }

    init(writing error: any Error) {
        guard let failure = error as? DatabaseError else {
            self = .unavailable(Self.words(error))
            return
        }
        switch failure.extendedResultCode {
        case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .fatal(Self.words(error))
        default:
            self =
                failure.resultCode == .SQLITE_CONSTRAINT
                ? .constraint(Self.words(error)) : .unavailable(Self.words(error))
        }
    }

    /// Without the statement's arguments, which may be personal.
    private static func words(_ error: any Error) -> String {
        guard let failure = error as? DatabaseError else { return String(describing: type(of: error)) }
        return "SQLite \(failure.extendedResultCode.rawValue): \(failure.message ?? "no message")"
    }
}
