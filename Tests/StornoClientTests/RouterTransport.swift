import DialectKit
import Engine
import HTTPTypes
import NIOConcurrencyHelpers
import Server
import Storage
import StornoClient
import TestSupport

/// Hands requests to a server within this process, through its own router.
final class RouterTransport: StornoTransport {
    private let server: TestServer
    private let sent = NIOLockedValueBox<[TransportRequest]>([])
    /// The clients that listen to a stream.
    private let listeners = NIOLockedValueBox<[AsyncThrowingStream<[UInt8], any Error>.Continuation]>([])

    init(_ server: TestServer) {
        self.server = server
    }

    var requests: [TransportRequest] { sent.withLockedValue { $0 } }

    /// As if a proxy between had been started anew.
    func breakStreams() {
        let open = listeners.withLockedValue { all in
            defer { all = [] }
            return all
        }
        for listener in open { listener.finish(throwing: TransportFailure.unreachable("the connection broke")) }
    }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportAnswer {
        sent.withLockedValue { $0.append(request) }
        let path = String(request.url.dropFirst("http://storno.test".count))
        do {
            if path.contains("/stream") { return try await stream(path, request) }
            guard let method = HTTPRequest.Method(request.method) else { throw TransportFailure.unreachable("method") }
            var headers = Dictionary(uniqueKeysWithValues: request.fields.map { ($0.name, $0.value) })
            headers["Host"] = "localhost"
            let body = request.body.map { String(decoding: $0, as: UTF8.self) }
            let answer = try await server.send(method, path, headers: headers, body: body)
            var fields: [String: String] = [:]
            for field in answer.fields { fields[field.name.canonicalName] = field.value }
            return TransportAnswer(status: answer.status, fields: fields, body: answer.body)
        } catch {
            throw error as? TransportFailure ?? .unreachable("\(error)")
        }
    }

    private func stream(_ path: String, _ request: TransportRequest) async throws -> TransportAnswer {
        var fields: HTTPFields = [:]
        for field in request.fields { if let name = HTTPField.Name(field.name) { fields[name] = field.value } }
        let parts = path.split(separator: "?", maxSplits: 1)
        let wire = WireRequest(
            method: .get,
            path: RequestPath(parts[0].dropFirst("/storno".count)),
            query: Query(parts.count > 1 ? parts[1] : ""),
            fields: fields,
            host: "localhost",
            requestID: "req_test"
        )
        guard let storno = Catalog.dialect(named: "storno") else { throw TransportFailure.unreachable("no dialect") }
        let answer = try await DialectService(storno, engine: server.engine).respond(to: wire) { _ in [] }.response
        let status = answer.status.code
        switch answer.body {
        case .stream(let write):
            let (pieces, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            listeners.withLockedValue { $0.append(continuation) }
            let writing = Task {
                try? await write(Writer(continuation: continuation))
                continuation.finish()
            }
            continuation.onTermination = { _ in writing.cancel() }
            return TransportAnswer(status: status, fields: [:], body: TransportBody(pieces))
        case .bytes(let bytes): return TransportAnswer(status: status, body: bytes)
        case .empty, .pieces: return TransportAnswer(status: status, body: [])
        }
    }

    private struct Writer: WireWriter {
        let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation

        func write(_ bytes: [UInt8]) async throws { continuation.yield(bytes) }
    }
}

/// Somebody with a key, on a server of their own.
struct Shop: Sendable {
    let server: TestServer
    let key: String
    let transport: RouterTransport
    let storno: StornoClient

    static func run<Value: Sendable>(
        scopes: Set<String> = [],
        outbound: OutboundWays = OutboundWays(),
        _ body: @Sendable @escaping (Shop) async throws -> Value
    ) async throws -> Value {
        try await TestServer.run(outbound: outbound) { server in
            let transport = RouterTransport(server)
            let key = try await server.key("storno", scopes: scopes)
            return try await body(Shop(server: server, key: key, transport: transport, storno: client(key, transport)))
        }
    }

    /// By another key of the same account.
    func colleague(scopes: Set<String> = []) async throws -> StornoClient {
        try Self.client(try await server.key("storno", scopes: scopes), transport)
    }

    private static func client(_ key: String, _ transport: RouterTransport) throws -> StornoClient {
        try StornoClient(address: "http://storno.test", key: key, transport: transport, clock: RecordingClock())
    }

    /// Lets time pass until `body` is done.
    func meanwhile<Value: Sendable>(_ body: @Sendable @escaping () async throws -> Value) async throws -> Value {
        let clock = server.clock
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while !Task.isCancelled {
                    if clock.hasSleepers { clock.advance(by: .milliseconds(50)) }
                    try? await Task.sleep(for: .milliseconds(2))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() { if let value { return value } }
            throw TransportFailure.canceled
        }
    }
}

extension Shop {
    /// Sends what is due to webhook endpoints.
    func deliver() async throws {
        if let key = server.engine.directory.key(for: key) { try await server.deliver(eventsOf: key.book) }
    }
}
