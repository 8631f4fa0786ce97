import Foundation
import GRDB

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension SQLiteStore {
    /// Copies the whole database, as it is at one instant, into one new file that needs no other beside it. Also
    /// while a server writes. The file is complete, checked by SQLite and synced when it gets its name.
    ///
    /// - Throws: ``SQLiteOpenFailure`` when there is such a file already, the disk is full, …
    package func backUp(to path: String) throws(SQLiteOpenFailure) {
        guard !FileManager.default.fileExists(atPath: path) else { throw .occupied(path) }
        let partial = path + ".partial"
        do {
            Self.removeFiles(of: partial)
            try copy(to: partial)
            try DurableFile.publish(partial, as: path)
        } catch {
            Self.removeFiles(of: partial)
            throw SQLiteOpenFailure(path, error)
        }
    }

    private func copy(to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        try copy.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
            let found = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
            guard found == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: found ?? "the copy cannot be checked")
            }
        }
        try copy.close()
    }

    /// Brings everything into the one file and closes every connection; nothing can be read or written any more.
    package func close() throws(SQLiteOpenFailure) {
        do {
            try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try lookups.close()
            try pool.close()
        } catch {
            throw SQLiteOpenFailure(path, error)
        }
    }

    package func leave() async { try? close() }

    /// A database's file and everything that SQLite and this program put beside it.
    static func removeFiles(of path: String) {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] { unlink(path + suffix) }
    }
}
