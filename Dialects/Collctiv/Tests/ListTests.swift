import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct ListTests {
    private static let lists = ["/v1/refunds", "/v1/payments", "/v1/pots", "/v1/customers"]

    @Test(arguments: lists)
    func `a list of nothing is an empty page`(path: String) async throws {
        try await TestServer.run { server in
            let answer = try await Merchant(server).send(.get, path)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"has_more":false,"data":[]}"#)
        }
    }

    @Test(arguments: [
        "limit=0", "limit=-1", "limit=101", "limit=1.0", "limit=1e1", "limit=ten", "limit=", "limit", "limit=+5",
        "limit=05", "limit=%205", "limit=5%20", "limit=1000000000", "limit=5&limit=5", "limit=99999999999999999999",
        "page=0", "page=-1", "page=1.0", "page=one", "page=", "page", "page=01", "page=1000000000", "page=1&page=2",
        "page=99999999999999999999", "limit=%D9%A3", "limit=null",
    ])
    func `a number that is none, or out of its bounds, is refused`(query: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in Self.lists {
                let member = query.hasPrefix("limit") ? "limit " : "page "
                try expectRefusal(try await merchant.send(.get, "\(path)?\(query)"), 400, member)
            }
        }
    }

    @Test(arguments: ["limit=1", "limit=100", "page=1", "page=1&limit=100", "page=2", "color=red&limit=7", "&&", ""])
    func `a query within the bounds is taken, and unknown parameters are ignored`(query: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in Self.lists { #expect(try await merchant.send(.get, "\(path)?\(query)").status == 200) }
        }
    }

    @Test func `ten are shown by default, newest first, and whether there are more`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let made = try await merchant.refunds(12)
            let first = try await merchant.get("/v1/refunds")
            #expect(first.names == ["has_more", "data"])
            #expect(first["has_more"] == true)
            #expect(try await merchant.ids("/v1/refunds") == Array(made.reversed().prefix(10)))
            let second = try await merchant.get("/v1/refunds?page=2")
            #expect(second["has_more"] == false)
            #expect(try await merchant.ids("/v1/refunds?page=2") == [made[1], made[0]])
            #expect(try await merchant.ids("/v1/refunds?page=3").isEmpty)
            #expect(try await merchant.get("/v1/refunds?page=3")["has_more"] == false)
        }
    }

    @Test func `a list holds whole objects`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let refund = try await merchant.refund(of: try await merchant.payment())
            #expect(try await merchant.get("/v1/refunds")["data"]?.array == [merchant.get("/v1/refunds/\(refund)")])
            for path in Self.lists {
                for item in try #require(try await merchant.get(path)["data"]?.array) {
                    let id = try #require(item["id"]?.string)
                    #expect(try await merchant.get("\(path)/\(id)") == item)
                }
            }
        }
    }

    @Test func `every other list pages alike`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in ["/v1/pots", "/v1/payments", "/v1/customers"] {
                var made: [String] = []
                for _ in 0..<3 {
                    let id =
                        switch path {
                        case "/v1/pots": try await merchant.pot(of: try await merchant.customer())
                        case "/v1/payments": try await merchant.payment()
                        default: try await merchant.customer()
                        }
                    made.append(id)
                }
                let two = try await merchant.get("\(path)?limit=2")
                #expect(two["has_more"] == true)
                #expect(try await merchant.ids("\(path)?limit=3") == made.reversed())
                #expect(try await merchant.ids("\(path)?limit=2").last == made[1])
                #expect(try await merchant.ids("\(path)?limit=2&page=2").first == made[0])
            }
        }
    }
}
