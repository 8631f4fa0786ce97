import Domain
import Foundation
import GRDB
import NIOConcurrencyHelpers
import Rows
import Storage

/// The embedded database: one SQLite file, one writing process, readers beside it.
package final class SQLiteStore: Books {
    let pool: DatabasePool
    /// Readers beside the pool's, so that who looks a few rows up does not wait for those who walk through many.
    let lookups: Lookups
    private let lock: DatabaseLock?
    package let path: String
    package var place: String { path }
    let sealer: Sealer
    let health = WriteHealth()
    let leftOut = LeftOut()
    /// Whether the index of the search is made later.
    let filling = NIOLockedValueBox(false)

    /// Whether it was opened without the key, so that nothing sealed can be read.
    package var isSealed: Bool { sealer.secrets == nil }

    /// The key that it was opened with for writing.
    package var secrets: Secrets {
        guard let secrets = sealer.secrets else { preconditionFailure("a store that is written to has its key") }
        return secrets
    }

    /// Opens the file for writing, creating and migrating it as needed, and binds it to the master key that seals and
    /// recognises things in it.
    ///
    /// - Parameters:
    ///   - expected: where its books may be on their way to: otherwise books that were moved are not opened.
    ///   - options: for a server; whoever opens the file for a moment needs nothing of it.
    ///   - watcher: is told each statement that is run, without its arguments.
    ///   - secrets: is told whether the file was written with a key before, so that none is made then.
    /// - Throws: ``SQLiteOpenFailure``, saying what to do; what `secrets` throws.
    package init(
        path: String,
        movedTo expected: String? = nil,
        options: SQLiteOptions = SQLiteOptions(),
        watcher: (@Sendable (_ sql: String) -> Void)? = nil,
        secrets: (_ isBound: Bool) throws -> Secrets
    ) throws {
        // By its own name, whatever links lead to it: two names must not mean two locks.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = path
        lock = try DatabaseLock(beside: path)
        let known: String?
        do {
            try WriteAheadLog.check(path)
            try Self.refuseNewer(path)
            pool = try DatabasePool(path: path, configuration: Self.configuration(options, watcher))
            known = try pool.read { db in
                if try Migrations.areSuperseded(in: db) { throw SQLiteOpenFailure.newerSchema(path) }
                if let place = try db.newPlace(), place != expected { throw SQLiteOpenFailure.moved(path, to: place) }
                return try db.secretKeyID()
            }
            try Self.makeDurable(pool, path, options, health)
            let readers = Self.configuration(options, watcher, isReader: true)
            lookups = Lookups(path, readers, count: SQLiteOptions.readers)
            // What the last process left unsynced, and what GRDB wrote before FULL was set.
            try DurableFile.syncLog(of: path)
            // SQLite syncs the directory of its log itself, and keeps to itself whether that failed.
            try DurableFile.syncDirectory(of: path)
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
        let key = try secrets(known != nil)
        guard known == nil || known == key.id else { throw SQLiteOpenFailure.wrongSecretKey(path) }
        sealer = Sealer(secrets: key)
        do {
            // Before the schema moves on: it has to be as that import found it.
            try pool.write { db in try db.endFilling() }
            try Migrations.migrator(sealer).migrate(pool)
            if known == nil { try pool.write { db in try db.keepSecretKeyID(key.id) } }
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Opens the file for reading only, also while a server writes to it.
    ///
    /// - Parameters:
    ///   - secrets: `nil` to leave sealed what is.
    ///   - mayBeOlder: whether a file that an older program wrote will do, for whoever does not look into its rows.
    /// - Throws: ``SQLiteOpenFailure``, saying what to do.
    package init(reading path: String, secrets: Secrets?, mayBeOlder: Bool = false) throws {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = path
        sealer = Sealer(secrets: secrets)
        lock = nil
        guard FileManager.default.fileExists(atPath: path) else {
            throw SQLiteOpenFailure.unusable(path: path, reason: "there is no such file")
        }
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(isReader: true))
            lookups = Lookups(path, Self.configuration(isReader: true), count: 1)
            let known = try pool.read { db in
                if try Migrations.areSuperseded(in: db) { throw SQLiteOpenFailure.newerSchema(path) }
                guard try mayBeOlder || Migrations.areDone(in: db) else { throw SQLiteOpenFailure.olderSchema(path) }
                return try db.secretKeyID()
            }
            if let known, let secrets, known != secrets.id { throw SQLiteOpenFailure.wrongSecretKey(path) }
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
    }

    /// Opening for writing changes the file already, and what a newer program wrote is not this one's to change.
    ///
    /// What cannot be looked at without writing, such as a transaction that has to be taken back, is judged once it is
    /// open.
    private static func refuseNewer(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let configuration = Self.configuration(isReader: true)
        let isNewer = try? DatabaseQueue(path: path, configuration: configuration).read(Migrations.areSuperseded)
        if isNewer == true { throw SQLiteOpenFailure.newerSchema(path) }
    }

    private static func configuration(
        _ options: SQLiteOptions = SQLiteOptions(),
        _ watcher: (@Sendable (String) -> Void)? = nil,
        isReader: Bool = false
    ) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = isReader
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = SQLiteOptions.readers
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cache_size = -\(options.connectionKilobytes)")
            // For a file that is made now. A refund changes a few bytes each of many pages, all of which are written.
            try db.execute(sql: "PRAGMA page_size = 2048")
            // What is taken out or changed is not left in the file's free places.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            if let watcher { db.trace { if case .statement(let statement) = $0 { watcher(statement.sql) } } }
        }
        return configuration
    }

    /// GRDB's pool runs WAL at NORMAL, and overrides a FULL that was set while the connection was prepared: a
    /// power cut would then lose acknowledged refunds. So FULL is set last. It does not see that the change to WAL
    /// failed either. So both are read back.
    ///
    /// Checkpoints are ``checkpoint()``'s: SQLite's own would keep a failed sync to itself.
    private static func makeDurable(
        _ pool: DatabasePool,
        _ path: String,
        _ options: SQLiteOptions,
        _ health: WriteHealth
    ) throws {
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
            // A migration, or a long reader, does not leave a long file for ever.
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
            let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "none"
            guard synchronous == 2, journal == "wal" else {
                throw SQLiteOpenFailure.notDurable(path, journal: journal, synchronous: synchronous)
            }
            let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4096
            health.watchLog(of: db, longest: options.logMegabytes * 1024 * 1024 / pageSize)
        }
    }

    func reading<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await pool.unsafeRead { db in try db.inSnapshot { try body(db) } }
        } catch {
            throw StoreFailure(reading: error)
        }
    }
}

