import DialectKit
import Domain
import TestSupport
import Testing

struct RefundTests {
    @Test func `a new refund is answered whole, its members sorted`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let answer = try await merchant.askForRefund(payment, 50)
            #expect(answer.status == 200)
            let id = try answer.made()
            #expect(id.hasPrefix("refd_"))
            #expect(id.count == 29)
            #expect(
                answer.text == """
                    {"amount":50,"created":1767323045,"currency":"eur","date_bank":null,"date_refund":null,\
                    "id":"\(id)","live_mode":false,"payment":"\(payment)","status":"to_refund"}
                    """
            )
            let read = try await merchant.get("/v1/refunds/\(id)")
            #expect(read.status == 200)
            #expect(read.body == answer.body)
        }
    }

    @Test func `without an amount what is left is refunded, below 50 too`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let first = try await merchant.askForRefund(payment, 400).json["amount"]?.integer
            let second = try await merchant.askForRefund(payment, 570).json["amount"]?.integer
            let third = try await merchant.askForRefund(payment).json["amount"]?.integer
            #expect([first, second, third] == [400, 570, 30])
            let status = try await merchant.status(of: payment)
            #expect(status?.string == "captured")
        }
    }

    @Test func `a refund of 1 is large enough`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let answer = try await merchant.askForRefund(payment, 1)
            #expect(answer.status == 200)
        }
    }

    @Test func `an amount above the payment is a bad request`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            _ = try await merchant.refund(payment, 900)
            let answer = try await merchant.askForRefund(payment, 1001)
            #expect(answer.status == 400)
            #expect(try answer.message == "amount must not exceed 1000, the amount of the payment")
        }
    }

    @Test func `an amount above what is left is a conflict`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            _ = try await merchant.refund(payment, 900)
            let answer = try await merchant.askForRefund(payment, 101)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded beyond what is left of it, 100")
            let rest = try await merchant.askForRefund(payment, 100)
            #expect(rest.status == 200)
        }
    }

    @Test(arguments: ["", #","amount":1"#])
    func `nothing left is a conflict`(amount: String) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            _ = try await merchant.refund(payment)
            let answer = try await merchant.post("/v1/refunds/", #"{"payment":"\#(payment)"\#(amount)}"#)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment has already been fully refunded")
        }
    }

    @Test func `concurrent refunds never exceed the payment`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await merchant.askForRefund(payment, 300).status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 3, 409: 17])
        }
    }

    // MARK: - Payments in other states

    @Test(arguments: [("", "to_capture"), (#","capture":false"#, "authorized")], [nil, 1000])
    func `the whole of an uncaptured payment is let go`(made: (more: String, status: String), amount: Int?) async throws
    {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard, more: made.more)
            let before = try await merchant.status(of: payment)
            #expect(before?.string == made.status)
            let refund = try await merchant.askForRefund(payment, amount).json
            #expect(refund["status"]?.string == "payment_canceled")
            #expect(refund["amount"]?.integer == 1000)
            #expect(refund["date_refund"] == .null)
            #expect(refund["date_bank"] == .null)
            let after = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(after["status"]?.string == "canceled")
            #expect(after["refunds"]?.array == [refund])
        }
    }

    @Test(arguments: ["", #","capture":false"#])
    func `a part of an uncaptured payment is not let go`(more: String) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard, more: more)
            let answer = try await merchant.askForRefund(payment, 999)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be partially refunded before it has been captured")
            let tooMuch = try await merchant.askForRefund(payment, 1001)
            #expect(tooMuch.status == 400)
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `a payment whose capture is on its way waits`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.payByBank(1000)
            let status = try await merchant.status(of: payment)
            #expect(status?.string == "capture_sent")
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment capture is being processed, refund it once it is captured")
            try await merchant.server.advance(by: .seconds(2))
            let later = try await merchant.askForRefund(payment, amount)
            #expect(later.status == 200)
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `a disputed payment is not refunded`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.disputedCard)
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment is disputed, the money is claimed back by the payer's bank already")
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `a payment without a card yet is not refunded`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.post("/v1/checkout/", #"{"amount":1000,"currency":"eur"}"#).made()
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded, it has not been paid yet")
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `a refused payment is not refunded`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: "4000000000000002")
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded, its status is refused")
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `a canceled payment is not refunded again`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard)
            _ = try await merchant.refund(payment)
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded, its status is canceled")
        }
    }

    @Test(arguments: [nil, 1000, 10])
    func `an expired payment is not refunded`(amount: Int?) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard, more: #","capture":false"#)
            try await merchant.server.advance(by: .seconds(7 * 86400))
            let status = try await merchant.status(of: payment)
            #expect(status?.string == "expired")
            let answer = try await merchant.askForRefund(payment, amount)
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded, its status is expired")
        }
    }

    // MARK: - The request

    @Test(arguments: ["eur", "EUR", "Eur"])
    func `the payment's currency may be said, in any case`(currency: String) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let body = #"{"payment":"\#(payment)","amount":50,"currency":"\#(currency)"}"#
            let answer = try await merchant.post("/v1/refunds/", body)
            #expect(try answer.json["currency"]?.string == "eur")
        }
    }

    @Test(arguments: [
        (#""usd""#, "currency must be eur, as in the payment"),
        (#""xxx""#, "currency must be an ISO 4217 currency code such as EUR"),
        ("978", "currency must be a string, not a number"),
    ])
    func `another currency is a bad request`(currency: String, message: String) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let answer = try await merchant.post(
                "/v1/refunds/",
                #"{"payment":"\#(payment)","amount":50,"currency":\#(currency)}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.message == message)
        }
    }

    @Test(arguments: [
        "0", "-1", "-0", "1.0", "50.5", "1e2", #""50""#, "true", "null", "[50]", "{}", "9223372036854775808",
        "18446744073709551616", "1000000000001",
    ])
    func `what is no amount is a bad request`(amount: String) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let answer = try await merchant.post("/v1/refunds/", #"{"payment":"\#(payment)","amount":\#(amount)}"#)
            #expect(answer.status == 400)
            #expect(try answer.message?.hasPrefix("amount must be") == true)
            let left = try await merchant.askForRefund(payment).json["amount"]?.integer
            #expect(left == 1000)
        }
    }

    @Test(arguments: [
        ("{}", "payment is required"), (#"{"amount":50}"#, "payment is required"),
        (#"{"payment":null}"#, "payment is required"),
        (#"{"payment":""}"#, "payment must have 1 to 500 characters"),
        (#"{"payment":{"id":"paym_1"}}"#, "payment must be a string, not an object"),
        (#"{"payment":["paym_1"]}"#, "payment must be a string, not an array"),
        (#"{"payment":1}"#, "payment must be a string, not a number"),
    ])
    func `a refund without a payment's id is a bad request`(body: String, message: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/refunds/", body)
            #expect(answer.status == 400)
            #expect(try answer.message == message)
        }
    }

    @Test func `unknown members are ignored`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let body = #"{"payment":"\#(payment)","amount":50,"reason":{"code":1},"status":"refunded","id":"refd_1"}"#
            let answer = try await merchant.post("/v1/refunds/", body)
            #expect(answer.status == 200)
            #expect(try answer.json["status"]?.string == "to_refund")
        }
    }

    @Test func `an unknown payment is named as it was written`() async throws {
        try await withMerchant { merchant in
            for text in ["paym_sS1sXwDuaqGTjuQ7DY4BBNaI", "x", "refd_000000000000000000000000", "é\\\"/"] {
                let answer = try await merchant.post("/v1/refunds/", #"{"payment":"\#(text)"}"#)
                #expect(answer.status == 404)
                #expect(try answer.message == "No such payment " + text.replacing("\\\"", with: "\""))
            }
        }
    }

    @Test(arguments: [
        "refd_o6Y1oZinbl9lErB24OSQCAKl", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "refd_zzzzzzzzzzzzzzzzzzzzzzzz", "refd_", "1",
        "a%20b",
    ])
    func `an unknown refund is named as it was written`(text: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get("/v1/refunds/\(text)")
            #expect(answer.status == 404)
            #expect(try answer.message == "No such refund \(text.replacing("%20", with: " "))")
        }
    }

    @Test func `live mode refuses refunds without a processor`() async throws {
        try await TestServer.run { server in
            let live = try await Merchant(server, .live)
            let answer = try await live.askForRefund("paym_sS1sXwDuaqGTjuQ7DY4BBNaI")
            #expect(answer.status == 409)
            #expect(try answer.message?.contains("No processor is configured for live mode") == true)
        }
    }
}
