import Foundation

/// Where a database is put together from a backup, until it is whole and gets its name.
///
/// Holds the name's lock, so that no server starts there meanwhile.
package struct RestorePlace: Sendable {
    package let path: String
    /// Work is done here.
    package let partialPath: String
    private let lock: DatabaseLock

    /// - Throws: ``SQLiteOpenFailure`` when a server runs there, or there is a database already.
    package init(_ path: String) throws(SQLiteOpenFailure) {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        self.path = path
        partialPath = path + ".restoring"
        lock = try DatabaseLock(beside: path)
        for suffix in ["", "-wal", "-journal"] where FileManager.default.fileExists(atPath: path + suffix) {
            throw .occupied(path + suffix)
        }
        SQLiteStore.removeFiles(of: partialPath)
    }

    /// Gives the finished database its name. It has to be closed.
    package func publish() throws(SQLiteOpenFailure) {
        let log = try? FileManager.default.attributesOfItem(atPath: partialPath + "-wal")[.size] as? Int
        guard (log ?? 0) == 0 else {
            throw .unusable(path: partialPath, reason: "not everything came into the one file")
        }
        try DurableFile.publish(partialPath, as: path)
        SQLiteStore.removeFiles(of: partialPath)
    }

    /// Leaves nothing behind.
    package func abandon() {
        SQLiteStore.removeFiles(of: partialPath)
    }
}
