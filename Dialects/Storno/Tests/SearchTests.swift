import DialectKit
import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite struct SearchTests {
    private func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func ids(
        _ merchant: Merchant,
        _ query: String,
        _ path: String = "/search",
        _ rest: String = ""
    ) async throws
        -> [String]
    {
        try await merchant.get("\(path)?query=\(encoded(query))\(rest)").ids
    }

    @Test func `a refund is found the moment it is made, by whatever is known of it`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000, #", "order_reference": "A-2026/77", "reference": "uniq9""#)
            let refund = try await merchant.refund(
                payment,
                300,
                #", "reason": "damaged_goods", "metadata": {"ticket": "HELP-4711"}, "comment": "broken vase""#
            )
            let shown = try await merchant.get("/refunds/\(refund)").json
            for query in [refund, String(refund.prefix(12)), "HELP-4711", "help 471", "damaged_goods", "damaged"] {
                let found = try await merchant.get("/refunds/search?query=\(encoded(query))")
                #expect(try found.items == [shown], "\(query) is looked for")
            }
            // What people wrote is sealed, and found by nobody.
            #expect(try await ids(merchant, "vase").isEmpty)
            #expect(try await ids(merchant, "a-2026/77") == [payment])
            #expect(try await ids(merchant, "uniq9") == [payment])
            #expect(try await ids(merchant, payment) == [refund, payment])
            #expect(try await ids(merchant, payment, "/payments/search") == [payment])
            #expect(try await ids(merchant, payment, "/search", "&type=refund") == [refund])
        }
    }

    @Test func `what the processor says is found once it said it`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(1000), 300)
            try await merchant.server.advance(by: .seconds(30))
            let shown = try await merchant.get("/refunds/\(refund)").json
            let reference = shown["processor_reference"]?.string ?? ""
            #expect(!reference.isEmpty)
            #expect(try await ids(merchant, reference) == [refund])
        }
    }

    @Test func `a customer is found by name and address, until they are changed or gone`() async throws {
        try await Merchant.run { merchant in
            let body = #"{"name": "Zoë Quux", "email": "zoe@example.com", "external_reference": "crm-7"}"#
            let customer = try await merchant.post("/customers", body).id
            for query in ["zoe@example.com", "ZOE", "quux zoë", "crm-7", customer] {
                #expect(try await ids(merchant, query) == [customer], "\(query) is looked for")
            }
            _ = try await merchant.send(.patch, "/customers/\(customer)", #"{"email": null}"#)
            #expect(try await ids(merchant, "zoe@example.com").isEmpty)
            #expect(try await ids(merchant, "zoe") == [customer])
            _ = try await merchant.send(.delete, "/customers/\(customer)")
            #expect(try await ids(merchant, "zoe").isEmpty)
        }
    }

    @Test func `what is found is walked page by page and narrowed by the list's filters`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            var refunds: [String] = []
            for amount in 1...9 {
                let metadata = #", "metadata": {"lot": "summer", "odd": "\#(amount % 2)"}"#
                refunds.append(try await merchant.refund(payment, Int64(amount), metadata))
            }
            var path = "/refunds/search?query=summer&limit=4"
            var walked: [String] = []
            while true {
                let page = try await merchant.get(path)
                walked += try page.ids
                #expect(try page.json["next_cursor"]?.string == (page.fields[.link] == nil ? nil : page.ids.last))
                guard let link = page.fields[.link] else { break }
                path = "/refunds/search" + link.dropFirst().prefix { $0 != ">" }
            }
            #expect(walked == refunds.reversed())
            let few = try await ids(merchant, "summer", "/refunds/search", "&amount_from=3&amount_to=6&metadata[odd]=1")
            #expect(few == [refunds[4], refunds[2]])
            #expect(try await ids(merchant, "summer", "/search", "&type=refund&status=canceled").isEmpty)
            #expect(try await ids(merchant, "summer", "/search", "&created_before=2001-01-01T00:00:00Z").isEmpty)
        }
    }

    @Test func `another account finds nothing, and may search by the same words`() async throws {
        try await Merchant.run { merchant in
            let refund = try await merchant.refund(merchant.payment(1000, #", "reference": "mine1""#), 1)
            let other = Merchant(
                server: merchant.server,
                key: try await merchant.server.key("storno", account: "other")
            )
            for query in [refund, "mine1", "eur"] { #expect(try await ids(other, query).isEmpty) }
            let theirs = try await other.payment(5, #", "reference": "mine1""#)
            #expect(try await ids(other, "mine1") == [theirs])
            #expect(try await ids(merchant, "mine1").count == 1)
        }
    }

    @Test func `a key finds what it may read`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(1000)
            let refund = try await merchant.refund(payment, 1)
            let reader = try await merchant.colleague(scopes: ["refunds:read", "search:read"])
            #expect(try await ids(reader, payment) == [refund])
            #expect(try await reader.get("/search?query=x&type=payment").status == 403)
            #expect(try await reader.get("/payments/search?query=x").status == 403)
            let other = try await merchant.colleague(scopes: ["refunds:read"])
            #expect(try await other.get("/search?query=x").status == 403)
            #expect(try await ids(other, payment, "/refunds/search") == [refund])
        }
    }

    @Test(arguments: [
        "", "query=", "query=--", "query=a&query=b", "query=a&type=card", "query=a&limit=0", "query=a&status=failed",
        "query=a&type=refund&status=x", "query=a&starting_after=x", "query=a&kind=x",
        "query=a&type=refund&type=payment&amount_from=1",
    ])
    func `a wrong search is refused`(query: String) async throws {
        try await Merchant.run { merchant in
            let refused = try await merchant.get("/search?" + query)
            #expect(try refused.code == "invalid_parameter")
        }
    }

    @Test func `whatever is typed is answered`() async throws {
        try await Merchant.run { merchant in
            _ = try await merchant.refund(merchant.payment(1000), 1)
            let typed = [
                "\"", "'", "a* OR b", "NEAR(a)", "x\u{0}y", "'; DROP TABLE refund; --", "terms : a", "^a", "{a}", "a:*",
                "!a", "<->", "\u{202E}abc", "日本", String(repeating: "a ", count: 200),
                String(repeating: "é", count: 500),
                String(repeating: "x", count: 501), "ref_", "ref_00", "pay_zzzzzzzzzzzzzzzzzzzzzzzzz",
            ]
            for text in typed {
                let answer = try await merchant.get("/search?query=\(encoded(text))")
                #expect(answer.status == 200 || answer.status == 400, "\(text) is answered with \(answer.status)")
            }
        }
    }
}
