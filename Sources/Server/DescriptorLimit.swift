#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How many files and connections the process may have open.
enum DescriptorLimit {
    /// Kept free for the database, its log, the admin socket and calls to processors.
    private static let reserve = 128
    private static let mostConnections = 16_384

    /// Takes as many as the system lets this user have.
    static func raise() {
        var limit = current
        limit.rlim_cur = min(limit.rlim_max, rlim_t(mostConnections + reserve))
        setrlimit(resource, &limit)
    }

    /// How many connections may be open at once.
    static var connections: Int {
        max(16, min(mostConnections, Int(clamping: current.rlim_cur) - reserve))
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
