import DialectKit
import Domain
import Engine
import HTTPTypes
import Rows
import Storage
import TestSupport
import Testing

/// Payments and refunds that came to be through another API.
struct OtherAPITests {
    @Test(
        arguments: [
            (.created, "pending", 409), (.authorized, "pending", 409), (.toCapture, "pending", 409),
            (.captureSent, "pending", 409), (.captured, "succeeded", 200), (.canceled, "failed", 409),
            (.expired, "failed", 409), (.failed, "failed", 409), (.refused, "failed", 409),
        ] as [(PaymentState, String, Int)]
    )
    func `every state has its word, and only what is captured can be refunded`(
        state: PaymentState,
        word: String,
        status: Int
    ) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.state = state }
            let charge = try await merchant.get("/charges/\(id)")
            #expect(charge["status"]?.string == word)
            #expect(charge["amount"]?.integer == 1000)
            #expect(charge["amount_captured"]?.integer == (state == .captured ? 1000 : 0))
            #expect(charge["amount_refunded"]?.integer == 0)
            let tooMuch = #"{"charge": "\#(id)", "amount": 1001}"#
            try expectRefusal(try await merchant.send(.post, "/refunds", tooMuch), 400)
            for body in [#"{"charge": "\#(id)"}"#, #"{"charge": "\#(id)", "amount": 1000}"#] where status != 200 {
                try expectRefusal(try await merchant.send(.post, "/refunds", body), status)
            }
            if status == 200 { _ = try await merchant.refund(id) }
        }
    }

    @Test(
        arguments: [
            (.card, "card"), (.mobile, "mobile"), (.bank, "bank"), (.sepa, "bank"), (nil, nil),
        ] as [(PaymentMethod?, String?)]
    )
    func `the method is the provider type, where nothing better is known`(
        method: PaymentMethod?,
        word: String?
    ) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.method = method }
            #expect(try await merchant.get("/charges/\(id)")["provider_type"] == .optional(word))
        }
    }

    @Test func `a disputed charge has succeeded and is not refunded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.disputed = 1000 }
            #expect(try await merchant.get("/charges/\(id)")["status"]?.string == "succeeded")
            try expectRefusal(try await merchant.send(.post, "/refunds", #"{"charge": "\#(id)"}"#), 409, "disputed")
        }
    }

    @Test func `a charge of which too much has gone back is not refunded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.excess = 1 }
            try expectRefusal(try await merchant.send(.post, "/refunds", #"{"charge": "\#(id)"}"#), 409)
        }
    }

    @Test func `a collection that holds too little refuses`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.potBalance = 500 }
            let body = #"{"charge": "\#(id)", "amount": 501}"#
            try expectRefusal(try await merchant.send(.post, "/refunds", body), 409, "500")
            _ = try await merchant.refund(id, 500)
        }
    }

    @Test func `a card that is known is the payment method`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let origin = Origin(
                book: try merchant.book,
                actor: Actor(.operator, "test"),
                requestID: nil,
                dialect: "stancer"
            )
            var command = CreatePayment(origin: origin, amount: 1000, currency: Currency(code: "EUR"))
            command.method = .card
            command.settlesAtOnce = true
            command.card = .equal(
                CardDraft(
                    number: try #require(CardNumber("4242424242424242")),
                    expiryMonth: 12,
                    expiryYear: 2030,
                    scenario: nil,
                    secrets: server.engine.secrets
                )
            )
            let made = try await server.engine.perform(command)
            let charge = try #require(try await merchant.get("/charges").array?.first)
            let card = try #require(charge["payment_method"]?.string)
            #expect(card.wholeMatch(of: /card_[0-9a-z]{25}/) != nil)
            #expect(try merchant.object(.card, card).id == made.payment.card?.raw)
            #expect(charge["currency"]?.string == "eur")
        }
    }

    @Test func `a payment that was let go reads failed, its void succeeded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.state = .authorized }
            let name = try merchant.object(.payment, id)
            let origin = Origin(book: name.book, actor: Actor(.operator, "test"), requestID: nil, dialect: "stancer")
            let command = CreateRefund(origin: origin, payment: name, amount: nil, mayVoid: true)
            _ = try await server.engine.perform(command)
            let charge = try await merchant.get("/charges/\(id)")
            #expect(charge["status"]?.string == "failed")
            #expect(charge["amount_captured"]?.integer == 0 && charge["amount_refunded"]?.integer == 0)
            let refund = try #require(try await merchant.get("/refunds").array?.first)
            #expect(refund["status"]?.string == "succeeded")
            #expect(refund["amount_refunded"]?.integer == 1000 && refund["amount_captured"]?.integer == 0)
        }
    }

    @Test func `a charge of another API takes labels as well`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let id = try await merchant.plant { $0.method = .sepa }
            let answer = try await merchant.send(.put, "/charges/\(id)", #"{"amount": 1500}"#).json
            #expect(answer["amount"]?.integer == 1500)
            #expect(answer["provider_type"]?.string == "bank")
        }
    }
}
