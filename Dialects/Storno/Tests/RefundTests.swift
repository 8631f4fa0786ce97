import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct RefundTests {
    @Test func `a refund is taken, sent, and ends`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let made = try await merchant.post(
                "/refunds",
                #"{"payment": "\#(payment)", "amount": 300, "reason": "damaged", "comment": "two cups broken"}"#
            )
            #expect(made.status == 200)
            let refund = try made.json
            #expect(refund["status"]?.string == "queued")
            #expect(refund["payment"]?.string == payment)
            #expect(refund["reason"]?.string == "damaged")
            #expect(refund["comment"]?.string == "two cups broken")
            #expect(refund["actor"]?["type"]?.string == "key")
            #expect(refund["request_id"]?.string == made.requestID)
            try await merchant.server.advance(by: .seconds(30))
            #expect(try await merchant.get("/refunds/\(made.id)").json["status"]?.string == "succeeded")
            let shown = try await merchant.get("/payments/\(payment)").json
            #expect(shown["amount_refunded"]?.integer == 300)
            #expect(shown["amount_refundable"]?.integer == 700)
        }
    }

    @Test func `no amount means what is left`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            _ = try await merchant.refund(payment, 300)
            let rest = try await merchant.post("/refunds", #"{"payment": "\#(payment)"}"#)
            #expect(try rest.json["amount"]?.integer == 700)
        }
    }

    @Test func `a misspelled member refunds nothing`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let refused = try await merchant.post("/refunds", #"{"payment": "\#(payment)", "amuont": 300}"#)
            #expect(refused.status == 400)
            #expect(try refused.code == "invalid_parameter")
            #expect(try refused.json["param"]?.string == "amuont")
            #expect(try await merchant.get("/payments/\(payment)").json["amount_refundable"]?.integer == 1000)
        }
    }

    @Test func `what would not be looked at is refused, and nothing happens`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let refund = try await merchant.refund(payment, 1)
            let body = #"{"payment": "\#(payment)"}"#
            #expect(try await merchant.post("/refunds?amount=100", body).status == 400)
            let unbelieved = #"{"payment": "\#(payment)", "expected_refundable": null}"#
            #expect(try await merchant.post("/refunds", unbelieved).status == 400)
            for step in ["cancel", "retry", "approve"] {
                let path = "/refunds/\(refund)/\(step)"
                let answer = try await merchant.send(.post, path, nil, ["If-Match": "\"99\""])
                #expect(answer.status == 400)
                #expect(try answer.json["param"]?.string == "If-Match")
                #expect(try await merchant.post(path + "?x=1").status == 400)
            }
            #expect(try await merchant.get("/refunds/\(refund)/attempts?foo=1").status == 400)
            #expect(try await merchant.get("/payments/\(payment)").json["amount_refundable"]?.integer == 999)
        }
    }

    @Test func `metadata holds no NUL`() async throws {
        try await Merchant.run { merchant in
            let body = #"{"amount": 1, "currency": "EUR", "metadata": {"x": "a\u0000b"}}"#
            let refused = try await merchant.post("/payments", body)
            #expect(try refused.json["param"]?.string == "metadata")
        }
    }

    @Test func `what is refused is a problem with a code and what a program can go on with`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            _ = try await merchant.refund(payment, 300)
            let refused = try await merchant.post("/refunds", #"{"payment": "\#(payment)", "amount": 701}"#)
            #expect(refused.status == 409)
            #expect(refused.fields[.contentType] == "application/problem+json")
            let problem = try refused.json
            #expect(problem["code"]?.string == "exceeds_refundable")
            #expect(problem["status"]?.integer == 409)
            #expect(problem["param"]?.string == "amount")
            #expect(problem["amount_refundable"]?.integer == 700)
            #expect(problem["request_id"]?.string == refused.requestID)
        }
    }

    @Test func `one key makes one refund and gives its answer again`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let body = #"{"payment": "\#(payment)", "amount": 300}"#
            let first = try await merchant.post("/refunds", body, once: "once")
            let second = try await merchant.post("/refunds", body, once: "once")
            #expect(first.body == second.body)
            let other = try await merchant.post("/refunds", #"{"payment": "\#(payment)"}"#, once: "once")
            #expect(other.status == 422)
            #expect(try other.code == "idempotency_mismatch")
            #expect(try await merchant.get("/refunds?payment=\(payment)").ids.count == 1)
        }
    }

    @Test func `a refund that was not sent yet can be withdrawn`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 300)
            #expect(try await merchant.post("/refunds/\(refund)/cancel").json["status"]?.string == "canceled")
            let again = try await merchant.post("/refunds/\(refund)/cancel")
            #expect(again.status == 409)
            #expect(try again.code == "already_sent")
        }
    }

    @Test func `what was sent and heard is shown`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(), 300)
            try await merchant.server.advance(by: .seconds(30))
            let attempts = try await merchant.get("/refunds/\(refund)/attempts").items
            #expect(attempts.count == 1)
            #expect(attempts.first?["outcome"]?.string == "answered")
            let evidence = try await merchant.get("/refunds/\(refund)/evidence").items
            #expect(evidence.contains { $0["claim"]?.string == "succeeded" })
        }
    }

    @Test func `an uncaptured payment is let go instead`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            let part = try await merchant.post("/refunds", #"{"payment": "\#(payment)", "amount": 300}"#)
            #expect(try part.code == "partial_before_capture")
            let void = try await merchant.post("/refunds", #"{"payment": "\#(payment)"}"#)
            #expect(try void.json["kind"]?.string == "void")
            #expect(try await merchant.get("/payments/\(payment)").json["status"]?.string == "canceled")
        }
    }
}
