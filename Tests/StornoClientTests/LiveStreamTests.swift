import Foundation
import NIOConcurrencyHelpers
import StornoClient
import TestSupport
import Testing

/// What is told as it happens.
@Suite struct LiveStreamTests {
    private static func frame(_ number: Int) -> String {
        let data =
            #"{"id": "evt_\#(number)", "type": "a.b", "created_at": "2026-01-02T03:04:05.000Z", "sequence": \#(number), "actor": {"type": "key", "id": "k"}, "request_id": null, "data": {"object": {"id": "x"}}}"#
        return "id: evt_\(number)\nevent: a.b\ndata: \(data)\n\n"
    }

    private func ids(_ stream: LiveStream<Event>, _ count: Int) async throws -> [String] {
        var ids: [String] = []
        for try await event in stream {
            ids.append(event.id)
            if ids.count == count { break }
        }
        return ids
    }

    @Test func `events come in order, over connections that break`() async throws {
        let server = ScriptedServer([
            .breaks(["retry: 700\n\n", Self.frame(1), ":\n\n" + Self.frame(2) + "id: evt_9\nda"]),
            .fails(.unreachable("nobody listens")), ScriptedServer.problem("busy", 503, retryAfter: "5"),
            .streams([Self.frame(3)]), .streams([Self.frame(4)]),
        ])
        let notices = NIOLockedValueBox<[StreamNotice]>([])
        let stream = try server.client().events
            .stream(types: ["a.*"], after: "evt_0") { notice in
                notices.withLockedValue { $0.append(notice) }
            }
        #expect(try await ids(stream, 4) == ["evt_1", "evt_2", "evt_3", "evt_4"])
        #expect(server.values(of: "last-event-id") == ["evt_0", "evt_2", "evt_2", "evt_2", "evt_3"])
        #expect(server.values(of: "accept").allSatisfy { $0 == "text/event-stream" })
        #expect(server.requests[0].url.hasSuffix("/events/stream?type=a.%2A"))
        #expect(server.clock.pauses.first == .milliseconds(700))
        #expect(server.clock.pauses[2] == .seconds(5))
        #expect(notices.withLockedValue { $0.count { $0 == .connected } } == 3)
    }

    @Test func `it ends where the server refuses it for good`() async throws {
        let server = ScriptedServer([.streams([Self.frame(1)]), ScriptedServer.problem("unauthorized", 401)])
        let stream = try server.client().events.stream()
        let error = await refusal { _ = try await ids(stream, 2) }
        #expect(error?.code == .unauthorized)
    }

    @Test func `where nobody ever listened it is not tried for ever`() async throws {
        let server = ScriptedServer([.fails(.unreachable("nobody listens"))])
        let stream = try server.client { $0.retries = 3 }.events.stream()
        let error = await refusal { _ = try await ids(stream, 1) }
        #expect(error == .unreachable("nobody listens") && server.requests.count == 4)
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `frames are read however they are cut, and with any end of line`(size: Int) async throws {
        for end in ["\n", "\r", "\r\n"] {
            let text = (Self.frame(1) + ": comment\n\nretry: x\nunknown: y\n\n" + Self.frame(2))
                .replacing("\n", with: end)
            let bytes = Array(text.utf8)
            let pieces = stride(from: 0, to: bytes.count, by: size)
                .map { String(decoding: bytes[$0..<min($0 + size, bytes.count)], as: UTF8.self) }
            let server = ScriptedServer([.streams(pieces), ScriptedServer.problem("unauthorized", 401)])
            #expect(try await ids(server.client().events.stream(), 2) == ["evt_1", "evt_2"])
        }
    }

    @Test func `a frame without an end, and one that is none of ours, end it`() async throws {
        for pieces in [[String(repeating: "x", count: 2_000_000)], ["data: {}\n\n"], ["data: nonsense\n\n"]] {
            let server = ScriptedServer([.streams(pieces)])
            let error = await refusal { _ = try await ids(server.client().events.stream(), 1) }
            guard case .unreadable(200, nil, _) = error else { throw Surprise() }
        }
    }

    @Test func `a server's events are heard, and after a break nothing is lost or told twice`() async throws {
        try await Shop.run { shop in
            let payment = try await shop.payment(1000)
            let first = try #require(try await shop.storno.events.list(of: .payment(payment)).first)
            let heard = try await shop.meanwhile {
                var heard: [Event] = []
                _ = try await shop.refund(payment, 1)
                for try await event in shop.storno.events.stream(types: ["refund.created"], after: first.id) {
                    heard.append(event)
                    if heard.count == 4 { break }
                    shop.transport.breakStreams()
                    _ = try await shop.refund(payment, Int64(heard.count + 1))
                }
                return heard
            }
            #expect(Set(heard.map(\.id)).count == 4)
            let amounts = heard.map { if case .refund(let refund) = $0.object { refund.amount } else { Int64(0) } }
            #expect(amounts == [1, 2, 3, 4])
        }
    }

    @Test func `requests are heard as they are answered, those to the log not`() async throws {
        try await Shop.run { shop in
            let heard = try await shop.meanwhile {
                var heard: [RequestLog] = []
                var filter = RequestLogFilter()
                filter.methods = ["POST"]
                _ = try await shop.payment(1)
                let last = try await shop.storno.requestLogs.list().first(1).first
                _ = try await shop.payment(2)
                for try await request in shop.storno.requestLogs.stream(filter, after: last?.id) {
                    heard.append(request)
                    if heard.count == 2 { break }
                    _ = try await shop.storno.requestLogs.list().first(1)
                    _ = try await shop.refund(shop.payment(3), 1)
                }
                return heard
            }
            #expect(heard.map(\.path) == ["/v1/payments", "/v1/payments"] && Set(heard.map(\.id)).count == 2)
        }
    }
}
