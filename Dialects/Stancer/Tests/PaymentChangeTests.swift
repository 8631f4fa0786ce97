import DialectKit
import Domain
import TestSupport
import Testing

struct PaymentChangeTests {
    private func unpaid(_ merchant: Merchant, _ more: String = "") async throws -> String {
        let payment = try await merchant.post("/v1/checkout/", #"{"amount":1000,"currency":"eur"\#(more)}"#).made()
        return "/v1/checkout/\(payment)"
    }

    @Test func `a card leaves the status open, then it is authorized, then captured`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let carded = try await merchant.patch(path, #"{"card":\#(Merchant.card(Merchant.plainCard))}"#)
            #expect(carded.status == 200)
            #expect(try carded.json["method"]?.string == "card")
            #expect(try carded.json["card"]?["last4"]?.string == "4242")
            #expect(try carded.json["status"] == .null)
            let authorized = try await merchant.patch(path, #"{"status":"authorize"}"#)
            #expect(try authorized.json["status"]?.string == "authorized")
            #expect(try authorized.json["amount"]?.integer == 1000)
            let captured = try await merchant.patch(path, #"{"status":"capture"}"#)
            #expect(try captured.json["status"]?.string == "to_capture")
            let read = try await merchant.get(path)
            #expect(read.body == captured.body)
        }
    }

    @Test func `a card and its authorization can be asked for at once`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let body = #"{"card":\#(Merchant.card(Merchant.plainCard)),"status":"authorize"}"#
            let answer = try await merchant.patch(path, body)
            #expect(try answer.json["status"]?.string == "authorized")
        }
    }

