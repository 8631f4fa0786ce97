import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct QuoteTests {
    @Test func `a quote says what would happen, changes nothing, and is confirmed by its token`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let quote = try await merchant.post("/refund_quotes", #"{"payment": "\#(payment)", "amount": 300}"#).json
            #expect(quote["possible"]?.bool == true)
            #expect(quote["amount"]?.integer == 300)
            #expect(quote["amount_refundable"]?.integer == 1000)
            #expect(quote["warnings"]?.array?.isEmpty == true)
            #expect(try await merchant.get("/refunds").ids.isEmpty)
            let token = quote["token"]?.string ?? ""
            let made = try await merchant.post("/refunds", #"{"quote": "\#(token)", "reason": "damaged"}"#)
            #expect(made.status == 200)
            #expect(try made.json["amount"]?.integer == 300)
        }
    }

    @Test func `of two who confirm, one wins and the other is told how it is now`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let quote = try await merchant.post("/refund_quotes", #"{"payment": "\#(payment)"}"#).json
            let token = quote["token"]?.string ?? ""
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<2 { group.addTask { try await merchant.post("/refunds", #"{"quote": "\#(token)"}"#) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)) == [200, 412])
            let loser = try answers.first { $0.status == 412 }?.json
            #expect(loser?["code"]?.string == "payment_changed")
            #expect(loser?["quote"]?["possible"]?.bool == false)
            #expect(loser?["quote"]?["refusal"]?["code"]?.string == "nothing_left")
            #expect(loser?["quote"]?["amount_refundable"]?.integer == 0)
            #expect(try await merchant.get("/refunds").ids.count == 1)
        }
    }

    @Test func `what is odd is said`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let refund = try await merchant.refund(payment, 300)
            try await merchant.server.set(["approval_above": "0"])
            let quote = try await merchant.post("/refund_quotes", #"{"payment": "\#(payment)", "amount": 300}"#).json
            #expect(quote["status"]?.string == "awaiting_approval")
            let warnings = quote["warnings"]?.array ?? []
            #expect(warnings.map { $0["code"]?.string } == ["equal_refund", "needs_approval"])
            #expect(warnings.first?["refund"]?.string == refund)
        }
    }

    @Test func `a quote that was not given here is none`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let quote = try await merchant.post("/refund_quotes", #"{"payment": "\#(payment)", "amount": 300}"#).json
            let token = quote["token"]?.string ?? ""
            let other = Merchant(server: merchant.server, key: try await merchant.server.key("storno", account: "x"))
            #expect(try await other.post("/refunds", #"{"quote": "\#(token)"}"#).code == "invalid_parameter")
            let forged = token.replacing(".300.", with: ".900.")
            #expect(try await merchant.post("/refunds", #"{"quote": "\#(forged)"}"#).code == "invalid_parameter")
            let both = #"{"quote": "\#(token)", "amount": 1}"#
            #expect(try await merchant.post("/refunds", both).code == "invalid_parameter")
            #expect(try await merchant.get("/refunds").ids.isEmpty)
        }
    }

    @Test func `without a quote, the caller's belief is held against the payment`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let tag = try await merchant.get("/payments/\(payment)").fields[.eTag] ?? ""
            let body = #"{"payment": "\#(payment)", "amount": 300}"#
            #expect(try await merchant.send(.post, "/refunds", body, ["If-Match": tag]).status == 200)
            let late = try await merchant.send(.post, "/refunds", body, ["If-Match": tag])
            #expect(late.status == 412)
            #expect(try late.json["quote"]?["amount_refundable"]?.integer == 700)
            #expect(try await merchant.send(.post, "/refunds", body, ["If-Match": "*"]).status == 400)
            let wrong = #"{"payment": "\#(payment)", "amount": 300, "expected_refundable": 1000}"#
            #expect(try await merchant.post("/refunds", wrong).code == "payment_changed")
            let right = #"{"payment": "\#(payment)", "amount": 300, "expected_refundable": 700}"#
            #expect(try await merchant.post("/refunds", right).status == 200)
        }
    }
}
