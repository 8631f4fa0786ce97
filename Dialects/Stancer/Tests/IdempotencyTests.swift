import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct IdempotencyTests {
    private let key = ["Idempotency-Key": "order-1"]

    @Test func `the same request again is answered as it was, and does nothing`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            let body = #"{"payment":"\#(payment)","amount":50}"#
            let first = try await merchant.post("/v1/refunds/", body, headers: key)
            try await merchant.server.advance(by: .seconds(3))
            let second = try await merchant.post(
                "/v1/refunds",
                #"{ "amount" : 50, "payment" : "\#(payment)" }"#,
                headers: ["Idempotency-Key": "\"order-1\""]
            )
            #expect(first.status == 200)
            #expect(first.fields[.idempotencyReplayed] == nil)
            #expect(second.status == 200)
            #expect(second.fields[.idempotencyReplayed] == "true")
            #expect(second.body == first.body)
            let refunds = try await merchant.get("/v1/refunds/").ids("refunds")
            #expect(refunds.count == 1)
        }
    }

    @Test func `another body or route under the same key is a conflict`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000)
            _ = try await merchant.post("/v1/refunds/", #"{"payment":"\#(payment)","amount":50}"#, headers: key)
            for (path, body) in [
                ("/v1/refunds/", #"{"payment":"\#(payment)","amount":51}"#),
                ("/v1/customers/", #"{"payment":"\#(payment)","amount":50,"email":"a@example.com"}"#),
            ] {
                let answer = try await merchant.post(path, body, headers: key)
                #expect(answer.status == 409)
                #expect(
                    try answer.message == "This Idempotency-Key was used for another request, send a new one"
                )
            }
        }
    }

    @Test func `a refusal is not kept`() async throws {
        try await withMerchant { merchant in
            let payment = try await merchant.pay(1000, with: Merchant.plainCard)
            let body = #"{"payment":"\#(payment)","amount":50}"#
            let early = try await merchant.post("/v1/refunds/", body, headers: key)
            #expect(early.status == 409)
            try await merchant.server.advance(by: .seconds(3601))
            let later = try await merchant.post("/v1/refunds/", body, headers: key)
            #expect(later.status == 200)
            #expect(later.fields[.idempotencyReplayed] == nil)
        }
    }

    @Test func `every kind of object is made once for a key`() async throws {
        try await withMerchant { merchant in
            let bodies = [
                ("/v1/checkout/", #"{"amount":1000,"currency":"eur","card":\#(Merchant.card(Merchant.plainCard))}"#),
                ("/v1/customers/", #"{"email":"a@example.com"}"#),
                ("/v1/cards/", Merchant.card("5555555555554444")),
            ]
            for (path, body) in bodies {
                let first = try await merchant.post(path, body, headers: ["Idempotency-Key": path])
                let second = try await merchant.post(path, body, headers: ["Idempotency-Key": path])
                #expect(first.status == 200)
                #expect(second.body == first.body)
                #expect(second.fields[.idempotencyReplayed] == "true")
            }
        }
    }

    @Test func `keys of two accounts and of two modes are apart`() async throws {
        try await TestServer.run { server in
            let body = #"{"email":"a@example.com"}"#
            var ids: Set<String> = []
            for merchant in [
                try await Merchant(server), try await Merchant(server, account: "other"),
                try await Merchant(server, .live),
            ] {
                let answer = try await merchant.post("/v1/customers/", body, headers: key)
                #expect(answer.fields[.idempotencyReplayed] == nil)
                ids.insert(try answer.made())
            }
            #expect(ids.count == 3)
        }
    }

    @Test(arguments: ["", "\"\"", String(repeating: "k", count: 256), "schlüssel"])
    func `what is no idempotency key is a bad request`(key: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/customers/",
                #"{"email":"a@example.com"}"#,
                headers: ["Idempotency-Key": key]
            )
            #expect(answer.status == 400)
            #expect(try answer.message?.hasPrefix("Idempotency-Key must be") == true)
        }
    }

    /// The key is for creation alone.
    @Test func `a change ignores the key`() async throws {
        try await withMerchant { merchant in
            let customer = try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#, headers: key)
            let path = "/v1/customers/\(try customer.made())"
            let changed = try await merchant.send(.patch, path, #"{"name":"Jane Doe"}"#, headers: key)
            #expect(changed.status == 200)
            #expect(try changed.json["name"]?.string == "Jane Doe")
        }
    }
}
