import DialectKit
import Domain
import Engine
import HTTPTypes
import Rows
import Storage
import TestSupport
import Testing

struct PaymentTests {
    @Test func `a new payment is paid at once and answered with the documented members`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let more = #", "note": "Good luck!", "metadata": {"table": "4"}"#
            let answer = try await merchant.send(.post, "/v1/payments", Merchant.paymentBody(pot: pot, more: more))
            let id = try #require(try answer.json["id"]?.string)
            let customer = try #require(try answer.json["customer"]?.string)
            #expect(
                answer.text == """
                    {"id":"\(id)","amount":2100,"created_at":1767323045,"pot":"\(pot)",\
                    "billing_details":{"name":"Pat Payer","email":"pat@example.com"},"customer":"\(customer)",\
                    "status":"paid","currency":"gbp","note":"Good luck!","metadata":{"table":"4"},\
                    "amount_details":{"contribution":2100,"fee":0,"net":2100,"tip":0},"descriptor":null,\
                    "payment_method_details":{"country":null,"exp_month":null,"exp_year":null,"last4":null,\
                    "provider":null}}
                    """
            )
            #expect(try await merchant.get("/v1/payments/\(id)") == answer.json)
        }
    }

    @Test func `without a customer one is made by e-mail, and found by it the next time`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let first = try await merchant.post("/v1/payments", Merchant.paymentBody(pot: pot))
            let customer = try #require(first["customer"]?.string)
            let shown = try await merchant.get("/v1/customers/\(customer)")
            #expect(shown["first_name"] == "Pat")
            #expect(shown["last_name"] == "Payer")
            #expect(shown["email"] == "pat@example.com")
            let body = Merchant.paymentBody(pot: pot, email: "PAT@example.com").replacing("Pat Payer", with: "P. Payer")
            #expect(try await merchant.post("/v1/payments", body)["customer"]?.string == customer)
            let other = Merchant.paymentBody(pot: pot, email: "sam@example.com")
            #expect(try await merchant.post("/v1/payments", other)["customer"]?.string != customer)
            #expect(try await merchant.ids("/v1/customers").count == 3)
        }
    }

    @Test func `a customer who is named is the payment's, whatever the e-mail`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let customer = try await merchant.customer("else@example.com")
            let body = Merchant.paymentBody(pot: pot, more: #", "customer": "\#(customer.uppercased())""#)
            let payment = try await merchant.post("/v1/payments", body)
            #expect(payment["customer"]?.string == customer)
            #expect(payment["billing_details"]?["email"] == "pat@example.com")
            #expect(try await merchant.ids("/v1/customers").count == 2)
        }
    }

    @Test(arguments: [("GBP", "gbp"), ("usd", "usd")])
    func `the currency is the pot's, in lower case, whatever the body says`(pot: String, shown: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.paymentBody(pot: try await merchant.pot(pot), more: #", "currency": "eur""#)
            #expect(try await merchant.post("/v1/payments", body)["currency"]?.string == shown)
        }
    }

    @Test(arguments: [
        (#"{"amount": 1, "billing_details": B}"#, "pot"),
        (#"{"amount": 1, "pot": "", "billing_details": B}"#, "pot"),
        (#"{"amount": 1, "pot": 7, "billing_details": B}"#, "pot"),
        (#"{"pot": P, "billing_details": B}"#, "amount"),
        (#"{"amount": 1, "pot": P}"#, "billing_details"),
        (#"{"amount": 1, "pot": P, "billing_details": "B"}"#, "billing_details"),
        (#"{"amount": 1, "pot": P, "billing_details": {"name": "A"}}"#, "billing_details.email"),
        (#"{"amount": 1, "pot": P, "billing_details": {"email": "a@b.c"}}"#, "billing_details.name"),
        (#"{"amount": 1, "pot": P, "billing_details": {"name": " ", "email": "a@b.c"}}"#, "billing_details.name"),
        (#"{"amount": 1, "pot": P, "billing_details": {"name": "A", "email": "a"}}"#, "billing_details.email"),
        (#"{"amount": 1, "pot": P, "billing_details": B, "customer": 1}"#, "customer"),
        (#"{"amount": 1, "pot": P, "billing_details": B, "customer": ""}"#, "customer"),
        (#"{"amount": 1, "pot": P, "billing_details": B, "note": 1}"#, "note"),
        (#"{"amount": 1, "pot": P, "billing_details": B, "metadata": 1}"#, "metadata"),
    ])
    func `a missing, blank or mistyped member is named`(body: String, member: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let text = body.replacing("P,", with: "\"\(pot)\",").replacing("P}", with: "\"\(pot)\"}")
                .replacing("\"B\"", with: "7")
                .replacing("B", with: #"{"name": "A", "email": "a@b.c"}"#)
            try expectRefusal(try await merchant.send(.post, "/v1/payments", text), 400, "\(member) ")
            #expect(try await merchant.ids("/v1/payments").isEmpty)
        }
    }

    @Test func `an unknown pot or customer is not found`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let unknownPot = try await merchant.send(.post, "/v1/payments", Merchant.paymentBody(pot: unknownID))
            try expectRefusal(unknownPot, 404, "No such pot: \(unknownID)")
            let body = Merchant.paymentBody(pot: pot, more: #", "customer": "nobody""#)
            let unknownCustomer = try await merchant.send(.post, "/v1/payments", body)
            try expectRefusal(unknownCustomer, 404, "No such customer: nobody")
            #expect(try await merchant.balance(pot) == 0)
        }
    }

    @Test func `a closed pot takes no payments but is refunded from`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(pot: pot)
            try await server.engine.perform(ClosedPot(pot: try merchant.name(.pot, pot)))
            #expect(try await merchant.get("/v1/pots/\(pot)")["status"] == "closed")
            let answer = try await merchant.send(.post, "/v1/payments", Merchant.paymentBody(pot: pot))
            try expectRefusal(answer, 402, "closed")
            #expect(try await merchant.askRefund(of: payment).status == 200)
        }
    }

    @Test(arguments: [(1000, 200), (1001, 400)])
    func `a note has at most 1000 characters`(length: Int, status: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let more = #", "note": "\#(String(repeating: "n", count: length))""#
            let body = Merchant.paymentBody(pot: try await merchant.pot(), more: more)
            #expect(try await merchant.send(.post, "/v1/payments", body).status == status)
        }
    }

    @Test func `a payment made through another API shows its card and what it lacks as null`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let number = try #require(CardNumber("4242424242424242"))
            let origin = Origin(book: try merchant.book, actor: Actor(.key, "x"), requestID: nil, dialect: "stancer")
            var command = CreatePayment(origin: origin, amount: 500, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            command.notes = ["statement_descriptor": "SHOP", "description": "not for this API"]
            command.card = .equal(
                CardDraft(
                    number: number,
                    expiryMonth: 4,
                    expiryYear: 2031,
                    country: "GB",
                    scenario: nil,
                    secrets: server.engine.secrets
                )
            )
            let made = try await server.engine.perform(command)
            let shown = try await merchant.get("/v1/payments/\(UUIDText.text(made.payment.id.raw))")
            #expect(shown["currency"] == "eur")
            #expect(shown["pot"] == .null)
            #expect(shown["customer"] == .null)
            #expect(shown["billing_details"] == .members(("name", .null), ("email", .null)))
            #expect(shown["note"] == "")
            #expect(shown["descriptor"] == "SHOP")
            let method = JSONValue.members(
                ("country", "GB"),
                ("exp_month", .integer(4)),
                ("exp_year", .integer(2031)),
                ("last4", "4242"),
                ("provider", "visa")
            )
            #expect(shown["payment_method_details"] == method)
        }
    }
}
