import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

@testable import StancerDialect

struct CardTests {
    @Test func `a new card is answered whole, without number or code`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/cards/",
                """
                {"number":"5555555555554444","exp_month":2,"exp_year":2033,"cvc":"987","name":"Jane Doe",\
                "zip_code":"75001","external_id":"mine","preferred_network":"national","tokenize":true}
                """
            )
            let id = try answer.made()
            #expect(id.hasPrefix("card_"))
            #expect(id.count == 29)
            #expect(
                answer.text == """
                    {"brand":"mastercard","country":"US","created":1767323045,"exp_month":2,"exp_year":2033,\
                    "external_id":"mine","funding":"credit","id":"\(id)","last4":"4444","live_mode":false,\
                    "name":"Jane Doe","nature":"personnal","network":"national","zip_code":"75001"}
                    """
            )
            let read = try await merchant.get("/v1/cards/\(id)")
            #expect(read.body == answer.body)
        }
    }

    @Test(arguments: [
        ("4242424242424242", "visa", "visa"), ("5555555555554444", "mastercard", "mastercard"),
        ("3530111333300000", "jcb", "national"), ("6011651456571367", "discover", "national"),
        ("6759761854174320", "maestro", "mastercard"), ("4716929813250776300", "visa", "visa"),
    ])
    func `brand and network follow from the number`(number: String, brand: String, network: String) async throws {
        try await withMerchant { merchant in
            let json = try await merchant.post("/v1/cards/", Merchant.card(number)).json
            #expect(json["brand"]?.string == brand)
            #expect(json["network"]?.string == network)
            #expect(json["last4"]?.string == String(number.suffix(4)))
        }
    }

    /// Some clients send digits as JSON numbers, which lose the code's leading zeros.
    @Test(arguments: ["\"4242424242424242\"", "4242424242424242"], ["\"012\"", "123", "12", "0"])
    func `number and code may be strings or integers`(number: String, code: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/cards/",
                #"{"number":\#(number),"exp_month":1,"exp_year":2030,"cvc":\#(code)}"#
            )
            #expect(answer.status == 200)
            #expect(try answer.json["last4"]?.string == "4242")
        }
    }

    @Test(arguments: [
        (#""number":"4242424242424241""#, "number"), (#""number":"4242 4242 4242 4242""#, "number"),
        (#""number":"424242424242424""#, "number"), (#""number":"42424242424242424242""#, "number"),
        (#""number":"""#, "number"), (#""number":4242424242424241"#, "number"),
        (#""number":4.242424242424242e15"#, "number"),
        (#""number":null"#, "number is required"),
        (#""number":true"#, "number must be a string of digits, not a boolean"),
        (#""exp_month":0"#, "exp_month must be between 1 and 12"),
        (#""exp_month":13"#, "exp_month must be between 1 and 12"),
        (#""exp_month":"1""#, "exp_month must be an integer, not a string"),
        (#""exp_month":null"#, "exp_month is required"),
        (#""exp_year":99"#, "exp_year must be between 2000 and 9999"), (#""exp_year":null"#, "exp_year is required"),
        (#""cvc":"12""#, "cvc must be three digits"), (#""cvc":"1234""#, "cvc must be three digits"),
        (#""cvc":"12a""#, "cvc must be three digits"), (#""cvc":1234"#, "cvc must be three digits"),
        (#""cvc":-12"#, "cvc must be three digits"), (#""cvc":1.5"#, "cvc must be three digits"),
        (#""cvc":true"#, "cvc must be three digits"), (#""name":"Jo""#, "name must have 3 to 64 characters"),
        (#""zip_code":"1""#, "zip_code must have 2 to 8 characters"),
        (#""zip_code":"123456789""#, "zip_code must have 2 to 8 characters"),
        (#""external_id":"""#, "external_id must have 1 to 36 characters"),
        (#""tokenize":"yes""#, "tokenize must be true or false, not a string"),
        (#""preferred_network":"amex""#, "preferred_network must be one of visa, mastercard, national"),
    ])
    func `what a card cannot be is a bad request that does not repeat it`(member: String, message: String) async throws
    {
        try await withMerchant { merchant in
            let valid = [
                "number": #""number":"4242424242424242""#, "exp_month": #""exp_month":1"#,
                "exp_year": #""exp_year":2030"#,
            ]
            let named = String(member.split(separator: "\"")[0])
            let others = valid.filter { $0.key != named }.map(\.value).sorted()
            let answer = try await merchant.post("/v1/cards/", "{\((others + [member]).joined(separator: ","))}")
            #expect(answer.status == 400)
            let expected =
                message == "number"
                ? "number must be a card number of 16 to 19 digits with a valid check digit" : message
            #expect(try answer.message == expected)
        }
    }

    @Test func `names of 3 to 64 characters are taken`() async throws {
        try await withMerchant { merchant in
            for name in ["Ann", String(repeating: "é", count: 64)] {
                let body =
                    #"{"number":"4242424242424242","exp_month":1,"exp_year":\#(2030 + name.count),"name":"\#(name)"}"#
                let answer = try await merchant.post("/v1/cards/", body)
                #expect(try answer.json["name"]?.string == name)
            }
        }
    }

    @Test func `the same number and expiry is a conflict that names the card`() async throws {
        try await withMerchant { merchant in
            let first = try await merchant.post("/v1/cards/", Merchant.card("4242424242424242")).made()
            let answer = try await merchant.post(
                "/v1/cards/",
                #"{"number":4242424242424242,"exp_month":11,"exp_year":2031,"cvc":"999","name":"Someone Else"}"#
            )
            #expect(answer.status == 409)
            #expect(
                answer.text == """
                    {"error":{"message":{"error":"Card already exists, you may want to update it instead creating a \
                    new one","id":"\(first)"},"type":"invalid_request_error"}}
                    """
            )
            let other = try await merchant.post("/v1/cards/", Merchant.card("4242424242424242", month: 12))
            #expect(other.status == 200)
        }
    }

    @Test func `what a change does not name stays`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/cards/", Merchant.card("4242424242424242")).made()
            let named = try await merchant.patch("/v1/cards/\(id)", #"{"name":"Pickle Rick"}"#)
            #expect(named.status == 200)
            let changed = try await merchant.patch(
                "/v1/cards/\(id)",
                #"{"zip_code":"75001","exp_month":3,"exp_year":2040,"external_id":"x","preferred_network":"national"}"#
            )
            let json = try await merchant.get("/v1/cards/\(id)").json
            #expect(try changed.json == json)
            #expect(json["name"]?.string == "Pickle Rick")
            #expect(json["zip_code"]?.string == "75001")
            #expect(json["exp_month"]?.integer == 3)
            #expect(json["exp_year"]?.integer == 2040)
            #expect(json["external_id"]?.string == "x")
            #expect(json["network"]?.string == "national")
            #expect(json["last4"]?.string == "4242")
        }
    }

    @Test func `a card keeps its number`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/cards/", Merchant.card("4242424242424242")).made()
            let answer = try await merchant.patch("/v1/cards/\(id)", #"{"number":"5555555555554444"}"#)
            #expect(answer.status == 400)
            #expect(try answer.message == "number cannot be changed: create another card instead")
            let bad = try await merchant.patch("/v1/cards/\(id)", #"{"cvc":"x"}"#)
            #expect(bad.status == 400)
        }
    }

    @Test func `a deleted card is gone, without a body, but not from its payment`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let before = try await merchant.get("/v1/checkout/\(payment)").json["card"]
            let id = try #require(before?["id"]?.string)
            let answer = try await merchant.send(.delete, "/v1/cards/\(id)")
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            for answer in [
                try await merchant.get("/v1/cards/\(id)"), try await merchant.send(.delete, "/v1/cards/\(id)"),
                try await merchant.patch("/v1/cards/\(id)", "{}"),
            ] {
                #expect(answer.status == 404)
                #expect(try answer.message == "No such card \(id)")
            }
            let paying = try await merchant.post("/v1/checkout/", #"{"amount":100,"currency":"eur","card":"\#(id)"}"#)
            #expect(paying.status == 404)
            let after = try await merchant.get("/v1/checkout/\(payment)").json["card"]
            #expect(after == before)
            let again = try await merchant.post("/v1/cards/", Merchant.card(Merchant.capturedCard))
            #expect(again.status == 200)
        }
    }

    /// What a simulation knows of its test cards nobody knows of real ones.
    @Test func `a live card says what its number says, no more`() async throws {
        try await TestServer.run { server in
            let live = try await Merchant(server, .live)
            let json = try await live.post("/v1/cards/", Merchant.card("4242424242424242")).json
            #expect(json["live_mode"]?.bool == true)
            #expect(json["brand"]?.string == "visa")
            #expect(json["network"]?.string == "visa")
            for name in ["country", "funding", "nature"] { #expect(json[name] == .null, "\(name)") }
        }
    }

    @Test func `an unknown card is named as it was written`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get("/v1/cards/abcdefghijklmnopqrstuvwxyzABC")
            #expect(answer.status == 404)
            #expect(try answer.message == "No such card abcdefghijklmnopqrstuvwxyzABC")
        }
    }
}

struct TestCardTests {
    @Test(arguments: [
        ("4242424242424242", "US"), ("5555555555554444", "US"), ("4000000000000077", "US"),
        ("4000000760000002", "BR"), ("4000001240000000", "CA"), ("4000004840000008", "MX"),
        ("4000000400000008", "AT"), ("4000000560000004", "BE"), ("4000002080000001", "DK"),
        ("4000002460000001", "FI"), ("4000002500000003", "FR"), ("4000002760000016", "DE"),
        ("4000003720000005", "IE"), ("4000003800000008", "IT"), ("4000004420000006", "LU"),
        ("4000005280000002", "NL"), ("4000005780000007", "NO"), ("4000006200000007", "PT"),
        ("4000006430000009", "RU"), ("4000007240000007", "ES"), ("4000007520000008", "SE"),
        ("4000007560000009", "CH"), ("4000008260000000", "GB"), ("4000000360000006", "AU"),
        ("4000001560000002", "CN"), ("4000003440000004", "HK"), ("4000003920000003", "JP"),
        ("4000005540000008", "NZ"), ("4000007020000003", "SG"),
    ])
    func `a test number says its country`(number: String, country: String) throws {
        #expect(TestCard.country(of: try #require(CardNumber(number))) == country)
    }

    @Test(arguments: ["4444333322221111", "3530111333300000", "4111111111111111", "4000009990000005"])
    func `other numbers say none`(number: String) throws {
        #expect(TestCard.country(of: try #require(CardNumber(number))) == nil)
    }
}
