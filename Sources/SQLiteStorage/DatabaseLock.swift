#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One writing process per database file, held by `flock` until the process ends.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``SQLiteOpenFailure/inUse(_:)`` when another process holds it.
    init(beside path: String) throws(SQLiteOpenFailure) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: lockPath, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path)
        }
    }

    deinit { close(descriptor) }
}

/// Why a database file cannot be used. Each says what to do.
package enum SQLiteOpenFailure: Error, CustomStringConvertible {
    case inUse(String)
    case unusable(path: String, reason: String)
    case newerSchema(String)
    case notDurable(mode: Int)
    case wrongSecretKey(String)
    case occupied(String)

    package var description: String {
        switch self {
        case .inUse(let path):
            "Another storno process is using \(path). Stop it first, or start this one with another --database."
        case .unusable(let path, let reason):
            "Cannot use \(path): \(reason). Check that the directory exists and can be written to."
        case .newerSchema(let path):
            "\(path) was written by a newer storno. Start that version, or restore a backup from before the upgrade."
        case .notDurable(let mode):
            "SQLite runs at synchronous=\(mode) instead of 2 (FULL), so that answers could be lost. Refusing to start."
        case .occupied(let path):
            "There is a file at \(path) already, and nothing is replaced. Choose another name, or move it away first."
        case .wrongSecretKey(let path):
            "\(path) was written with another secret key. Put back its storno.key, or name it in STORNO_SECRET_KEY_FILE."
        }
    }
}
