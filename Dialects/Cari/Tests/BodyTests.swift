import DialectKit
import HTTPTypes
import TestSupport
import Testing

/// Bodies that are read to the letter.
struct BodyTests {
    private static let rest = #""currency": "usd", "provider": "mobile""#

    @Test(arguments: [
        "", " ", "nonsense", "[]", "\"text\"", "1", "null", "{", #"{"amount": 1"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile",}"#,
        #"{"amount": 1, "amount": 1, "currency": "usd", "provider": "mobile"}"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile", "x": {"a": 1, "a": 2}}"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile", "x": [1,]}"#,
        "\u{FEFF}" + #"{"amount": 1, "currency": "usd", "provider": "mobile"}"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile"} {}"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile" /* why */}"#,
        #"{'amount': 1, 'currency': 'usd', 'provider': 'mobile'}"#,
        #"{"amount": 1, "currency": "u\sd", "provider": "mobile"}"#,
        #"{"amount": 1, "currency": "usd", "provider": "mobile", "x": "\ud800"}"#,
        "{\"amount\": 1, \"currency\": \"usd\", \"provider\": \"mobile\", \"x\": \"\u{1}\"}",
        #"{"amount": 1, "currency": "usd", "provider": "mobile", "x": "#
            + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}",
    ])
    func `what is not one strict JSON object is 400`(body: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            try expectRefusal(try await merchant.send(.post, "/charges", body), 400)
            try expectRefusal(try await merchant.send(.put, "/charges/\(charge)", body), 400)
            try expectRefusal(try await merchant.send(.post, "/refunds", body), 400)
            #expect(try await merchant.get("/charges").array?.count == 1)
        }
    }

    @Test func `a missing body is 400`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for (method, path) in [
                (HTTPRequest.Method.post, "/charges"), (.put, "/charges/x"), (.post, "/refunds"), (.put, "/refunds/x"),
            ] {
                try expectRefusal(try await merchant.send(method, path), 400, "JSON")
            }
        }
    }

    @Test func `64 levels are read, and unknown members are ignored at every depth`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
            let body = #"{"amount": 1, \#(Self.rest), "metadata": 7, "x": \#(deep)}"#
            #expect(try await merchant.send(.post, "/charges", body).status == 200)
        }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
    func `the body is JSON whatever the content type says`(type: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let headers = ["Content-Type": type]
            let body = #"{"amount": 1, \#(Self.rest)}"#
            #expect(try await merchant.send(.post, "/charges", body, headers: headers).status == 200)
            try expectRefusal(try await merchant.send(.post, "/charges", "amount=1", headers: headers), 400)
        }
    }

    @Test(arguments: [
        "null", "0", "-1", "-0", "1.0", "1.5", "1e3", "1E3", "\"1000\"", "true", "[]", "{}", "01", "+1",
        "1000000000001", "9223372036854775807", "9223372036854775808", "99999999999999999999999999",
    ])
    func `an amount that is no whole number of minor units is 400`(amount: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let body = #"{"amount": \#(amount), \#(Self.rest)}"#
            try expectRefusal(try await merchant.send(.post, "/charges", body), 400, "amount")
            let label = #"{"amount": \#(amount)}"#
            try expectRefusal(try await merchant.send(.put, "/charges/\(charge)", label), 400, "amount")
            let refund = #"{"charge": "\#(charge)", "amount": \#(amount)}"#
            try expectRefusal(try await merchant.send(.post, "/refunds", refund), 400, "amount")
            #expect(try await merchant.get("/refunds") == .array([]))
        }
    }

    @Test(arguments: [1, 1_000_000_000_000] as [Int64])
    func `amounts from 1 to 10^12 are taken`(amount: Int64) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge(amount)
            #expect(try await merchant.get("/charges/\(charge)")["amount_captured"]?.integer == amount)
            _ = try await merchant.refund(charge, amount)
        }
    }
}
