import DialectKit
import HTTPTypes
import NIOConcurrencyHelpers
import Server
import TestSupport
import Testing

/// Somebody who listens to the stream of events.
final class Listener: WireWriter, Sendable {
    struct Frame: Equatable {
        let id: String
        let type: String
        let data: JSONValue
    }

    struct Silence: Error {
        let heard: String
    }

    private let written = NIOLockedValueBox<[UInt8]>([])
    private let server: TestServer

    init(_ server: TestServer) {
        self.server = server
    }

    func write(_ bytes: [UInt8]) async throws { written.withLockedValue { $0 += bytes } }

    var text: String { String(decoding: written.withLockedValue { $0 }, as: UTF8.self) }

    /// Complete events alone.
    var frames: [Frame] {
        get throws {
            let blocks = text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast()
            return try blocks.compactMap { block in
                var fields: [Substring: Substring] = [:]
                for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                    let parts = line.split(separator: ": ", maxSplits: 1)
                    fields[parts[0]] = parts.count > 1 ? parts[1] : ""
                }
                guard let data = fields["data"] else { return nil }
                let json = try JSONReader.read(Array(data.utf8))
                return Frame(id: String(fields["id"] ?? ""), type: String(fields["event"] ?? ""), data: json)
            }
        }
    }

    var ids: [String] { get throws { try frames.map(\.id) } }

    /// Lets time pass until something holds.
    func wait(until holds: () throws -> Bool) async throws {
        for _ in 0..<4000 {
            if try holds() { return }
            if server.clock.hasSleepers { server.clock.advance(by: .milliseconds(50)) }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw Silence(heard: text)
    }

    func wait(for count: Int) async throws {
        try await wait { try frames.count >= count }
    }
}

extension Merchant {
    func stream(
        _ query: String = "",
        last: String? = nil,
        accept: String? = "text/event-stream",
        method: HTTPRequest.Method = .get
    ) async throws -> WireResponse {
        var fields: HTTPFields = [.authorization: "Bearer \(key)"]
        fields[.accept] = accept
        if let name = HTTPField.Name("Last-Event-ID") { fields[name] = last }
        let request = WireRequest(
            method: method,
            path: RequestPath("/v1/events/stream"),
            query: Query(query[...]),
            fields: fields,
            host: "localhost",
            requestID: "req_test"
        )
        let storno = try #require(Catalog.dialect(named: "storno"))
        return try await DialectService(storno, engine: server.engine).respond(to: request) { _ in [] }.response
    }

    /// Listens while `body` runs; then the client goes.
    func listening<Value: Sendable>(
        _ query: String = "",
        last: String? = nil,
        _ body: @Sendable @escaping (Listener) async throws -> Value
    ) async throws -> Value {
        let response = try await stream(query, last: last)
        guard case .stream(let write) = response.body else { throw NoStream(response: response) }
        let listener = Listener(server)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await write(listener) }
            try await listener.wait { listener.text.hasPrefix("retry: ") }
            defer { group.cancelAll() }
            return try await body(listener)
        }
    }
}

struct NoStream: Error {
    let response: WireResponse
}
