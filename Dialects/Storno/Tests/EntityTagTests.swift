import DialectKit
import HTTPTypes
import TestSupport
import Testing

/// What tells states of objects apart.
@Suite struct EntityTagTests {
    private func tag(_ merchant: Merchant, _ path: String) async throws -> String? {
        try await merchant.get(path).fields[.eTag]
    }

    @Test func `tags are quoted, strong, and no two objects share one`() async throws {
        try await Merchant.run { merchant in
            let payments = [try await merchant.payment(1000), try await merchant.payment(1000)]
            let refund = try await merchant.refund(payments[0], 1)
            let customer = try await merchant.post("/customers", #"{"name": "Ada"}"#).id
            let paths = payments.map { "/payments/\($0)" } + ["/refunds/\(refund)", "/customers/\(customer)"]
            var tags: Set<String> = []
            for path in paths {
                let found = try #require(try await tag(merchant, path))
                #expect(found.hasPrefix("\"") && found.hasSuffix("\"") && found.utf8.count > 20)
                #expect(found.dropFirst().dropLast().utf8.allSatisfy { (0x23...0x7E).contains($0) })
                let again = try await tag(merchant, path)
                #expect(again == found, "it stays as long as the object does")
                tags.insert(found)
            }
            #expect(tags.count == paths.count)
            let whole = try await tag(merchant, "/refunds/\(refund)?expand[]=payment")
            #expect(whole == nil, "what is shown whole changes by itself")
        }
    }

    @Test func `another state has another tag`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let before = try await tag(merchant, "/payments/\(payment)")
            let refund = try await merchant.refund(payment, 1)
            let after = try await tag(merchant, "/payments/\(payment)")
            #expect(before != after)
            var bodies: [String?: Set<String>] = [:]
            for _ in 0..<30 {
                let shown = try await merchant.get("/refunds/\(refund)")
                bodies[shown.fields[.eTag], default: []].insert(shown.text)
                try await merchant.server.advance(by: .seconds(1))
            }
            #expect(bodies.values.allSatisfy { $0.count == 1 }, "one tag means one state, to the last byte")
            #expect(bodies.count > 1)
        }
    }

    @Test func `a tag is a condition on its own object alone`() async throws {
        try await Merchant.run { merchant in
            let payments = [try await merchant.payment(1000), try await merchant.payment(1000)]
            let mine = try #require(try await tag(merchant, "/payments/\(payments[0])"))
            let body = #"{"payment": "\#(payments[1])", "amount": 1}"#
            let refused = try await merchant.send(.post, "/refunds", body, ["If-Match": mine])
            #expect(refused.status == 412)
            #expect(try refused.code == "payment_changed")
            #expect(try refused.json["quote"]?["payment"]?.string == payments[1])
            for wrong in ["\"1\"", "W/\(mine)", "\(mine), \(mine)", "*", String(mine.dropLast()), "\"a.b.c\""] {
                let answer = try await merchant.send(.post, "/refunds", body, ["If-Match": wrong])
                #expect(answer.status == 400, "\(wrong) is taken for a tag")
            }
            let right = try #require(try await tag(merchant, "/payments/\(payments[1])"))
            let made = try await merchant.send(.post, "/refunds", body, ["If-Match": right])
            #expect(made.status == 200)
        }
    }
}
