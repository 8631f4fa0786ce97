import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct PotTests {
    @Test func `a new pot is open and empty, with the documented members`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let owner = try await merchant.customer()
            let body = """
                {"name": "Wedding Pot", "currency": "gbp", "customer": "\(owner)", "metadata": {"a": "b"},
                 "settings": {"contribution_notes_enabled": true, "display_notes": false},
                 "requested_amount": {"amount": 5000}}
                """
            let answer = try await merchant.send(.post, "/v1/pots", body)
            let id = try #require(try answer.json["id"]?.string)
            #expect(
                answer.text == """
                    {"id":"\(id)","name":"Wedding Pot","created_at":1767323045,"balance":0,"currency":"GBP",\
                    "volume":0,"status":"open","customer":"\(owner)",\
                    "settings":{"contribution_notes_enabled":true,"display_notes":false},\
                    "requested_amount":{"amount":5000},"metadata":{"a":"b"}}
                    """
            )
            #expect(try await merchant.get("/v1/pots/\(id)") == answer.json)
        }
    }

    @Test(arguments: ["", #", "settings": null, "requested_amount": null"#, #", "settings": {}"#])
    func `without settings a pot has notes off and nothing requested`(more: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let owner = try await merchant.customer()
            let body = #"{"name": "A", "currency": "USD", "customer": "\#(owner)"\#(more)}"#
            let pot = try await merchant.post("/v1/pots", body)
            let off = JSONValue.members(("contribution_notes_enabled", false), ("display_notes", false))
            #expect(pot["settings"] == off)
            #expect(pot["requested_amount"] == .null)
            let id = try #require(pot["id"]?.string)
            #expect(try await merchant.get("/v1/pots/\(id)") == pot)
        }
    }

    @Test(arguments: [("GBP", "GBP"), ("gbp", "GBP"), ("Usd", "USD")])
    func `a pot is in pounds or dollars, written in any case and shown in upper`(
        given: String,
        shown: String
    ) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot(given)
            #expect(try await merchant.get("/v1/pots/\(pot)")["currency"]?.string == shown)
        }
    }

    @Test(arguments: ["EUR", "JPY", "XXX", "GB", "", "pounds", "ＧＢＰ"])
    func `another currency is refused`(currency: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let owner = try await merchant.customer()
            let body = #"{"name": "A", "currency": "\#(currency)", "customer": "\#(owner)"}"#
            try expectRefusal(try await merchant.send(.post, "/v1/pots", body), 400, "currency ")
        }
    }

    @Test(arguments: [
        (#"{"currency": "GBP", "customer": C}"#, "name"),
        (#"{"name": " ", "currency": "GBP", "customer": C}"#, "name"),
        (#"{"name": 1, "currency": "GBP", "customer": C}"#, "name"),
        (#"{"name": "A", "customer": C}"#, "currency"),
        (#"{"name": "A", "currency": 1, "customer": C}"#, "currency"),
        (#"{"name": "A", "currency": "GBP"}"#, "customer"),
        (#"{"name": "A", "currency": "GBP", "customer": " "}"#, "customer"),
        (#"{"name": "A", "currency": "GBP", "customer": C, "settings": 1}"#, "settings"),
        (
            #"{"name": "A", "currency": "GBP", "customer": C, "settings": {"display_notes": "yes"}}"#,
            "settings.display_notes"
        ),
        (
            #"{"name": "A", "currency": "GBP", "customer": C, "settings": {"contribution_notes_enabled": 1}}"#,
            "settings.contribution_notes_enabled"
        ),
        (#"{"name": "A", "currency": "GBP", "customer": C, "requested_amount": 5000}"#, "requested_amount"),
        (#"{"name": "A", "currency": "GBP", "customer": C, "requested_amount": {}}"#, "requested_amount.amount"),
        (
            #"{"name": "A", "currency": "GBP", "customer": C, "requested_amount": {"amount": 0}}"#,
            "requested_amount.amount"
        ),
    ])
    func `a missing, blank or mistyped member is named`(body: String, member: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let owner = try await merchant.customer()
            let text = body.replacing(": C", with: ": \"\(owner)\"")
            try expectRefusal(try await merchant.send(.post, "/v1/pots", text), 400, "\(member) ")
            #expect(try await merchant.ids("/v1/pots").isEmpty)
        }
    }

    @Test func `an unknown owner is not found`() async throws {
        try await TestServer.run { server in
            let body = #"{"name": "A", "currency": "GBP", "customer": "\#(unknownID)"}"#
            let answer = try await Merchant(server).send(.post, "/v1/pots", body)
            try expectRefusal(answer, 404, "No such customer: \(unknownID)")
        }
    }

    @Test func `a pot without an owner shows null`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await merchant.plant { $0.potBalance = 7 }
            let pot = try #require(try await merchant.ids("/v1/pots").first)
            let shown = try await merchant.get("/v1/pots/\(pot)")
            #expect(shown["customer"] == .null)
            #expect(shown["balance"]?.integer == 7)
        }
    }
}
