import DialectKit
import TestSupport
import Testing

@Suite struct ImportTests {
    private static let taken = #"{"amount": 1000, "currency": "EUR", "processor": "sandbox", "processor_reference": "#

    @Test func `a payment that was taken elsewhere can be refunded`() async throws {
        try await Merchant.run { merchant in
            let before = try await merchant.payment(5)
            let captured = try await merchant.get("/payments/\(before)").json["captured_at"]?.string ?? ""
            let made = try await merchant.post("/payments", Self.taken + #""ch_1", "captured_at": "\#(captured)"}"#)
            let payment = try made.json
            #expect(payment["status"]?.string == "captured")
            #expect(payment["amount_captured"]?.integer == 1000)
            #expect(payment["processor_reference"]?.string == "ch_1")
            #expect(payment["processor_account"]?.string == "default")
            #expect(payment["captured_at"]?.string == captured)
            #expect(payment["method"] == .null)
            let refund = try await merchant.refund(made.id, 400)
            try await merchant.server.advance(by: .seconds(30))
            #expect(try await merchant.get("/refunds/\(refund)").json["status"]?.string == "succeeded")
            #expect(try await merchant.server.findings().isEmpty)
        }
    }

    @Test func `the processor's payment is taken in once, for each of the merchant's accounts there`() async throws {
        try await Merchant.run { merchant in
            let first = try await merchant.post("/payments", Self.taken + #""ch_1"}"#).id
            let again = try await merchant.post("/payments", Self.taken + #""ch_1"}"#)
            #expect(try again.code == "processor_reference_taken")
            #expect(try again.json["payment"]?.string == first)
            let other = try await merchant.post("/payments", Self.taken + #""ch_1", "processor_account": "shop 2"}"#)
            #expect(other.status == 200)
        }
    }

    @Test func `a fee that the processor kept is booked, and a refund does not bring it back`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.post("/payments", Self.taken + #""ch_1", "fee": 30}"#).id
            let parts = try await merchant.get("/payments/\(payment)/captures").items
            #expect(parts.map { $0["fee"]?.integer } == [30])
            let quote = try await merchant.post("/refund_quotes", #"{"payment": "\#(payment)"}"#).json
            #expect(quote["warnings"]?.array?.first?["code"]?.string == "fees_not_returned")
            #expect(quote["warnings"]?.array?.first?["amount"]?.integer == 30)
            let balances = try await merchant.get("/balances").items
            #expect(balances.first?["accounts"]?["processor_fees"]?.integer == 30)
            #expect(try await merchant.server.findings().isEmpty)
            let more = try await merchant.post("/payments", Self.taken + #""ch_2", "fee": 1001}"#)
            #expect(try more.json["param"]?.string == "fee")
        }
    }

    @Test func `two in one moment are one`() async throws {
        try await Merchant.run { merchant in
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...8 {
                    group.addTask { try await merchant.post("/payments", Self.taken + #""ch_1"}"#).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.sorted() == [200] + Array(repeating: 409, count: 7))
        }
    }

    @Test(arguments: [
        (#""processor_reference": "r""#, "processor"), (#""processor": "sandbox""#, "processor_reference"),
        (#""processor": "other", "processor_reference": "r""#, "processor"),
        (#""processor": "sandbox", "processor_reference": "r", "capture": false"#, "capture"),
        (#""processor": "sandbox", "processor_reference": "r", "captured_at": "9999-01-01T00:00:00Z""#, "captured_at"),
        (#""processor": "sandbox", "processor_reference": "r", "captured_at": "yesterday""#, "captured_at"),
        (#""captured_at": "2020-01-01T00:00:00Z""#, "processor"),
    ])
    func `what is half said or wrong is refused`(members: String, parameter: String) async throws {
        try await Merchant.run { merchant in
            let answer = try await merchant.post("/payments", #"{"amount": 5, "currency": "EUR", \#(members)}"#)
            #expect(answer.status == 400)
            #expect(try answer.json["param"]?.string == parameter)
        }
    }
}
