import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Finds out which addresses a name stands for.
package protocol NameResolver: Sendable {
    /// All of them; none where that cannot be found out now.
    func addresses(of host: String) async -> [IPAddress]
}

/// By the system's own ways. A name whose servers do not answer takes up one thread, however often it is asked for: those
/// who ask meanwhile get the first one's answer.
package actor SystemResolver: NameResolver {
    private var running: [String: [CheckedContinuation<[IPAddress], Never>]] = [:]

    /// One pool for the process.
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 32)
        pool.start()
        return pool
    }()

    package init() {}

    package func addresses(of host: String) async -> [IPAddress] {
        if running[host] != nil { return await withCheckedContinuation { running[host]?.append($0) } }
        running[host] = []
        let found = (try? await Self.pool.runIfActive { Self.lookUp(host) }) ?? []
        for continuation in running.removeValue(forKey: host) ?? [] { continuation.resume(returning: found) }
        return found
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee {
            if let address = address(entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let pointer = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                .v4(UInt32(bigEndian: pointer.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                var bytes = pointer.pointee.sin6_addr
                return withUnsafeBytes(of: &bytes) { .v6($0.reduce(0) { $0 << 8 | UInt128($1) }) }
            }
        default: return nil
        }
    }
}
