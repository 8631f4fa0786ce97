import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// Clients by where they connect to. async-http-client connects a name to a given address by a setting of the whole client,
/// so there is one for each, which keeps its connections for a while; those that were not used for longest are let go.
actor ClientShelf {
    private struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var uses = 0
        var turn = 0
    }

    private static let kept = 64
    private var entries: [Key: Entry] = [:]
    private var turn = 0

    func take(_ target: CheckedTarget) -> HTTPClient {
        let key = Key(host: target.url.host, address: target.address)
        turn += 1
        var entry = entries[key] ?? Entry(client: Self.client(for: target))
        entry.uses += 1
        entry.turn = turn
        entries[key] = entry
        return entry.client
    }

    func giveBack(_ target: CheckedTarget) async {
        entries[Key(host: target.url.host, address: target.address)]?.uses -= 1
        guard entries.count > Self.kept else { return }
        let idle = entries.filter { $0.value.uses == 0 }.min { $0.value.turn < $1.value.turn }
        guard let idle, let entry = entries.removeValue(forKey: idle.key) else { return }
        try? await entry.client.shutdown()
    }

    func close() async {
        let left = entries.values.map(\.client)
        entries = [:]
        for client in left { try? await client.shutdown() }
    }

    private static func client(for target: CheckedTarget) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: .makeClientConfiguration(),
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10)),
            connectionPool: HTTPClient.Configuration.ConnectionPool(
                idleTimeout: .seconds(10),
                concurrentHTTP1ConnectionsPerHostSoftLimit: 64
            ),
            proxy: nil,
            ignoreUncleanSSLShutdown: false,
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        // A connection that fails is an answer: the schedule says when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        if target.url.literal == nil { configuration.dnsOverride = [target.url.host: target.address.text] }
        return HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: configuration
        )
    }
}
