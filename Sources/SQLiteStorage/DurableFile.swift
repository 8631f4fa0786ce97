import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Files that are there after a power cut.
enum DurableFile {
    /// Syncs a file, gives it its name and syncs that.
    static func publish(_ partial: String, as path: String) throws(SQLiteOpenFailure) {
        try sync(partial, O_RDONLY)
        guard rename(partial, path) == 0 else { throw failure(path) }
        try syncDirectory(of: path)
    }

    /// So that the names in it stay.
    static func syncDirectory(of path: String) throws(SQLiteOpenFailure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try sync(directory, O_RDONLY | O_DIRECTORY)
        } catch {
            throw .unusable(
                path: path,
                reason: "its directory cannot be synced",
                advice: "Its disk fails, or is full: the system's log says more."
            )
        }
    }

    /// So that what was found in it, or written with less care, cannot be torn once something stands behind it.
    static func syncLog(of path: String) throws(SQLiteOpenFailure) {
        let log = path + "-wal"
        if FileManager.default.fileExists(atPath: log) { try sync(log, O_RDONLY) }
    }

    private static func sync(_ path: String, _ flags: Int32) throws(SQLiteOpenFailure) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> SQLiteOpenFailure {
        .unusable(path: path, reason: String(cString: strerror(errno)))
    }
}
