import DialectKit
import HTTPTypes
import TestSupport
import Testing

@Suite struct BatchTests {
    @Test func `each item has its own outcome, in order`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let item = #"{"payment": "\#(payment)", "amount": 400}"#
            let body = #"{"refunds": [\#(item), {"payment": "pay_none"}, {"amount": 1}, \#(item), 7, \#(item)]}"#
            let answer = try await merchant.post("/refunds/batch", body, once: "batch")
            #expect(answer.status == 200)
            #expect(try answer.json["made"]?.integer == 2)
            #expect(try answer.json["refused"]?.integer == 4)
            let items = try answer.items
            #expect(items.map { $0["index"]?.integer } == [0, 1, 2, 3, 4, 5])
            #expect(items.map { $0["error"]?["status"]?.integer } == [nil, 404, 400, nil, 400, 409])
            #expect(items[0]["refund"]?["amount"]?.integer == 400)
            #expect(items[2]["error"]?["param"]?.string == "refunds[2].payment")
            #expect(items[5]["error"]?["code"]?.string == "exceeds_refundable")
            #expect(items[5]["error"]?["amount_refundable"]?.integer == 200)
        }
    }

    @Test func `sent again it is answered, not carried out, and no other list is`() async throws {
        try await Merchant.run { merchant in
            let (first, second) = (try await merchant.payment(1000), try await merchant.payment(1000))
            let items = [first, second, "pay_none"].map { #"{"payment": "\#($0)", "amount": 5}"# }
            func post(_ items: [String]) async throws -> TestAnswer {
                try await merchant.post(
                    "/refunds/batch",
                    #"{"refunds": [\#(items.joined(separator: ","))]}"#,
                    once: "b"
                )
            }
            let before = try await post(items)
            let after = try await post(items)
            #expect(after.body == before.body)
            #expect(after.fields[.idempotencyReplayed] == "true")
            for other in [[items[1]], [items[1], items[0], items[2]], items + [items[0]]] {
                let answer = try await post(other)
                #expect(try answer.code == "idempotency_mismatch")
            }
            for payment in [first, second] {
                #expect(try await merchant.get("/refunds?payment=\(payment)").ids.count == 1)
            }
        }
    }

    @Test func `a batch that made nothing is kept as well`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let hold = try await merchant.refund(payment, 1000)
            let body = #"{"refunds": [{"payment": "\#(payment)", "amount": 5}]}"#
            let before = try await merchant.post("/refunds/batch", body, once: "b")
            #expect(try before.json["made"]?.integer == 0)
            _ = try await merchant.post("/refunds/\(hold)/cancel")
            let again = try await merchant.post("/refunds/batch", body, once: "b")
            #expect(again.body == before.body)
            let anew = try await merchant.post("/refunds/batch", body, once: "c")
            #expect(try anew.json["made"]?.integer == 1)
        }
    }

    @Test func `a batch refunds no more than there is, however many items ask`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let item = #"{"payment": "\#(payment)", "amount": 30}"#
            let many = Array(repeating: item, count: 100).joined(separator: ",")
            let answer = try await merchant.post("/refunds/batch", #"{"refunds": [\#(many)]}"#, once: "b")
            #expect(try answer.json["made"]?.integer == 33)
            #expect(try await merchant.get("/payments/\(payment)").json["amount_refundable"]?.integer == 10)
        }
    }

    @Test func `a batch needs a key, takes no quote, and its items are counted`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let item = #"{"payment": "\#(payment)", "amount": 1}"#
            let unkeyed = try await merchant.post("/refunds/batch", #"{"refunds": [\#(item)]}"#)
            #expect(try unkeyed.json["param"]?.string == "Idempotency-Key")
            let quoted = try await merchant.post("/refunds/batch", #"{"refunds": [{"quote": "quo_1"}]}"#, once: "q")
            #expect(try quoted.items[0]["error"]?["param"]?.string == "refunds[0].quote")
            for body in ["{}", #"{"refunds": []}"#, #"{"refunds": {}}"#, #"{"refunds": [\#(item)], "x": 1}"#] {
                #expect(try await merchant.post("/refunds/batch", body, once: "k").status == 400)
            }
            let many = Array(repeating: item, count: 101).joined(separator: ",")
            #expect(try await merchant.post("/refunds/batch", #"{"refunds": [\#(many)]}"#, once: "k").status == 400)
            #expect(try await merchant.get("/refunds").ids.isEmpty)
        }
    }
}
