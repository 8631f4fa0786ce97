import DialectKit
import HTTPTypes
import TestSupport
import Testing

struct BodyTests {
    private static let posts = ["/v1/refunds", "/v1/payments", "/v1/pots", "/v1/customers"]

    @Test(arguments: [
        "", " ", "[]", "null", "1", "\"x\"", "{", "{}x", "{\"a\":1,}", "{\"a\":[1,]}", "{a:1}", "{'a':1}",
        "\u{FEFF}{}", "{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"\\u0061\":1,\"a\":2}", "{\"a\":01}",
        "{\"a\":.5}", "{\"a\":1_000}", "{\"a\":0x10}", "{\"a\":+1}", "{\"a\":NaN}", "{\"a\":1}{}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\n\"}", "// c\n{}", "amount=1000&payment=x",
        "{\"a\":" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}",
    ])
    func `what is not one strict JSON object is refused`(body: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in Self.posts { try expectRefusal(try await merchant.send(.post, path, body), 400) }
        }
    }

    @Test func `a missing body is refused`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in Self.posts { try expectRefusal(try await merchant.send(.post, path), 400) }
        }
    }

    @Test func `names that only look alike are different names, and no fault`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let twins = ", \"\u{E9}\": 1, \"e\u{301}\": 2"
            #expect(try await merchant.askRefund(of: payment, more: twins).status == 200)
            let inside = ", \"metadata\": {\"\u{E9}\": \"1\", \"e\u{301}\": \"2\"}"
            try expectRefusal(try await merchant.askRefund(of: payment, more: inside), 400, "metadata")
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "nonsense"])
    func `a body is JSON whatever its type says`(type: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.refundBody(of: try await merchant.payment())
            let answer = try await merchant.send(.post, "/v1/refunds", body, headers: ["Content-Type": type])
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        "\"1000\"", "\"\"", "10.0", "1.5", "1e3", "1E0", "0", "-1", "-0", "0.0", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999999", "1000000000001", "null", "true", "false", "[]",
        "[1000]", "{}", "01", "+1",
    ])
    func `an amount is a whole number of minor units above zero`(token: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            let payment = try await merchant.payment(pot: pot)
            let refund = #"{"amount": \#(token), "payment": "\#(payment)", "reason": {"code": "c"}}"#
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", refund), 400, "amount")
            let billing = #"{"name": "P", "email": "p@example.com"}"#
            let next = #"{"amount": \#(token), "pot": "\#(pot)", "billing_details": \#(billing)}"#
            try expectRefusal(try await merchant.send(.post, "/v1/payments", next), 400, "amount")
            #expect(try await merchant.balance(pot) == 2100)
        }
    }

    @Test func `the largest amount can be paid and refunded`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment(1_000_000_000_000)
            #expect(try await merchant.askRefund(1_000_000_000_000, of: payment).status == 200)
            #expect(try await merchant.paymentStatus(payment) == "fully_refunded")
        }
    }
}

struct MetadataTests {
    private static func object(_ count: Int, key: Int = 3, value: Int = 1) -> String {
        let members = (0..<count)
            .map { index in
                let digits = String(index)
                let name = String(repeating: "k", count: key - digits.count) + digits
                return "\"\(name)\": \"\(String(repeating: "v", count: value))\""
            }
        return "{\(members.joined(separator: ", "))}"
    }

    @Test(arguments: [
        object(0), object(50), object(1, key: 40), object(1, value: 500), object(1, value: 0), "null",
    ])
    func `metadata within its limits is taken everywhere`(metadata: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for answer in try await answers(metadata, merchant) { #expect(answer.status == 200, "\(answer.text)") }
        }
    }

    @Test(arguments: [
        object(51), object(1, key: 41), object(1, value: 501), #"{"": "x"}"#, #"{"a": 1}"#, #"{"a": null}"#,
        #"{"a": {"b": "c"}}"#, #"{"a": true}"#, #"["a"]"#, #""a""#, "7",
    ])
    func `metadata beyond its limits is refused everywhere`(metadata: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for answer in try await answers(metadata, merchant) { try expectRefusal(answer, 400, "metadata") }
        }
    }

    @Test func `metadata is answered as it was given`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for answer in try await answers(#"{"order": "7", "by": "Ann"}"#, merchant) {
                let made = try answer.json
                #expect(made["metadata"] == .members(("by", "Ann"), ("order", "7")))
            }
        }
    }

    /// What each of the four POSTs answers to the metadata.
    private func answers(_ metadata: String, _ merchant: Merchant) async throws -> [TestAnswer] {
        let more = ", \"metadata\": \(metadata)"
        let customer = try await merchant.customer()
        let pot = try await merchant.pot(of: customer)
        let payment = try await merchant.payment(pot: pot)
        let person = #"{"first_name": "A", "last_name": "B", "email": "a@example.com"\#(more)}"#
        let collection = #"{"name": "A", "currency": "gbp", "customer": "\#(customer)"\#(more)}"#
        return [
            try await merchant.send(.post, "/v1/customers", person),
            try await merchant.send(.post, "/v1/pots", collection),
            try await merchant.send(.post, "/v1/payments", Merchant.paymentBody(pot: pot, more: more)),
            try await merchant.askRefund(of: payment, more: more),
        ]
    }
}
