import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

struct RefundReadTests {
    @Test func `a refund is read by its id, in any case`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let refund = try await merchant.refund(of: try await merchant.payment())
            let read = try await merchant.get("/v1/refunds/\(refund)")
            #expect(read["id"]?.string == refund)
            #expect(try await merchant.get("/v1/refunds/\(refund.uppercased())") == read)
        }
    }

    @Test func `a payment's id answers its newest refund`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(pot: pot)
            let other = try await merchant.payment(pot: pot)
            let path = "/v1/refunds/\(payment)"
            try expectRefusal(try await merchant.send(.get, path), 404, "No such refund: \(payment)")
            let first = try await merchant.refund(100, of: payment)
            #expect(try await merchant.get(path)["id"]?.string == first)
            let second = try await merchant.refund(200, of: payment)
            _ = try await merchant.refund(300, of: other)
            #expect(try await merchant.get(path)["id"]?.string == second)
            #expect(try await merchant.get("/v1/refunds/\(payment.uppercased())")["id"]?.string == second)
            #expect(try await merchant.get("/v1/refunds/\(first)")["amount"]?.integer == 100)
        }
    }

    @Test func `a refund's own id comes before a payment's`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let first = try await merchant.refund(100, of: payment)
            _ = try await merchant.refund(200, of: payment)
            let text = "11111111-2222-4333-8444-555555555555"
            try await merchant.alias(text, for: first, .refund)
            try await merchant.alias(text, for: payment, .payment)
            #expect(try await merchant.get("/v1/refunds/\(text)")["amount"]?.integer == 100)
        }
    }

    @Test(arguments: [
        unknownID, "x", "refd", "%20", "%00", "999fe8d5-1615-414b-83fc-2740b3c4a89", "%2e%2e", "'", "%ff",
        "999fe8d5-1615-414b-83fc-2740b3c4a8990", "fffffffff-fff-ffff-ffff-ffffffffffff",
    ])
    func `what is neither is not found`(id: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await merchant.refund(of: try await merchant.payment())
            for (path, kind) in [
                ("refunds", "refund"), ("payments", "payment"), ("pots", "pot"), ("customers", "customer"),
            ] {
                try expectRefusal(try await merchant.send(.get, "/collctiv/v1/\(path)/\(id)"), 404, "No such \(kind): ")
            }
        }
    }

    @Test func `an id that a NUL cuts short names nothing`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let refund = try await merchant.refund(of: payment)
            try await merchant.alias("from-elsewhere", for: refund, .refund)
            #expect(try await merchant.send(.get, "/v1/refunds/from-elsewhere").status == 200)
            try expectRefusal(try await merchant.send(.get, "/v1/refunds/from-elsewhere%00"), 404)
            try expectRefusal(try await merchant.send(.get, "/v1/refunds/\(refund)%00"), 404)
            #expect(try await merchant.ids("/v1/refunds?pot=\(payment)%00").isEmpty)
        }
    }

    @Test func `ids that came from elsewhere are written wherever they stand`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let owner = try await merchant.customer()
            try await merchant.alias("aaaaaaaa-0000-4000-8000-000000000001", for: owner, .customer)
            let pot = try await merchant.pot(of: "AAAAAAAA-0000-4000-8000-000000000001")
            try await merchant.alias("aaaaaaaa-0000-4000-8000-000000000002", for: pot, .pot)
            let more = #", "customer": "aaaaaaaa-0000-4000-8000-000000000001""#
            let body = Merchant.paymentBody(pot: "aaaaaaaa-0000-4000-8000-000000000002", more: more)
            let payment = try #require(try await merchant.post("/v1/payments", body)["id"]?.string)
            try await merchant.alias("aaaaaaaa-0000-4000-8000-000000000003", for: payment, .payment)
            let refund = try await merchant.post(
                "/v1/refunds",
                Merchant.refundBody(of: "AAAAAAAA-0000-4000-8000-000000000003")
            )
            try await merchant.alias("from elsewhere/4", for: try #require(refund["id"]?.string), .refund)
            for shown in [refund, try await merchant.get("/v1/refunds/from%20elsewhere%2F4")] {
                #expect(shown["pot"] == "aaaaaaaa-0000-4000-8000-000000000002")
                #expect(shown["payment"] == "aaaaaaaa-0000-4000-8000-000000000003")
                #expect(shown["customer"] == "aaaaaaaa-0000-4000-8000-000000000001")
            }
            #expect(try await merchant.get("/v1/refunds/from%20elsewhere%2F4")["id"] == "from elsewhere/4")
            #expect(try await merchant.get("/v1/pots/\(pot)")["customer"] == "aaaaaaaa-0000-4000-8000-000000000001")
            let filtered = "/v1/refunds?pot=AAAAAAAA-0000-4000-8000-000000000002&customer=\(owner)"
            #expect(try await merchant.ids(filtered) == ["from elsewhere/4"])
            #expect(try await merchant.ids("/v1/payments") == ["aaaaaaaa-0000-4000-8000-000000000003"])
            #expect(try await merchant.ids("/v1/pots") == ["aaaaaaaa-0000-4000-8000-000000000002"])
            #expect(try await merchant.ids("/v1/customers") == ["aaaaaaaa-0000-4000-8000-000000000001"])
        }
    }

    @Test func `a refund without pot, customer and reason shows null for them`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.plant()
            let origin = Origin(book: try merchant.book, actor: Actor(.key, "x"), requestID: nil, dialect: "x")
            let name = try merchant.name(.payment, payment)
            let refund = try await server.engine.perform(CreateRefund(origin: origin, payment: name, amount: nil))
            let shown = try await merchant.get("/v1/refunds/\(UUIDText.text(refund.refund.id.raw))")
            #expect(shown["pot"] == .null)
            #expect(shown["customer"] == .null)
            #expect(shown["reason"] == .members(("code", .null), ("comment", "")))
        }
    }
}
