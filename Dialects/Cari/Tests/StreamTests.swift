import CariDialect
import DialectKit
import Domain
import Engine
import HTTPTypes
import NIOConcurrencyHelpers
import TestSupport
import Testing

/// The bare array, as it is written piece by piece.
struct StreamTests {
    /// Keeps each piece, and may do something after one.
    private final class Recorder: WireWriter, Sendable {
        private let written = NIOLockedValueBox<[[UInt8]]>([])
        private let afterPiece: @Sendable (Int) async throws -> Void

        init(afterPiece: @Sendable @escaping (Int) async throws -> Void = { _ in }) {
            self.afterPiece = afterPiece
        }

        var pieces: [[UInt8]] { written.withLockedValue { $0 } }

        func write(_ bytes: [UInt8]) async throws {
            let count = written.withLockedValue { pieces in
                pieces.append(bytes)
                return pieces.count
            }
            try await afterPiece(count)
        }
    }

    private func stream(_ path: String, chunk: Int, _ merchant: Merchant, to recorder: Recorder) async throws {
        let service = DialectService(CariDialect(chunk: chunk), engine: merchant.server.engine)
        let request = WireRequest(
            method: .get,
            path: RequestPath(path),
            query: Query(""),
            fields: [.authorization: "Bearer \(merchant.key)"],
            host: "localhost",
            requestID: "req_test"
        )
        let response = try await service.respond(to: request) { _ in [] }.response
        #expect(response.status == .ok)
        #expect(response.fields[.contentType] == "application/json")
        guard case .pieces(let write) = response.body else {
            Issue.record("a bare list is written in pieces")
            return
        }
        try await write(recorder)
    }

    private func ids(_ bytes: [UInt8]) throws -> [String] {
        try #require(try JSONReader.read(bytes).array).compactMap { $0["id"]?.string }
    }

    private func count(_ piece: [UInt8]) -> Int {
        String(decoding: piece, as: UTF8.self).split(separator: #""id":"#, omittingEmptySubsequences: false).count - 1
    }

    private func charges(_ count: Int, _ merchant: Merchant) async throws -> [String] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count { group.addTask { try await merchant.charge() } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted(by: >)
        }
    }

    @Test(arguments: [1, 6, 7, 100, 349, 350, 351])
    func `no piece holds more than a chunk, and together they are the list`(chunk: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charges = try await charges(350, merchant)
            let recorder = Recorder()
            try await stream("/charges", chunk: chunk, merchant, to: recorder)
            #expect(try ids(recorder.pieces.flatMap(\.self)) == charges)
            #expect(recorder.pieces.allSatisfy { count($0) <= chunk })
            #expect(recorder.pieces.count >= 350 / chunk)
        }
    }

    @Test func `hundreds of charges come through the router as one array`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charges = try await charges(260, merchant)
            let answer = try await merchant.send(.get, "/charges")
            #expect(try ids(answer.body) == charges)
        }
    }

    @Test func `what comes in meanwhile shifts nothing, what is deleted meanwhile is left out`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charges = try await charges(12, merchant)
            let recorder = Recorder { piece in
                guard piece == 1 else { return }
                for _ in 0..<5 { _ = try await merchant.charge() }
                for charge in charges[4..<10] { _ = try await merchant.send(.delete, "/charges/\(charge)") }
            }
            try await stream("/charges", chunk: 3, merchant, to: recorder)
            #expect(try ids(recorder.pieces.flatMap(\.self)) == Array(charges[..<4] + charges[10...]))
        }
    }

    @Test func `refunds are written in pieces too, all of them or one charge's`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let (one, other) = (try await merchant.charge(), try await merchant.charge())
            var refunds: [String] = []
            for _ in 0..<8 {
                refunds.insert(try await merchant.refund(one, 1), at: 0)
                _ = try await merchant.refund(other, 1)
            }
            let recorder = Recorder()
            try await stream("/refunds", chunk: 5, merchant, to: recorder)
            let all = try ids(recorder.pieces.flatMap(\.self))
            #expect(all.count == 16 && all.filter(refunds.contains) == refunds)
            #expect(recorder.pieces.allSatisfy { count($0) <= 5 })
        }
    }

    @Test func `a stream that its reader gives up ends there`() async throws {
        struct GaveUp: Error {}
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await charges(10, merchant)
            let recorder = Recorder { _ in throw GaveUp() }
            await #expect(throws: GaveUp.self) {
                try await stream("/charges", chunk: 2, merchant, to: recorder)
            }
            #expect(recorder.pieces.count == 1)
        }
    }
}
