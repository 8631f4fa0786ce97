import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct StrictBodyTests {
    @Test(arguments: [
        ("", "an end where a value was expected"), ("x", "something that is no value"),
        (#"{"payment":"paym_1",}"#, "something that is no member name"),
        (#"{"payment":"paym_1"} {}"#, "something behind the end of the value"),
        (#"{"payment":"paym_1","payment":"paym_2"}"#, #"the member "payment" twice"#),
        (#"{"card":{"number":"1","number":"2"}}"#, #"the member "number" twice"#),
        ("{\"payment\":\"a\u{1}\"}", "a control character in a string"),
        (#"{"amount":01}"#, "a number with a leading zero"), (#"{"amount":NaN}"#, "something that is no value"),
        (#"{"payment":"\ud800"}"#, "half of a surrogate pair"), (#"{"payment":"paym_1"} // so"#, "something behind"),
        (#"{'payment':'paym_1'}"#, "something that is no member name"), ("\u{FEFF}{}", "a byte order mark"),
    ])
    func `what is not strictly JSON is a bad request`(body: String, fault: String) async throws {
        try await withMerchant { merchant in
            for path in ["/v1/refunds/", "/v1/checkout/", "/v1/customers/", "/v1/cards/"] {
                let answer = try await merchant.post(path, body)
                #expect(answer.status == 400)
                #expect(try answer.message?.contains("is not valid JSON: \(fault)") == true)
            }
        }
    }

    @Test(arguments: ["[]", "null", "1", #""text""#, "true"])
    func `what is not an object is a bad request`(body: String) async throws {
        try await withMerchant { merchant in
            for path in ["/v1/refunds/", "/v1/checkout/", "/v1/customers/", "/v1/cards/"] {
                let answer = try await merchant.post(path, body)
                #expect(answer.status == 400)
                #expect(try answer.message?.hasPrefix("The body must be a JSON object, not") == true)
            }
        }
    }

    @Test func `nesting ends at 64 levels`() async throws {
        try await withMerchant { merchant in
            func body(_ depth: Int) -> String {
                let nest = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
                return #"{"email":"a@example.com","x":\#(nest)}"#
            }
            let deepest = try await merchant.post("/v1/customers/", body(64))
            #expect(deepest.status == 200)
            let deeper = try await merchant.post("/v1/customers/", body(65))
            #expect(deeper.status == 400)
            #expect(try deeper.message?.contains("more than 64 levels") == true)
        }
    }

    @Test func `bytes that are not UTF-8 are a bad request`() async throws {
        try await withMerchant { merchant in
            let body = Array(#"{"payment":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let answer = try await merchant.sendToHost(.post, "/v1/refunds/", body)
            #expect(answer.status == .badRequest)
            #expect(answer.text.contains("text that is not UTF-8"))
        }
    }

    @Test func `a NUL character in a text is a bad request`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/customers/", #"{"name":"\u0000abc","email":"a@example.com"}"#)
            #expect(answer.status == 400)
            #expect(try answer.message == "name must not hold a NUL character")
        }
    }

    @Test func `the order of refusals is key, route, method, scope, size, body, object`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let reader = try await Merchant(server, scopes: ["refunds:read"])
            let large = String(repeating: "x", count: 70_000)
            let unknown = try await server.send(.post, "/stancer/v1/nothing", body: large)
            #expect(unknown.status == 401)
            let noRoute = try await reader.post("/v1/nothing", large)
            #expect(noRoute.status == 404)
            let noMethod = try await reader.send(.put, "/v1/refunds", large)
            #expect(noMethod.status == 405)
            let noScope = try await reader.post("/v1/refunds", large)
            #expect(noScope.status == 403)
            let tooLarge = try await merchant.post("/v1/refunds", large)
            #expect(tooLarge.status == 413)
            let badBody = try await merchant.post("/v1/refunds", #"{"payment":"nobody","amount":0}"#)
            #expect(badBody.status == 400)
            let noObject = try await merchant.post("/v1/refunds", #"{"payment":"nobody","amount":1}"#)
            #expect(noObject.status == 404)
        }
    }

    @Test func `above the payment comes before its state, and that before what is left`() async throws {
        try await withMerchant { merchant in
            let disputed = try await merchant.pay(1000, with: Merchant.disputedCard)
            let above = try await merchant.askForRefund(disputed, 1001)
            #expect(above.status == 400)
            let state = try await merchant.askForRefund(disputed, 1000)
            #expect(try state.message?.hasPrefix("Payment is disputed") == true)
        }
    }
}
