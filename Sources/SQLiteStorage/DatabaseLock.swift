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
