#if PostgreSQL
import Rows

/// Why a PostgreSQL database cannot be used. Each says what to do. A place is named without its password.
package enum PostgresOpenFailure: DatabaseOpenFailure {
    case unreachable(String, reason: String)
    case newerSchema(String)
    case olderSchema(String)
    /// A server that may forget what it confirmed.
    case notDurable(String, setting: String, value: String)
    case unsuitable(String, reason: String)
    case wrongSecretKey(String)
    case halfCopied(String)

    package var description: String {
        switch self {
        case .unreachable(let place, let reason):
            "Cannot use \(place): \(reason). Check the address, the user and the password (PGPASSWORD or PGPASSFILE)."
        case .newerSchema(let place):
            "\(place) was brought up to date by a newer storno. Start that version, or restore from before the upgrade."
        case .olderSchema(let place):
            "\(place) has no schema of this storno. Run `storno migrate` on it, or start a server, which does the same."
        case .notDurable(let place, let setting, let value):
            """
            \(place) runs with \(setting) = \(value), so that what it confirmed could be lost. Refusing to start: set it to on.
            """
        case .unsuitable(let place, let reason): "Cannot use \(place): \(reason)."
        case .halfCopied(let place):
            "Books are still being copied into \(place). Let `storno copy` end, or call it again: it goes on where it was."
        case .wrongSecretKey(let place):
            """
            \(place) was written with another secret key. All nodes need the same storno.key: put it back, or name it in \
            STORNO_SECRET_KEY_FILE.
            """
        }
    }
}
#endif
