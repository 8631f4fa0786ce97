import DialectKit
import Domain
import Engine
import HTTPTypes
import TestSupport
import Testing

struct ChargeTests {
    private static let members = [
        "id", "amount", "amount_captured", "amount_refunded", "currency", "status", "created", "created_at",
        "updated_at", "customer", "description", "statement_descriptor", "receipt_email", "receipt_url",
        "payment_method", "provider_type", "livemode",
    ]

    @Test func `a card charge succeeds at once, with every member of the model in its order`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let answer = try await merchant.charge(with: #""unknown": true"#)
            #expect(answer.status == 200)
            let charge = try answer.json
            let id = try #require(charge["id"]?.string)
            #expect(charge.names == Self.members)
            #expect(id.wholeMatch(of: /ch_[0-9a-z]{25}/) != nil)
            let rest = """
                {"id":"\(id)","amount":1000,"amount_captured":1000,"amount_refunded":0,"currency":"usd",\
                "status":"succeeded","created":1767323045,"created_at":"2026-01-02T03:04:05",\
                "updated_at":"2026-01-02T03:04:05","customer":null,"description":null,\
                "statement_descriptor":null,"receipt_email":null,"receipt_url":null,"payment_method":null,\
                "provider_type":"card","livemode":false}
                """
            #expect(answer.text == rest)
            #expect(try await merchant.send(.get, "/charges/\(id)").text == rest)
            #expect(try await merchant.send(.get, "/charges").text == "[\(rest)]")
        }
    }

    @Test(arguments: ["mobile", "bank"])
    func `a charge by another provider is pending until the clock captures it`(provider: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.charge(provider: provider)
            let pending = try await merchant.get("/charges/\(id)")
            #expect(pending["status"]?.string == "pending")
            #expect(pending["amount"]?.integer == 1000)
            #expect(pending["amount_captured"]?.integer == 0)
            #expect(pending["provider_type"]?.string == provider)
            try expectRefusal(try await merchant.send(.post, "/refunds", #"{"charge": "\#(id)"}"#), 409, "captured")
            try await server.advance(by: .seconds(1))
            let captured = try await merchant.get("/charges/\(id)")
            #expect(captured["status"]?.string == "succeeded")
            #expect(captured["amount_captured"]?.integer == 1000)
            #expect(captured["created_at"]?.string == "2026-01-02T03:04:05")
            #expect(captured["updated_at"]?.string == "2026-01-02T03:04:06")
            _ = try await merchant.refund(id)
        }
    }

    @Test(arguments: [
        (#""amount": 1"#, "currency"), (#""currency": "usd""#, "amount"),
        (#""amount": 1, "currency": null"#, "currency"),
        (#""amount": 1, "currency": "usd""#, "provider"), (#""amount": 1, "currency": 840"#, "currency"),
        (#""amount": 1, "currency": "dollars""#, "currency"), (#""amount": 1, "currency": "zzz""#, "currency"),
        (#""amount": 1, "currency": """#, "currency"), (#""amount": 1, "currency": "ußd""#, "currency"),
        (#""amount": 1, "currency": "usd", "provider": "sepa""#, "provider"),
        (#""amount": 1, "currency": "usd", "provider": "Card""#, "provider"),
        (#""amount": 1, "currency": "usd", "provider": 5"#, "provider"),
        (#""amount": 1, "currency": "usd", "provider": null"#, "provider"),
        (#""amount": 1, "currency": "usd", "provider": "card""#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": null"#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": {}"#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": {"token": null}"#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": {"token": ""}"#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": {"token": 5}"#, "card.token"),
        (#""amount": 1, "currency": "usd", "provider": "card", "card": "card_token""#, "card"),
        (#""amount": 1, "currency": "usd", "provider": "mobile", "card": 5"#, "card"),
        (#""amount": 1, "currency": "usd", "provider": "mobile", "description": 5"#, "description"),
        (#""amount": 1, "currency": "usd", "provider": "mobile", "description": "\u0000""#, "description"),
        (#""amount": 1, "currency": "usd", "provider": "mobile", "receipt_email": []"#, "receipt_email"),
        (#""amount": 1, "currency": "usd", "provider": "mobile", "statement_descriptor": {}"#, "statement_descriptor"),
    ])
    func `a member that is missing or wrong is 400 and named`(members: String, name: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.post, "/charges", "{\(members)}"), 400, name)
            #expect(try await merchant.get("/charges") == .array([]))
        }
    }

    @Test(arguments: ["usd", "USD", "Jpy", "kwd"])
    func `a currency is taken in any case and given in lower case`(code: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.charge(currency: code)
            #expect(try await merchant.get("/charges/\(id)")["currency"]?.string == code.lowercased())
        }
    }

    @Test func `free texts are kept, null ones are absent`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let texts = """
                "description": "Tea & <b>\\"cake\\"</b>", "statement_descriptor": "CARI*FINANCE", \
                "receipt_email": "a@example.com"
                """
            let charge = try await merchant.charge(with: texts).json
            #expect(charge["description"]?.string == #"Tea & <b>"cake"</b>"#)
            #expect(charge["statement_descriptor"]?.string == "CARI*FINANCE")
            #expect(charge["receipt_email"]?.string == "a@example.com")
            let id = try #require(charge["id"]?.string)
            #expect(try await merchant.get("/charges/\(id)") == charge)
            let without = try await merchant.charge(with: #""description": null, "customer": null"#).json
            #expect(without["description"] == .null)
            let long = String(repeating: "x", count: 501)
            try expectRefusal(try await merchant.charge(with: #""description": "\#(long)""#), 400, "description")
        }
    }

    @Test func `the card's token is nowhere in the answers or in the database`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let token = "tok_4111111111111111_secret"
            let body =
                #"{"amount": 1000, "currency": "usd", "provider": "card", "card": {"token": "\#(token)"}}"#
            let answer = try await merchant.send(.post, "/charges", body, headers: ["Idempotency-Key": "a"])
            #expect(answer.status == 200 && !answer.text.contains(token))
            #expect(try await !merchant.send(.get, "/charges").text.contains(token))
            let name = try merchant.object(.payment, try #require(answer.json["id"]?.string))
            let details = try await server.engine.payment(name, dialect: "cari")
            #expect(!"\(details)".contains(token))
        }
    }
}
