import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage
import TestSupport
import Testing

@Suite struct ListTests {
    @Test func `a list is walked by cursors, whatever comes in meanwhile`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(10_000)
            var made: [String] = []
            for amount in 1...7 { made.append(try await merchant.refund(payment, Int64(amount))) }
            let newestFirst = Array(made.reversed())
            let first = try await merchant.get("/refunds?limit=3")
            #expect(try first.ids == Array(newestFirst[0..<3]))
            #expect(try first.json["has_more"]?.bool == true)
            _ = try await merchant.refund(payment, 8)
            let second = try await merchant.get("/refunds?limit=3&starting_after=\(newestFirst[2])")
            #expect(try second.ids == Array(newestFirst[3..<6]))
            let back = try await merchant.get("/refunds?limit=2&ending_before=\(newestFirst[3])")
            #expect(try back.ids == Array(newestFirst[1..<3]))
            let last = try await merchant.get("/refunds?limit=3&starting_after=\(newestFirst[5])")
            #expect(try last.ids == [newestFirst[6]])
            #expect(try last.json["has_more"]?.bool == false)
            #expect(last.fields[.link] == nil)
        }
    }

    @Test func `a link leads to the next page`() async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(10_000)
            for amount in 1...5 { _ = try await merchant.refund(payment, Int64(amount), #", "reason": "a_b""#) }
            var path = "/refunds?limit=2&reason=a_b"
            var seen: [String] = []
            while true {
                let page = try await merchant.get(path)
                seen += try page.ids
                guard let link = page.fields[.link] else { break }
                #expect(link.hasPrefix("<?") && link.hasSuffix(#">; rel="next""#))
                path = "/refunds" + link.dropFirst().prefix { $0 != ">" }
            }
            #expect(seen.count == 5 && Set(seen).count == 5)
        }
    }

    @Test(
        arguments: [
            ("status=canceled", 1), ("status=canceled&status=queued", 4), ("amount_from=2&amount_to=3", 2),
            ("reason=damaged", 1), ("metadata[order]=7", 2), ("metadata[order]=7&amount_to=1", 1), ("metadata[x]=7", 0),
            ("created_before=1999-01-01T00:00:00Z", 0), ("created_from=1999-01-01T00:00:00Z", 4),
            ("metadata%5Border%5D=7", 2), ("metadata[a%22b]=c%27d", 1),
        ] as [(String, Int)]
    )
    func `a list holds what all filters let through`(query: String, count: Int) async throws {
        try await Merchant.run { merchant in
            let payment = try await merchant.payment(10_000)
            _ = try await merchant.refund(payment, 1, #", "metadata": {"order": "7"}"#)
            _ = try await merchant.refund(payment, 2, #", "metadata": {"order": "7", "a\"b": "c'd"}"#)
            _ = try await merchant.refund(payment, 3, #", "reason": "damaged""#)
            let canceled = try await merchant.refund(payment, 4)
            _ = try await merchant.post("/refunds/\(canceled)/cancel")
            #expect(try await merchant.get("/refunds?" + query).ids.count == count)
        }
    }

    @Test func `payments are found by whose they are and what they are called`() async throws {
        try await Merchant.run { merchant in
            let customer = try await merchant.post("/customers", #"{"name": "Ada", "email": "ada@example.com"}"#).id
            let one = try await merchant.payment(1000, #", "customer": "\#(customer)", "order_reference": "o""#)
            let other = try await merchant.payment(500, #", "reference": "r", "order_reference": "o""#)
            #expect(try await merchant.get("/payments?customer=\(customer)").ids == [one])
            #expect(try await merchant.get("/payments?reference=r").ids == [other])
            #expect(try await merchant.get("/payments?order_reference=o").ids == [other, one])
            #expect(try await merchant.get("/payments?order_reference=o&amount_to=600").ids == [other])
            #expect(try await merchant.get("/payments?status=captured").ids == [other, one])
        }
    }

    @Test func `metadata that could once be kept fails no list`() async throws {
        try await Merchant.run { merchant in
            let book = try #require(merchant.server.engine.directory.key(for: merchant.key)).book
            let origin = Origin(book: book, actor: Actor(.key, "key_1"), requestID: nil, dialect: "storno")
            var old = CreatePayment(origin: origin, amount: 5, currency: Currency(code: "EUR"))
            old.metadata = ["order": "7", "x": "a\0b"]
            _ = try await merchant.server.engine.perform(old)
            let payment = try await merchant.payment(1000, #", "metadata": {"order": "8"}"#)
            #expect(try await merchant.get("/payments?metadata[order]=8").ids == [payment])
        }
    }

    @Test(arguments: ["status=404", "method=GET", "path=/v1/refunds", "dialect=storno"])
    func `a filter of the requests is given five times at the most, alike or not`(filter: String) async throws {
        try await Merchant.run { merchant in
            let whole = Array(repeating: filter, count: 5).joined(separator: "&")
            #expect(try await merchant.get("/request_logs?\(whole)").status == 200)
            let refused = try await merchant.get("/request_logs?\(whole)&\(filter)")
            #expect(try refused.code == "invalid_parameter")
            #expect(try refused.json["param"]?.string == String(filter.prefix { $0 != "=" }))
        }
    }

    @Test(arguments: [
        "limit=0", "limit=101", "limit=x", "limt=3", "status=gone", "amount_from=-1", "amount_from=3&amount_to=2",
        "created_from=yesterday", "starting_after=ref_x", "starting_after=a&ending_before=b", "payment=pay_none",
    ])
    func `a wrong query is refused with the name of the parameter`(query: String) async throws {
        try await Merchant.run { merchant in
            let refused = try await merchant.get("/refunds?" + query)
            #expect(refused.status == 400)
            #expect(try refused.code == "invalid_parameter")
            let parameter = try refused.json["param"]?.string ?? ""
            #expect(query.contains(parameter) && !parameter.isEmpty)
        }
    }
}
