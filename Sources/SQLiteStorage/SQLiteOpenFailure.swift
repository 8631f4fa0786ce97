import GRDB
import Rows
import Storage

/// Why a database file cannot be used. Each says what to do.
package enum SQLiteOpenFailure: DatabaseOpenFailure {
    case inUse(String)
    case unusable(
        path: String,
        reason: String,
        advice: String = "Check that the directory exists and can be written to."
    )
    case newerSchema(String)
    case olderSchema(String)
    case notDurable(String, journal: String, synchronous: Int)
    case wrongSecretKey(String)
    /// The write-ahead log, and where in it.
    case damagedLog(String, byte: Int)
    case occupied(String)
    /// The books were copied to another database and are used there.
    case moved(String, to: String)

    package var description: String {
        switch self {
        case .inUse(let path):
            "Another storno process is using \(path). Stop it first, or start this one with another --database."
        case .unusable(let path, let reason, let advice):
            "Cannot use \(path): \(reason). \(advice)"
        case .newerSchema(let path):
            "\(path) was written by a newer storno. Start that version, or restore a backup from before the upgrade."
        case .olderSchema(let path):
            """
            \(path) was written by an older storno. Start this one on it once, which brings it up to date, or look at it \
            with the older one. A backup is brought up to date where `storno restore` puts it.
            """
        case .notDurable(let path, let journal, let synchronous):
            """
            SQLite keeps \(path) with journal_mode=\(journal) and synchronous=\(synchronous) instead of wal and 2 \
            (FULL), so that answers could be lost; a failing or full disk can be why. Refusing to start.
            """
        case .moved(let path, let place):
            """
            The books of \(path) were moved to \(place): two servers on two copies would refund twice. Start with \
            --database for that one.
            """
        case .occupied(let path):
            "There is a file at \(path) already, and nothing is replaced. Choose another name, or move it away first."
        case .damagedLog(let log, let byte):
            """
            \(log) is damaged at byte \(byte), and what was committed behind it would be lost without a word. Refusing \
            to start. Restore a backup with `storno restore`; or give up what stands behind it with `truncate -s \
            \(byte) \(log)`, and ask your processors what they did since.
            """
        case .wrongSecretKey(let path):
            "\(path) was written with another secret key. Put back its storno.key, or name it in STORNO_SECRET_KEY_FILE."
        }
    }
}

extension SQLiteOpenFailure {
    /// What SQLite or the store met, with what to do about it.
    init(_ path: String, _ error: any Error) {
        switch error {
        case let failure as SQLiteOpenFailure: self = failure
        case let failure as DatabaseError:
            self = .unusable(
                path: path,
                reason: failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)",
                advice: Self.advice(failure.resultCode)
            )
        case let damaged as DamagedRow:
            self = .unusable(path: path, reason: "\(damaged)", advice: Self.advice(.SQLITE_CORRUPT))
        default: self = .unusable(path: path, reason: "\(error)")
        }
    }

    private static func advice(_ code: ResultCode) -> String {
        switch code {
        case .SQLITE_FULL: "Make room on its disk; nothing is lost."
        case .SQLITE_IOERR: "Its disk fails, or is full: the system's log says more."
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: "It is damaged, or no database: restore a backup with `storno restore`."
        case .SQLITE_BUSY, .SQLITE_LOCKED: "Another program holds it: end that one first."
        default: "Check that the directory exists and can be written to."
        }
    }
}
