import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct IdempotencyTests {
    @Test func `the same request again is answered as the first time`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let customer = try await merchant.customer()
            let pot = try await merchant.pot(of: customer)
            let payment = try await merchant.payment(pot: pot)
            let requests = [
                ("/v1/refunds", Merchant.refundBody(of: payment)), ("/v1/payments", Merchant.paymentBody(pot: pot)),
                ("/v1/pots", #"{"name": "A", "currency": "GBP", "customer": "\#(customer)"}"#),
                ("/v1/customers", #"{"first_name": "A", "last_name": "B", "email": "a@b.c"}"#),
            ]
            for (path, body) in requests {
                let first = try await merchant.once(path, body, key: path)
                let count = try await merchant.ids(path).count
                try await server.advance(by: .seconds(3))
                let second = try await merchant.once(path, body, key: path)
                #expect(first.status == 200 && second.status == 200)
                #expect(first.body == second.body)
                #expect(first.fields[.idempotencyReplayed] == nil)
                #expect(second.fields[.idempotencyReplayed] == "true")
                #expect(try await merchant.ids(path).count == count)
            }
        }
    }

    @Test func `the order of members, blanks and quotes around the key make no difference`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let first = try await merchant.once("/v1/refunds", Merchant.refundBody(of: payment), key: "k")
            let turned = #"{"reason":{"code":"customer_requested"},"payment":"\#(payment)","amount":1000}"#
            let second = try await merchant.once("/collctiv/v1/refunds/", turned, key: "\"k\"")
            #expect(second.fields[.idempotencyReplayed] == "true")
            #expect(first.body == second.body)
        }
    }

    @Test func `a key that was used for something else is refused`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = Merchant.refundBody(of: payment)
            #expect(try await merchant.once("/v1/refunds", body, key: "k").status == 200)
            let other = try await merchant.once("/v1/refunds", Merchant.refundBody(1, of: payment), key: "k")
            try expectRefusal(other, 422, "Idempotency-Key")
            let person = #"{"first_name": "A", "last_name": "B", "email": "a@b.c"}"#
            try expectRefusal(try await merchant.once("/v1/customers", person, key: "k"), 422)
            #expect(try await merchant.ids("/v1/refunds").count == 1)
            #expect(try await merchant.once("/v1/refunds", body, key: "K").fields[.idempotencyReplayed] == nil)
        }
    }

    @Test func `a refusal is not kept`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment(90_000_001)
            _ = try await merchant.refund(90_000_001, of: payment)
            let body = Merchant.refundBody(of: payment)
            try expectRefusal(try await merchant.once("/v1/refunds", body, key: "k"), 402)
            try await server.advance(by: .seconds(2))
            let second = try await merchant.once("/v1/refunds", body, key: "k")
            #expect(second.status == 200)
            #expect(second.fields[.idempotencyReplayed] == nil)
        }
    }

    @Test func `keys of two accounts have nothing to do with each other`() async throws {
        try await TestServer.run { server in
            let person = #"{"first_name": "A", "last_name": "B", "email": "a@b.c"}"#
            var bodies: Set<[UInt8]> = []
            for (mode, account) in [(Mode.test, "one"), (.test, "two"), (.live, "one")] {
                let merchant = try await Merchant(server, mode, account: account)
                let answer = try await merchant.once("/v1/customers", person, key: "k")
                #expect(answer.fields[.idempotencyReplayed] == nil)
                bodies.insert(answer.body)
            }
            #expect(bodies.count == 3)
        }
    }

    @Test func `of equal requests at the same time one is carried out`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.refundBody(1, of: try await merchant.payment())
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask { try await merchant.once("/v1/refunds", body, key: "k").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 || $0 == 409 })
            #expect(statuses.contains(200))
            #expect(try await merchant.ids("/v1/refunds").count == 1)
        }
    }

    @Test(arguments: ["\"\"", String(repeating: "k", count: 256), "k\u{E9}", "a\tb"])
    func `a key is 1 to 255 printable ASCII characters`(key: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.refundBody(of: try await merchant.payment())
            try expectRefusal(try await merchant.once("/v1/refunds", body, key: key), 400, "Idempotency-Key")
            #expect(try await merchant.ids("/v1/refunds").isEmpty)
        }
    }

    @Test func `a key of 255 characters is taken`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.refundBody(of: try await merchant.payment())
            let key = String(repeating: "~", count: 255)
            #expect(try await merchant.once("/v1/refunds", body, key: key).status == 200)
            #expect(try await merchant.once("/v1/refunds", body, key: key).fields[.idempotencyReplayed] == "true")
        }
    }
}

extension Merchant {
    fileprivate func once(_ path: String, _ body: String, key: String) async throws -> TestAnswer {
        try await send(.post, path, body, headers: ["Idempotency-Key": key])
    }
}