extension SQLiteStore {
    /// So many objects are looked up, of more somebody else reads.
    private static let few = 10

    /// For objects by their keys.
    ///
    /// - Parameter isOneStatement: whether one tells everything, and so sees one state of the database by itself.
    func reading<Value: Sendable>(
        objects count: Int,
        isOneStatement: Bool = false,
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StoreFailure) -> Value {
        guard count <= Self.few else { return try await reading(body) }
        return try lookingUp { db in isOneStatement ? try body(db) : try db.inSnapshot { try body(db) } }
    }

    /// Reads on the caller's thread: to hand a few rows' work to another thread and back would cost more than it does.
    private func lookingUp<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
        do {
            return try lookups.read(body)
        } catch {
            throw StoreFailure(reading: error)
        }
    }
}

extension Database {
    /// GRDB's own read transactions are parsed anew each time, which costs more than what most of them read.
    fileprivate func inSnapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try cachedStatement(sql: "BEGIN DEFERRED TRANSACTION").execute()
        defer {
            do { try cachedStatement(sql: "COMMIT TRANSACTION").execute() } catch { try? rollback() }
        }
        return try body()
    }
}

extension StoreFailure {
    init(reading error: any Error) {
        self = error is DamagedRow ? .damaged(Self.words(error)) : .unavailable(Self.words(error))
    }

    init(writing error: any Error) {
        guard let failure = error as? DatabaseError else {
            self = error is DamagedRow ? .damaged(Self.words(error)) : .unavailable(Self.words(error))
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
        if let damaged = error as? DamagedRow { return "\(damaged); `storno verify` tells more" }
        if let missing = error as? SecretKeyMissing { return missing.description }
        guard let failure = error as? DatabaseError else { return String(describing: type(of: error)) }
        return "SQLite \(failure.extendedResultCode.rawValue): \(failure.message ?? "no message")"
    }
}
