import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import StornoDialect
import TestSupport
import Testing

@Suite struct StreamTests {
    @Test func `events come as they happen, as the list shows them`() async throws {
        try await Merchant.run { merchant in
            _ = try await merchant.payment(10)
            try await merchant.listening { listener in
                let refund = try await merchant.refund(merchant.payment(1000), 300)
                try await listener.wait { try listener.frames.contains { $0.type == "refund.created" } }
                try await merchant.server.advance(by: .seconds(30))
                try await listener.wait { try listener.frames.contains { $0.type == "refund.succeeded" } }
                let frames = try listener.frames
                #expect(frames.first?.type == "payment.created", "what was before is not told")
                let listed = try await merchant.get("/events?limit=100").items.reversed()
                #expect(frames.map(\.data) == Array(listed.suffix(frames.count)))
                #expect(frames.map { $0.data["id"]?.string } == frames.map(\.id))
                #expect(frames.map { $0.data["type"]?.string } == frames.map(\.type))
                let ofRefund = frames.filter { $0.data["data"]?["object"]?["id"]?.string == refund }
                #expect(ofRefund.map { $0.data["sequence"]?.integer } == (1...ofRefund.count).map { Int64($0) })
            }
        }
    }

    @Test func `who comes again gets what follows the last one, each once`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let first = try await merchant.get("/events?limit=100").ids.last ?? ""
            // More than are read at a time.
            for amount in 1...60 { _ = try await merchant.refund(payment, Int64(amount % 9 + 1)) }
            let all = try await merchant.get("/events?payment=\(payment)").ids
            #expect(all.first == first)
            let everything = try await merchant.listening("after=\(first)") { listener in
                try await listener.wait { try listener.frames.count { $0.type == "refund.created" } == 60 }
                return try listener.ids
            }
            #expect(Set(everything).count == everything.count)
            for cut in [0, 1, 49, 50, everything.count - 2] {
                let rest = Array(everything[(cut + 1)...])
                // The field says more than the address that the client began with.
                let heard = try await merchant.listening("after=\(first)", last: everything[cut]) { listener in
                    try await listener.wait(for: rest.count)
                    return try listener.ids
                }
                #expect(heard == rest)
            }
        }
    }

    @Test func `only the types that are asked for come`() async throws {
        try await Merchant.run { merchant in
            try await merchant.listening("type=refund.*&type=pot.created") { listener in
                let payment = try await merchant.payment(1000)
                for amount in 1...3 { _ = try await merchant.refund(payment, Int64(amount)) }
                _ = try await merchant.post("/pots", #"{"name": "Pot", "currency": "EUR"}"#)
                try await listener.wait(for: 4)
                let types = try listener.frames.map(\.type)
                #expect(types == Array(repeating: "refund.created", count: 3) + ["pot.created"])
            }
        }
    }

    @Test func `of somebody the id alone is told, also once they are gone`() async throws {
        try await Merchant.run { merchant in
            try await merchant.listening { listener in
                let customer = try await merchant.post("/customers", #"{"name": "Jo", "email": "j@example.com"}"#).id
                _ = try await merchant.send(.delete, "/customers/\(customer)")
                try await listener.wait(for: 2)
                let types = try listener.frames.map(\.type)
                #expect(types == ["customer.created", "customer.deleted"])
                #expect(!listener.text.contains("example.com"))
            }
        }
    }

    @Test func `another account hears nothing, and knows no event of this one`() async throws {
        try await Merchant.run { merchant in
            let other = Merchant(
                server: merchant.server,
                key: try await merchant.server.key("storno", account: "other")
            )
            _ = try await merchant.payment()
            let event = try await merchant.get("/events").ids[0]
            let unknown = try await other.stream("after=\(event)")
            #expect(unknown.status == .badRequest)
            try await other.listening { listener in
                try await merchant.listening { mine in
                    let refund = try await merchant.refund(merchant.payment(), 1)
                    _ = try await other.payment(7)
                    try await mine.wait {
                        try mine.frames.contains { $0.data["data"]?["object"]?["id"]?.string == refund }
                    }
                    try await listener.wait { try listener.frames.contains { $0.type == "payment.created" } }
                    let amounts = try listener.frames.map { $0.data["data"]?["object"]?["amount"]?.integer }
                    #expect(amounts.allSatisfy { $0 == 7 })
                }
            }
        }
    }

    @Test(arguments: [
        nil, "*/*", "application/json", "text/*", "text/event-stream;q=0", "text/event-stream; q=0.0", "",
    ])
    func `who does not ask for a stream gets none`(accept: String?) async throws {
        try await Merchant.run { merchant in
            let response = try await merchant.stream(accept: accept)
            #expect(response.status == .notAcceptable)
            #expect(response.fields[.contentType] == "application/problem+json")
        }
    }

    @Test(arguments: [
        "text/event-stream", "Text/Event-Stream;q=0.5", "application/json, text/event-stream ; charset=utf-8",
    ])
    func `a stream is never kept on the way, and HEAD has none`(accept: String) async throws {
        try await Merchant.run { merchant in
            for method in [HTTPRequest.Method.get, .head] {
                let response = try await merchant.stream(accept: accept, method: method)
                #expect(response.status == .ok)
                #expect(response.fields[.contentType] == "text/event-stream")
                #expect(response.fields[.cacheControl] == "no-store")
            }
            // As the router answers it: without waiting for an end.
            let head = try await merchant.send(.head, "/events/stream", nil, ["Accept": accept])
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test(arguments: ["after=evt_x", "after=", "type=Refund", "limit=3", "after=evt_ref_1&after=evt_ref_2"])
    func `a wrong query is refused`(query: String) async throws {
        try await Merchant.run { merchant in
            let answer2 = try await merchant.stream(query)
            #expect(answer2.status == .badRequest)
        }
    }

    @Test func `a key that does not read events gets no stream`() async throws {
        try await Merchant.run(scopes: ["refunds:read"]) { merchant in
            let answer3 = try await merchant.stream()
            #expect(answer3.status == .forbidden)
        }
    }

    @Test func `silence is broken by comments`() async throws {
        try await Merchant.run { merchant in
            try await merchant.listening { listener in
                let begin = merchant.server.clock.now
                try await listener.wait { listener.text.hasSuffix("\n\n:\n\n") }
                let waited = merchant.server.clock.now.since(begin)
                #expect(waited >= .seconds(14) && waited <= .seconds(17))
                _ = try await merchant.payment()
                try await listener.wait(for: 1)
            }
        }
    }

    // MARK: - Ends

    @Test func `a stream ends with its key`() async throws {
        try await Merchant.run { merchant in
            let colleague = try await merchant.colleague()
            let over = try await ends(
                colleague,
                after: { listener in
                    let key = try #require(merchant.server.engine.directory.key(for: colleague.key))
                    _ = try await merchant.server.engine.perform(RevokeKey(hash: key.hash))
                    await merchant.server.engine.refreshDirectory()
                }
            )
            #expect(over)
        }
    }

    @Test func `streams end when the server is to stop, and none begins`() async throws {
        try await Merchant.run { merchant in
            #expect(try await ends(merchant) { _ in merchant.server.engine.endStreams() })
            let refused = try await merchant.stream()
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.fields[.retryAfter] != nil)
        }
    }

    /// Whether a stream is over by itself once something was done.
    private func ends(
        _ merchant: Merchant,
        after act: @Sendable @escaping (Listener) async throws -> Void
    ) async throws -> Bool {
        guard case .stream(let write) = try await merchant.stream().body else { return false }
        let listener = Listener(merchant.server)
        let end = End()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await write(listener)
                await end.come()
            }
            try await listener.wait { listener.text.hasPrefix("retry: ") }
            try await act(listener)
            for _ in 0..<2000 where await !end.isHere {
                if merchant.server.clock.hasSleepers { merchant.server.clock.advance(by: .milliseconds(50)) }
                try await Task.sleep(for: .milliseconds(2))
            }
            defer { group.cancelAll() }
            return await end.isHere
        }
    }

    @Test func `a key has sixteen streams, and may open another when one is closed`() async throws {
        try await Merchant.run { merchant in
            var open: [WireResponse] = []
            for _ in 0..<OpenStreams.mostOfKey { open.append(try await merchant.stream()) }
            #expect(open.allSatisfy { $0.status == .ok })
            let refused = try await merchant.stream()
            #expect(refused.status == .tooManyRequests)
            #expect(refused.fields[.retryAfter] == "1")
            let answer4 = try await merchant.stream(method: .head)
            #expect(answer4.status == .ok)
            let answer5 = try await merchant.colleague().stream()
            #expect(answer5.status == .ok)
            open.removeLast()
            let answer6 = try await merchant.stream()
            #expect(answer6.status == .ok)
            withExtendedLifetime(open) {}
        }
    }

    @Test func `all keys together have so many`() async throws {
        try await Merchant.run { merchant in
            var open: [WireResponse] = []
            while open.count < OpenStreams.most {
                let colleague = try await merchant.colleague()
                for _ in 0..<OpenStreams.mostOfKey { open.append(try await colleague.stream()) }
            }
            #expect(open.allSatisfy { $0.status == .ok })
            let answer7 = try await merchant.stream()
            #expect(answer7.status == .serviceUnavailable)
            withExtendedLifetime(open) {}
        }
    }
}

private actor End {
    var isHere = false

    func come() { isHere = true }
}
