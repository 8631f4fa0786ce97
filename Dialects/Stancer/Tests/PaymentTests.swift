import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct PaymentTests {
    @Test func `a payment by card is answered whole, with card and customer as objects`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/checkout/",
                """
                {"amount":1000,"currency":"EUR","description":"Two tickets","order_id":"o-1","unique_id":"u-1",\
                "methods_allowed":["card"],"return_url":"https://shop.example/back",\
                "card":\(Merchant.card(Merchant.plainCard)),"customer":{"name":"Jane Doe","email":"jane@example.com"}}
                """
            )
            let json = try answer.json
            let (id, card, customer) = (
                json["id"]?.string, json["card"]?["id"]?.string, json["customer"]?["id"]?.string
            )
            #expect(answer.status == 200)
            #expect(
                answer.text == """
                    {"amount":1000,"auth":null,"capture":true,"card":{"brand":"visa","country":"US",\
                    "created":1767323045,"exp_month":11,"exp_year":2031,"external_id":null,"funding":"credit",\
                    "id":"\(try #require(card))","last4":"4242","live_mode":false,"name":null,"nature":"personnal",\
                    "network":"visa","zip_code":null},"country":"US","created":1767323045,"currency":"eur",\
                    "customer":{"created":1767323045,"email":"jane@example.com","external_id":null,\
                    "id":"\(try #require(customer))","live_mode":false,"mobile":null,"name":"Jane Doe"},\
                    "date_bank":null,"date_paym":1767323045,"description":"Two tickets","device":null,"fee":0,\
                    "id":"\(try #require(id))","live_mode":false,"method":"card","methods_allowed":["card"],\
                    "order_id":"o-1","refunds":[],"response":"00","response_author":null,\
                    "return_url":"https://shop.example/back","sepa":null,"status":"to_capture","unique_id":"u-1"}
                    """
            )
            #expect(id?.hasPrefix("paym_") == true)
            #expect(id?.count == 29)
            let read = try await merchant.get("/v1/checkout/\(try #require(id))")
            #expect(read.body == answer.body)
        }
    }

    /// Status, response code and the fate of test cards.
    @Test(arguments: [
        (Merchant.plainCard, "", "to_capture", "00"), (Merchant.plainCard, #","capture":true"#, "to_capture", "00"),
        (Merchant.plainCard, #","capture":false"#, "authorized", "00"),
        (Merchant.capturedCard, "", "captured", "00"),
        (Merchant.capturedCard, #","capture":false"#, "authorized", "00"),
        ("5555555555554444", "", "to_capture", "00"), ("4444333322221111", "", "to_capture", "00"),
        ("4000000760000002", "", "to_capture", "00"), ("4000008260000000", "", "to_capture", "00"),
        ("4000000000000259", "", "disputed", "00"), ("4000000000001976", "", "disputed", "00"),
        ("4000000000005423", "", "disputed", "00"), ("4000000000000002", "", "refused", "05"),
        ("4000000000009987", "", "refused", "41"), ("4000000000009979", "", "refused", "43"),
        ("4000000000009995", "", "refused", "51"),
    ])
    func `a card decides what becomes of its payment`(
        number: String,
        more: String,
        status: String,
        response: String
    ) async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: number, more: more)
            let json = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(json["status"]?.string == status)
            #expect(json["response"]?.string == response)
            #expect(json["method"]?.string == "card")
        }
    }

    @Test func `a card payment is captured an hour later, with a date`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard)
            try await merchant.server.advance(by: .seconds(3599))
            let waiting = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(waiting["status"]?.string == "to_capture")
            #expect(waiting["date_bank"] == .null)
            try await merchant.server.advance(by: .seconds(1))
            let captured = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(captured["status"]?.string == "captured")
            #expect(captured["date_bank"]?.integer == 1_767_326_645)
        }
    }

    @Test func `without a card there is neither method nor status`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/checkout/", #"{"amount":50,"currency":"usd"}"#).json
            for name in ["card", "customer", "method", "status", "response", "fee", "country", "auth", "sepa"] {
                #expect(answer[name] == .null, "\(name)")
            }
            #expect(answer["refunds"]?.array == [])
            #expect(answer["capture"]?.bool == true)
        }
    }

    // MARK: - Cards and customers of a payment

    @Test func `an equal card or customer is used again`() async throws {
        try await withMerchant { merchant in
            let body = """
                {"amount":1000,"currency":"eur","card":\(Merchant.card(Merchant.plainCard)),\
                "customer":{"name":"Jane Doe","email":"jane@example.com"}}
                """
            let first = try await merchant.post("/v1/checkout/", body).json
            let second = try await merchant.post("/v1/checkout/", body).json
            #expect(first["id"] != second["id"])
            #expect(first["card"] == second["card"])
            #expect(first["customer"] == second["customer"])
            let cards = try await merchant.get("/v1/cards/").ids("cards")
            #expect(cards == [first["card"]?["id"]?.string])
        }
    }

    @Test(arguments: [false, true])
    func `a card and a customer can be named by id or by an object that holds one`(wrapped: Bool) async throws {
        try await withMerchant { merchant in
            let card = try await merchant.post("/v1/cards/", Merchant.card(Merchant.plainCard)).made()
            let customer = try await merchant.post("/v1/customers/", #"{"mobile":"+33600000000"}"#).made()
            func named(_ id: String) -> String { wrapped ? #"{"id":"\#(id)"}"# : #""\#(id)""# }
            let answer = try await merchant.post(
                "/v1/checkout/",
                #"{"amount":1000,"currency":"eur","card":\#(named(card)),"customer":\#(named(customer))}"#
            )
            #expect(try answer.json["card"]?["id"]?.string == card)
            #expect(try answer.json["customer"]?["id"]?.string == customer)
            #expect(try answer.json["status"]?.string == "to_capture")
        }
    }

    @Test(arguments: ["card", "customer"])
    func `an unknown card or customer is named as it was written`(member: String) async throws {
        try await withMerchant { merchant in
            for reference in [#""what is this""#, #"{"id":"what is this"}"#] {
                let answer = try await merchant.post(
                    "/v1/checkout/",
                    #"{"amount":1000,"currency":"eur","\#(member)":\#(reference)}"#
                )
                #expect(answer.status == 404)
                #expect(try answer.message == "No such \(member) what is this")
            }
            let payments = try await merchant.get("/v1/checkout/").ids("payments")
            #expect(payments.isEmpty)
        }
    }

    @Test func `a card of a payment is checked like any other`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/checkout/",
                #"{"amount":1000,"currency":"eur","card":{"number":"4242424242424241","exp_month":1,"exp_year":2030}}"#
            )
            #expect(answer.status == 400)
            #expect(try answer.message?.hasPrefix("card.number must be a card number") == true)
            #expect(!answer.text.contains("4242424242424241"))
        }
    }

    // MARK: - Duplicates

    @Test func `a unique id is used once, and the conflict names its payment`() async throws {
        try await withMerchant { merchant in
            let body = #"{"amount":1000,"currency":"eur","unique_id":"u-1"}"#
            let first = try await merchant.post("/v1/checkout/", body).made()
            let answer = try await merchant.post("/v1/checkout/", body)
            #expect(answer.status == 409)
            #expect(
                answer.text == """
                    {"error":{"message":{"error":"Payment already exists, duplicate unique_id","id":"\(first)"},\
                    "type":"invalid_request_error"}}
                    """
            )
            let other = try await Merchant(merchant.server, account: "other").post("/v1/checkout/", body)
            #expect(other.status == 200)
        }
    }

    @Test func `an order id is used as often as one likes`() async throws {
        try await withMerchant { merchant in
            let body = #"{"amount":1000,"currency":"eur","order_id":"o-1"}"#
            let first = try await merchant.post("/v1/checkout/", body).made()
            let second = try await merchant.post("/v1/checkout/", body).made()
            #expect(first != second)
        }
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("", "amount is required"), (#""amount":49"#, "amount must be at least 50"),
        (#""amount":0"#, "amount must be between 1 and 1000000000000"),
        (#""amount":-50"#, "amount must be between 1 and 1000000000000"),
        (#""amount":1000000000001"#, "amount must be between 1 and 1000000000000"),
        (#""amount":"100""#, "amount must be an integer in minor units, not a string"),
        (#""amount":null"#, "amount must be an integer in minor units, not null"),
        (#""amount":100.0"#, "amount must be a whole number of minor units, without sign, point or exponent"),
    ])
    func `an amount of a payment is at least 50`(amount: String, message: String) async throws {
        try await withMerchant { merchant in
            let members = [amount, #""currency":"eur""#].filter { !$0.isEmpty }.joined(separator: ",")
            let answer = try await merchant.post("/v1/checkout/", "{\(members)}")
            #expect(answer.status == 400)
            #expect(try answer.message == message)
        }
    }

    @Test func `an amount of 0 is for cards that are only checked`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(0, more: #","capture":false"#)
            let json = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(json["amount"]?.integer == 0)
            #expect(json["status"]?.string == "authorized")
            let refund = try await merchant.askForRefund(payment)
            #expect(refund.status == 409)
        }
    }

    @Test(arguments: ["aud", "cad", "chf", "dkk", "eur", "gbp", "jpy", "nok", "pln", "sek", "usd"])
    func `eleven currencies are taken in any case and shown in lower`(code: String) async throws {
        try await withMerchant { merchant in
            for currency in [code, code.uppercased()] {
                let answer = try await merchant.post("/v1/checkout/", #"{"amount":100,"currency":"\#(currency)"}"#)
                #expect(try answer.json["currency"]?.string == code)
            }
        }
    }

    @Test(arguments: [
        (#","currency":null"#, "currency is required"), ("", "currency is required"),
        (#","currency":"kwd""#, "currency must be one of aud, cad, chf, dkk, eur, gbp, jpy, nok, pln, sek, usd"),
        (#","currency":"euro""#, "currency must be an ISO 4217 currency code such as EUR"),
        (#","currency":"eur","description":"ab""#, "description must have 3 to 64 characters"),
        (#","currency":"eur","order_id":"""#, "order_id must have 1 to 36 characters"),
        (
            #","currency":"eur","unique_id":"0123456789012345678901234567890123456""#,
            "unique_id must have 1 to 36 characters"
        ),
        (#","currency":"eur","unique_id":7"#, "unique_id must be a string, not a number"),
        (#","currency":"eur","capture":1"#, "capture must be true or false, not a number"),
        (#","currency":"eur","capture":"no""#, "capture must be true or false, not a string"),
        (#","currency":"eur","methods_allowed":"card""#, "methods_allowed must be an array of card, sepa or both"),
        (#","currency":"eur","methods_allowed":[]"#, "methods_allowed must be an array of card, sepa or both"),
        (#","currency":"eur","methods_allowed":["cash"]"#, "methods_allowed must be an array of card, sepa or both"),
        (#","currency":"eur","return_url":"http://shop.example/""#, "return_url must be an HTTPS address"),
        (#","currency":"eur","return_url":"https://""#, "return_url must be an HTTPS address"),
        (#","currency":"eur","card":7"#, "card must be an id or an object, not a number"),
        (#","currency":"eur","card":"""#, "card must have 1 to 500 characters"),
        (#","currency":"eur","customer":["cust_1"]"#, "customer must be an id or an object, not an array"),
        (#","currency":"eur","customer":{"name":"Jane"}"#, "customer.email is required where there is no mobile"),
        (#","currency":"eur","sepa":{"iban":"x"}"#, "sepa is not offered here: pay by card"),
        (#","currency":"eur","sepa":"sepa_1""#, "sepa is not offered here: pay by card"),
        (#","currency":"eur","device":"phone""#, "device must be a JSON object, not a string"),
        (#","currency":"eur","device":{"ip":"1.2.3.4","port":65536}"#, "device.port must be between 1 and 65535"),
        (#","currency":"eur","auth":true"#, "auth must be a JSON object, not a boolean"),
        (#","currency":"eur","auth":{"status":"success"}"#, "auth.status must be request"),
        (#","currency":"eur","auth":{"return_url":"ftp://x"}"#, "auth.return_url must be an HTTPS address"),
    ])
    func `what a payment cannot be is a bad request`(more: String, message: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/checkout/", #"{"amount":100\#(more)}"#)
            #expect(answer.status == 400)
            #expect(try answer.message == message)
        }
    }

    @Test func `an address to come back to has at most 2048 characters`() async throws {
        try await withMerchant { merchant in
            func body(_ length: Int) -> String {
                let url = "https://shop.example/" + String(repeating: "a", count: length - 21)
                return #"{"amount":100,"currency":"eur","return_url":"\#(url)"}"#
            }
            let longest = try await merchant.post("/v1/checkout/", body(2048))
            #expect(longest.status == 200)
            let longer = try await merchant.post("/v1/checkout/", body(2049))
            #expect(longer.status == 400)
        }
    }

    @Test func `live mode refuses payments without a processor`() async throws {
        try await TestServer.run { server in
            let live = try await Merchant(server, .live)
            let answer = try await live.post("/v1/checkout/", #"{"amount":100,"currency":"eur"}"#)
            #expect(answer.status == 409)
            #expect(
                try answer.message
                    == "No processor is configured for live mode: no live payment or refund can be made"
            )
        }
    }

    @Test func `an unknown payment is named as it was written`() async throws {
        try await withMerchant { merchant in
            for (method, body) in [(HTTPRequest.Method.get, nil), (.patch, "{}")] as [(HTTPRequest.Method, String?)] {
                let answer = try await merchant.send(method, "/v1/checkout/abcdefghijklmnopqrstuvwxyzABC", body)
                #expect(answer.status == 404)
                #expect(try answer.message == "No such payment abcdefghijklmnopqrstuvwxyzABC")
            }
        }
    }
}
