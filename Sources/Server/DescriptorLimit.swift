import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How many files and connections the process may have open.
enum DescriptorLimit {
    private static let mostConnections = 16_384
    /// With fewer it is no server.
    private static let fewestConnections = 16

    /// Kept free for the database, its log, the admin socket, calls to processors, and three for each event loop.
    private static var reserve: Int { max(128, 64 + 3 * System.coreCount) }

    /// Takes as many as the system lets this user have.
    ///
    /// - Throws: ``SettingsFailure`` when they are too few to answer anybody.
    static func raise() throws {
        var limit = current
        limit.rlim_cur = min(limit.rlim_max, rlim_t(mostConnections + reserve))
        setrlimit(resource, &limit)
        let have = Int(clamping: current.rlim_cur)
        guard have >= fewest else {
            throw SettingsFailure(
                name: "ulimit -n",
                reason: """
                    \(have) open files are too few; a server takes \(fewest) or more \
                    (LimitNOFILE= where systemd starts it)
                    """
            )
        }
    }

    /// What the system lets this user have at the most.
    static var allowed: Int { Int(clamping: current.rlim_max) }

    /// With fewer no server starts.
    static var fewest: Int { reserve + fewestConnections }

    /// With so many a server takes as many clients as it ever does.
    static var wanted: Int { mostConnections + reserve }

    /// How many connections may be open at once.
    static var connections: Int {
        min(mostConnections, Int(clamping: current.rlim_cur) - reserve)
    }

    private static var current: rlimit {
        var limit = rlimit()
        getrlimit(resource, &limit)
        return limit
    }

    #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let resource = RLIMIT_NOFILE
    #endif
}
