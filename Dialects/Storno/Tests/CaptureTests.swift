import DialectKit
import TestSupport
import Testing

@Suite struct CaptureTests {
    @Test func `a payment is captured in parts, and each part can be refunded at once`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            let first = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 300}"#).json
            #expect(first["status"]?.string == "captured")
            #expect(first["amount_captured"]?.integer == 300)
            #expect(first["amount_capturable"]?.integer == 700)
            let over = try await merchant.post("/refunds", #"{"payment": "\#(payment)", "amount": 301}"#)
            #expect(try over.code == "exceeds_payment")
            _ = try await merchant.refund(payment, 300)
            let second = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 200}"#).json
            #expect(second["amount_captured"]?.integer == 500)
            #expect(second["amount_refundable"]?.integer == 200)
            let rest = try await merchant.post("/payments/\(payment)/capture").json
            #expect(rest["amount_captured"]?.integer == 1000)
            #expect(rest["amount_capturable"]?.integer == 0)
            let parts = try await merchant.get("/payments/\(payment)/captures").items
            #expect(parts.map { $0["amount"]?.integer } == [300, 200, 500])
            let none = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 1}"#)
            #expect(try none.code == "payment_step_refused")
            #expect(try await merchant.server.findings().isEmpty)
        }
    }

    @Test func `no more is captured than was authorized`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            let over = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 1001}"#)
            #expect(try over.code == "exceeds_capturable")
            #expect(try over.json["amount_capturable"]?.integer == 1000)
            _ = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 999}"#)
            let two = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 2}"#)
            #expect(try two.json["amount_capturable"]?.integer == 1)
            for body in [#"{"amount": 0}"#, #"{"amount": null}"#, #"{"amount": -1}"#, #"{"final": 1}"#, #"{"x": 1}"#] {
                #expect(try await merchant.post("/payments/\(payment)/capture", body).status == 400)
            }
        }
    }

    @Test func `the last part lets go of the rest`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            let last = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 300, "final": true}"#).json
            #expect(last["amount_captured"]?.integer == 300)
            #expect(last["amount_capturable"]?.integer == 0)
            let more = try await merchant.post("/payments/\(payment)/capture")
            #expect(try more.code == "payment_step_refused")
        }
    }

    @Test func `what nobody captures in time is let go`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            _ = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 300}"#)
            try await merchant.server.advance(by: .seconds(7 * 86400))
            let shown = try await merchant.get("/payments/\(payment)").json
            #expect(shown["status"]?.string == "captured")
            #expect(shown["amount_captured"]?.integer == 300)
            #expect(shown["amount_capturable"]?.integer == 0)
            let events = try await merchant.get("/events?payment=\(payment)").items.map { $0["type"]?.string }
            #expect(events.last == "payment.released")
            #expect(try await merchant.server.findings().isEmpty)
        }
    }

    @Test func `the same key captures a part once`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "capture": false"#)
            for _ in 1...3 {
                let answer = try await merchant.post("/payments/\(payment)/capture", #"{"amount": 300}"#, once: "part")
                #expect(try answer.json["amount_captured"]?.integer == 300)
            }
        }
    }
}