    @Test func `a capture asks for the authorization too where there is none`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let body = #"{"card":\#(Merchant.card(Merchant.plainCard)),"status":"capture"}"#
            let answer = try await merchant.patch(path, body)
            #expect(try answer.json["status"]?.string == "to_capture")
        }
    }

    @Test(arguments: ["authorize", "capture"])
    func `a card that is refused says so`(status: String) async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let body = #"{"card":\#(Merchant.card("4000000000009995")),"status":"\#(status)"}"#
            let answer = try await merchant.patch(path, body)
            #expect(try answer.json["status"]?.string == "refused")
            #expect(try answer.json["response"]?.string == "51")
        }
    }

    @Test func `texts and customer can be changed, and what is not named stays`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant, #","order_id":"o-1","description":"First text""#)
            let answer = try await merchant.patch(
                path,
                """
                {"description":"Second text","unique_id":"u-2","customer":{"email":"jane@example.com"},"order_id":null,\
                "methods_allowed":["sepa","card"],"return_url":"https://shop.example/","device":{"ip":"1.2.3.4","port":80}}
                """
            )
            let json = try answer.json
            #expect(json["description"]?.string == "Second text")
            #expect(json["order_id"]?.string == "o-1")
            #expect(json["unique_id"]?.string == "u-2")
            #expect(json["customer"]?["email"]?.string == "jane@example.com")
            #expect(json["methods_allowed"]?.array == ["sepa", "card"])
            #expect(json["return_url"]?.string == "https://shop.example/")
            #expect(json["device"]?["ip"]?.string == "1.2.3.4")
            #expect(json["device"]?["port"]?.integer == 80)
            #expect(json["device"]?["user_agent"] == .null)
            let again = try await merchant.patch(path, #"{"description":"Third text"}"#).json
            #expect(again["return_url"]?.string == "https://shop.example/")
            #expect(again["device"] == json["device"])
        }
    }

    @Test func `an empty change changes nothing`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let before = try await merchant.get(path)
            let answer = try await merchant.patch(path, "{}")
            #expect(answer.status == 200)
            #expect(answer.body == before.body)
        }
    }

    @Test func `the terms may be repeated but not changed`() async throws {
        try await withMerchant { merchant in
            let path = try await unpaid(merchant)
            let same = try await merchant.patch(path, #"{"amount":1000,"currency":"EUR"}"#)
            #expect(same.status == 200)
            for (body, member) in [(#"{"amount":999}"#, "amount"), (#"{"currency":"usd"}"#, "currency")] {
                let answer = try await merchant.patch(path, body)
                #expect(answer.status == 400)
                #expect(try answer.message == "\(member) cannot be changed once the payment is created")
            }
            let null = try await merchant.patch(path, #"{"amount":null}"#)
            #expect(null.status == 400)
        }
    }

    @Test func `another payment's unique id is a conflict`() async throws {
        try await withMerchant { merchant in
            let first = try await unpaid(merchant, #","unique_id":"u-1""#)
            let second = try await unpaid(merchant)
            let answer = try await merchant.patch(second, #"{"unique_id":"u-1"}"#)
            #expect(answer.status == 409)
            #expect(try answer.conflict.text == "Payment already exists, duplicate unique_id")
            #expect(try answer.conflict.id.map { "/v1/checkout/\($0)" } == first)
            let own = try await merchant.patch(first, #"{"unique_id":"u-1"}"#)
            #expect(own.status == 200)
        }
    }

    @Test(arguments: ["captured", "to_capture", "canceled", "disputed", "request", ""])
    func `no other status can be asked for`(status: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.patch(try await unpaid(merchant), #"{"status":"\#(status)"}"#)
            #expect(answer.status == 400)
            #expect(try answer.message == "status must be authorize or capture")
        }
    }

    @Test(arguments: ["authorize", "capture"])
    func `a payment without a card takes no step`(status: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.patch(try await unpaid(merchant), #"{"status":"\#(status)"}"#)
            #expect(answer.status == 409)
            #expect(try answer.message?.hasPrefix("Payment has no card yet") == true)
        }
    }

    @Test func `a step that was taken is not taken again`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard, more: #","capture":false"#)
            let path = "/v1/checkout/\(payment)"
            let authorize = try await merchant.patch(path, #"{"status":"authorize"}"#)
            #expect(authorize.status == 409)
            #expect(try authorize.message == "Payment is authorized, only its capture can be asked for")
            let capture = try await merchant.patch(path, #"{"status":"capture"}"#)
            #expect(capture.status == 200)
            let again = try await merchant.patch(path, #"{"status":"capture"}"#)
            #expect(again.status == 409)
            #expect(try again.message == "Payment can no longer be changed that way, its status is to_capture")
        }
    }

    @Test func `a card cannot be exchanged once it was asked`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard)
            let answer = try await merchant.patch(
                "/v1/checkout/\(payment)",
                #"{"card":\#(Merchant.card("5555555555554444"))}"#
            )
            #expect(answer.status == 409)
            let cards = try await merchant.get("/v1/cards/").ids("cards")
            #expect(cards.count == 1)
        }
    }

    @Test func `a bad body comes before an unknown payment`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.patch("/v1/checkout/nobody", #"{"status":7}"#)
            #expect(answer.status == 400)
            let unknown = try await merchant.patch("/v1/checkout/nobody", #"{"amount":1000}"#)
            #expect(unknown.status == 404)
        }
    }
}

/// Payers who have to prove who they are.
struct PayerAuthenticationTests {
    private func pay(_ merchant: Merchant, _ auth: String, card: Bool = true) async throws -> JSONValue {
        let card = card ? #","card":\#(Merchant.card(Merchant.plainCard))"# : ""
        return try await merchant.post("/v1/checkout/", #"{"amount":1000,"currency":"eur","auth":\#(auth)\#(card)}"#)
            .json
    }

    @Test func `with an address to come back to the payer can be sent to the bank`() async throws {
        try await withMerchant { merchant in
            let json = try await pay(merchant, #"{"status":"request","return_url":"https://shop.example/?a=1"}"#)
            #expect(json["status"] == .null)
            #expect(json["method"]?.string == "card")
            #expect(json["response"] == .null)
            #expect(json["auth"]?["status"]?.string == "available")
            #expect(json["auth"]?["return_url"]?.string == "https://shop.example/?a=1")
            #expect(json["auth"]?["redirect_url"]?.string?.hasPrefix("https://3ds.") == true)
            #expect(json["auth"]?.names == ["redirect_url", "return_url", "status"])
        }
    }

    @Test(arguments: [true, false], [#"{"status":"request"}"#, "{}"])
    func `without one the payment page has to ask`(card: Bool, auth: String) async throws {
        try await withMerchant { merchant in
            let json = try await pay(merchant, auth, card: card)
            #expect(json["status"] == .null)
            #expect(json["auth"]?["status"]?.string == "requested")
            #expect(json["auth"]?["return_url"] == .null)
            #expect(json["auth"]?["redirect_url"] == .null)
        }
    }

    @Test func `null asks for nothing`() async throws {
        try await withMerchant { merchant in
            let json = try await pay(merchant, "null")
            #expect(json["auth"] == .null)
            #expect(json["status"]?.string == "to_capture")
        }
    }

    @Test func `nothing is refunded before the proof`() async throws {
        try await withMerchant { merchant in
            let json = try await pay(merchant, #"{"status":"request"}"#)
            let answer = try await merchant.askForRefund(try #require(json["id"]?.string))
            #expect(answer.status == 409)
            #expect(try answer.message == "Payment cannot be refunded, it has not been paid yet")
        }
    }

    @Test(arguments: [("authorize", "authorized"), ("capture", "to_capture")])
    func `the simulation takes the merchant's next step for the proof`(step: String, status: String) async throws {
        try await withMerchant { merchant in
            let json = try await pay(merchant, #"{"return_url":"https://shop.example/"}"#)
            let path = "/v1/checkout/\(try #require(json["id"]?.string))"
            let answer = try await merchant.patch(path, #"{"status":"\#(step)"}"#).json
            #expect(answer["status"]?.string == status)
            #expect(answer["auth"]?["status"]?.string == "success")
        }
    }

    @Test func `the proof can be asked for later`() async throws {
        try await withMerchant { merchant in
            let made = try await merchant.post("/v1/checkout/", #"{"amount":1000,"currency":"eur"}"#).made()
            let body = #"{"auth":{"status":"request","return_url":"https://shop.example/"}}"#
            let answer = try await merchant.patch("/v1/checkout/\(made)", body).json
            #expect(answer["auth"]?["status"]?.string == "available")
        }
    }
}
