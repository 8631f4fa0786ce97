import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct ListTests {
    private static let lists = [
        "checkout": "payments", "refunds": "refunds", "customers": "customers", "cards": "cards",
    ]

    /// Makes as many objects of a collection as asked for, a second apart.
    private func make(
        _ count: Int,
        _ collection: String,
        _ merchant: Merchant,
        from first: Int = 0
    ) async throws
        -> [String]
    {
        var ids: [String] = []
        let payment = collection == "refunds" ? try await merchant.pay(100_000) : ""
        for number in first..<first + count {
            switch collection {
            case "checkout":
                ids.append(try await merchant.post("/v1/checkout", #"{"amount":100,"currency":"eur"}"#).made())
            case "refunds": ids.append(try await merchant.refund(payment, number + 1))
            case "customers":
                ids.append(try await merchant.post("/v1/customers", #"{"email":"\#(number)@example.com"}"#).made())
            default:
                ids.append(
                    try await merchant.post("/v1/cards", Merchant.card("4242424242424242", year: 2030 + number)).made()
                )
            }
            merchant.server.clock.advance(by: .seconds(1))
        }
        return ids
    }

    private func range(_ answer: TestAnswer) throws -> [JSONValue?] {
        let range = try answer.json["range"]
        return [range?["start"], range?["end"], range?["limit"], range?["has_more"]]
    }

    private func range(_ start: Int64, _ end: Int64, _ limit: Int64, more: Bool) -> [JSONValue?] {
        [.integer(start), .integer(end), .integer(limit), .bool(more)]
    }

    @Test(arguments: ["checkout", "refunds", "customers", "cards"])
    func `pages follow one another, oldest first`(collection: String) async throws {
        try await withMerchant { merchant in
            let member = try #require(Self.lists[collection])
            let ids = try await make(13, collection, merchant)
            let first = try await merchant.get("/v1/\(collection)/")
            #expect(try first.ids(member) == Array(ids[0..<10]))
            #expect(try range(first) == range(0, 9, 10, more: true))
            let second = try await merchant.get("/v1/\(collection)/?start=10")
            #expect(try second.ids(member) == Array(ids[10..<13]))
            #expect(try range(second) == range(10, 12, 10, more: false))
            var walked: [String] = []
            for start in stride(from: 0, to: 15, by: 3) {
                walked += try await merchant.get("/v1/\(collection)?limit=3&start=\(start)").ids(member)
            }
            #expect(walked == ids)
            let one = try await merchant.get("/v1/\(collection)/?limit=1&start=12")
            #expect(try range(one) == range(12, 12, 1, more: false))
        }
    }

    @Test(arguments: ["checkout", "refunds", "customers", "cards", "disputes"])
    func `an empty list is answered like any other`(collection: String) async throws {
        try await withMerchant { merchant in
            let member = collection == "checkout" ? "payments" : collection
            let answer = try await merchant.get("/v1/\(collection)/?start=20&limit=5")
            #expect(answer.status == 200)
            #expect(try answer.json[member]?.array == [])
            #expect(try answer.json.names?.sorted() == ["live_mode", member, "range"].sorted())
            #expect(try range(answer) == range(20, 20, 5, more: false))
        }
    }

    @Test func `what comes in between two pages moves none of them`() async throws {
        try await withMerchant { merchant in
            let early = try await make(6, "customers", merchant)
            let first = try await merchant.get("/v1/customers/?limit=4").ids("customers")
            let late = try await make(4, "customers", merchant, from: 6)
            let second = try await merchant.get("/v1/customers/?limit=4&start=4").ids("customers")
            let third = try await merchant.get("/v1/customers/?limit=4&start=8").ids("customers")
            #expect(first + second + third == early + late)
        }
    }

    @Test func `after a deletion the list closes up`() async throws {
        try await withMerchant { merchant in
            var ids = try await make(7, "customers", merchant)
            for start in [0, 2, 4] { _ = try await merchant.get("/v1/customers/?limit=2&start=\(start)") }
            _ = try await merchant.send(.delete, "/v1/customers/\(ids.remove(at: 1))")
            let page = try await merchant.get("/v1/customers/?limit=2&start=4")
            #expect(try page.ids("customers") == Array(ids[4..<6]))
            let whole = try await merchant.get("/v1/customers/?limit=100").ids("customers")
            #expect(whole == ids)
        }
    }

    @Test func `created leaves out what is older`() async throws {
        try await withMerchant { merchant in
            let ids = try await make(5, "customers", merchant)
            for (created, from) in [("0", 0), ("1767323045", 0), ("1767323048", 3), ("1767323050", 5)] {
                let answer = try await merchant.get("/v1/customers/?created=\(created)")
                #expect(try answer.ids("customers") == Array(ids[from...]))
            }
            let page = try await merchant.get("/v1/customers/?created=1767323046&start=2&limit=1")
            #expect(try page.ids("customers") == [ids[3]])
            #expect(try range(page) == range(2, 2, 1, more: true))
            let future = try await merchant.get("/v1/customers/?created=9223372036854775807")
            #expect(try future.ids("customers").isEmpty)
        }
    }

    @Test(arguments: [
        ("limit=0", "limit must be between 1 and 100"), ("limit=101", "limit must be between 1 and 100"),
        ("limit=-1", "limit must be a whole number"), ("limit=ten", "limit must be a whole number"),
        ("limit=", "limit must be a whole number"), ("limit=1.0", "limit must be a whole number"),
        ("limit=1&limit=2", "limit must be given once"), ("start=-1", "start must be a whole number"),
        ("start=x", "start must be a whole number"), ("start=01", "start must be a whole number"),
        ("start=9223372036854775808", "start must be a whole number"),
        ("created=-1", "created must be a Unix time in whole seconds"),
        ("created=1.5", "created must be a Unix time in whole seconds"),
        ("created=yesterday", "created must be a Unix time in whole seconds"),
        ("created=", "created must be a Unix time in whole seconds"),
        ("created=9223372036854775808", "created must be a Unix time in whole seconds"),
    ])
    func `a bad part of a list is a bad request`(query: String, message: String) async throws {
        try await withMerchant { merchant in
            for collection in ["refunds", "checkout", "customers", "cards", "disputes"] {
                let answer = try await merchant.get("/v1/\(collection)/?\(query)")
                #expect(answer.status == 400)
                #expect(try answer.message == message)
            }
        }
    }

    @Test func `a leap behind the end is an empty page`() async throws {
        try await withMerchant { merchant in
            _ = try await make(1, "customers", merchant)
            for start in ["100000", "100001", "999999999"] {
                let answer = try await merchant.get("/v1/customers/?start=\(start)")
                #expect(answer.status == 200)
                #expect(try answer.json["customers"]?.array?.isEmpty == true)
            }
        }
    }

    @Test func `payments are filtered by both references`() async throws {
        try await withMerchant { merchant in
            func pay(_ more: String) async throws -> String {
                try await merchant.post("/v1/checkout/", #"{"amount":100,"currency":"eur"\#(more)}"#).made()
            }
            let first = try await pay(#","order_id":"a b","unique_id":"u1""#)
            let second = try await pay(#","order_id":"a b","unique_id":"u2""#)
            let third = try await pay(#","order_id":"a""#)
            for (query, expected) in [
                ("order_id=a+b", [first, second]), ("order_id=a%20b", [first, second]), ("order_id=a", [third]),
                ("unique_id=u2", [second]), ("order_id=a+b&unique_id=u1", [first]), ("order_id=A", []),
                ("order_id=a&unique_id=u1", []), ("order_id=a+b&start=1", [second]),
            ] {
                let answer = try await merchant.get("/v1/checkout/?\(query)")
                #expect(try answer.ids("payments") == expected, "\(query)")
            }
        }
    }

    @Test(arguments: ["order_id", "unique_id"])
    func `a filter has 1 to 36 characters`(name: String) async throws {
        try await withMerchant { merchant in
            for value in ["", String(repeating: "x", count: 37)] {
                let answer = try await merchant.get("/v1/checkout/?\(name)=\(value)")
                #expect(answer.status == 400)
                #expect(try answer.message == "\(name) must have 1 to 36 characters")
            }
        }
    }

    @Test func `an unknown filter is ignored`() async throws {
        try await withMerchant { merchant in
            let ids = try await make(2, "customers", merchant)
            let answer = try await merchant.get("/v1/customers/?created_until=1&order=desc")
            #expect(try answer.ids("customers") == ids)
        }
    }

    /// A client fails on them where it does not know the payment yet.
    @Test func `a listed payment has everything but auth and device`() async throws {
        try await withMerchant { merchant in
            let more = #","auth":{"return_url":"https://shop.example/"},"device":{"ip":"1.2.3.4","port":80}"#
            let payment = try await merchant.pay(1000, more: more)
            let listed = try await merchant.get("/v1/checkout/").json["payments"]?.array?.first
            let read = try await merchant.get("/v1/checkout/\(payment)").json
            #expect(read["auth"] != .null)
            #expect(listed?.names == read.names?.filter { $0 != "auth" && $0 != "device" })
            for name in listed?.names ?? [] { #expect(listed?[name] == read[name], "\(name)") }
        }
    }
}

/// A client that meets `id` first asks again for every member that follows.
struct MemberOrderTests {
    private func expectSorted(_ value: JSONValue) {
        switch value {
        case .object(let members):
            let names = members.map(\.name)
            #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for member in members { expectSorted(member.value) }
        case .array(let values): for value in values { expectSorted(value) }
        case .null, .bool, .number, .string: break
        }
    }

    @Test func `every object of every answer has its members by name`() async throws {
        try await withMerchant { merchant in
            let more = """
                ,"auth":{"return_url":"https://shop.example/"},"device":{"ip":"1.2.3.4","port":80},\
                "customer":{"email":"a@example.com"}
                """
            let authenticated = try await merchant.pay(1000, more: more)
            let payment = try await merchant.pay(1000)
            let refund = try await merchant.refund(payment, 100)
            _ = try await merchant.pay(1000, with: Merchant.disputedCard)
            for path in [
                "refunds/", "refunds/\(refund)", "checkout/", "checkout/\(payment)", "checkout/\(authenticated)",
                "customers/", "cards/", "disputes/", "refunds/unknown", "payouts/",
            ] {
                expectSorted(try await merchant.get("/v1/\(path)").json)
            }
            expectSorted(try await merchant.post("/v1/customers/", #"{"email":"a@example.com"}"#).json)
        }
    }
}
