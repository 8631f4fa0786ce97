import DialectKit
import HTTPTypes
import TestSupport
import Testing

struct IdempotencyTests {
    private static let mobile = #"{"amount": 1000, "currency": "usd", "provider": "mobile"}"#

    private func post(_ path: String, _ body: String, key: String, _ merchant: Merchant) async throws -> TestAnswer {
        try await merchant.send(.post, path, body, headers: ["Idempotency-Key": key])
    }

    @Test func `the same request again gets the answer as it was, however much happened since`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await post("/charges", Self.mobile, key: "charge", merchant)
            #expect(charge.status == 200 && charge.fields[.idempotencyReplayed] == nil)
            try await server.advance(by: .seconds(2))
            let id = try #require(try charge.json["id"]?.string)
            let body = #"{"charge": "\#(id)", "amount": 300}"#
            let refund = try await post("/refunds", body, key: "refund", merchant)
            try await server.advance(by: .seconds(3))
            for (first, path, body, key) in [
                (charge, "/charges", Self.mobile, "charge"), (refund, "/refunds", body, "refund"),
            ] {
                let again = try await post(path, body, key: key, merchant)
                #expect(again.status == 200 && again.body == first.body)
                #expect(again.fields[.idempotencyReplayed] == "true")
            }
            #expect(try await merchant.get("/charges").array?.count == 1)
            #expect(try await merchant.get("/refunds").array?.map { $0["status"]?.string } == ["succeeded"])
        }
    }

    @Test func `blanks, the order of members and quotes around the key do not matter`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let first = try await post("/charges", Self.mobile, key: "k", merchant)
            let body = "{\"provider\":\"mobile\",\n\"currency\":\"usd\",\"amount\":1000}"
            #expect(try await post("/charges/", body, key: "\"k\"", merchant).body == first.body)
            #expect(try await post("/cari/charges", body, key: "k", merchant).body == first.body)
        }
    }

    @Test func `the key of another request is 422`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await post("/charges", Self.mobile, key: "k", merchant)
            let id = try #require(try charge.json["id"]?.string)
            let other = Self.mobile.replacing("1000", with: "1001")
            try expectRefusal(try await post("/charges", other, key: "k", merchant), 422, "Idempotency-Key")
            try expectRefusal(try await post("/refunds", #"{"charge": "\#(id)"}"#, key: "k", merchant), 422)
            #expect(try await merchant.get("/charges").array?.count == 1)
        }
    }

    @Test func `a refusal is not kept`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await post("/charges", Self.mobile, key: "k", merchant)
            let body = #"{"charge": "\#(try #require(try charge.json["id"]?.string))"}"#
            try expectRefusal(try await post("/refunds", body, key: "r", merchant), 409)
            try await server.advance(by: .seconds(1))
            let answer = try await post("/refunds", body, key: "r", merchant)
            #expect(answer.status == 200 && answer.fields[.idempotencyReplayed] == nil)
        }
    }

    @Test func `a key is its account's and mode's alone`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let first = try await post("/charges", Self.mobile, key: "k", merchant)
            let second = try await post("/charges", Self.mobile, key: "k", stranger)
            #expect(second.fields[.idempotencyReplayed] == nil && second.body != first.body)
        }
    }

    @Test(arguments: ["", "\"\"", "caf\u{E9}", String(repeating: "k", count: 256)])
    func `a key that is none is 400`(key: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await post("/charges", Self.mobile, key: key, merchant), 400, "Idempotency-Key")
            #expect(try await merchant.get("/charges") == .array([]))
        }
    }

    @Test func `of many at once one is carried out`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let body = #"{"charge": "\#(charge)", "amount": 10}"#
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await post("/refunds", body, key: "k", merchant).status }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(statuses.isSubset(of: [200, 409]) && statuses.contains(200))
            #expect(try await merchant.get("/charges/\(charge)")["amount_refunded"]?.integer == 10)
        }
    }
}
