import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct PagingTests {
    @Test(arguments: [1, 2, 3, 7, 10, 24, 25, 26, 100])
    func `pages of every size hold each item once`(limit: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let all = Array(try await merchant.refunds(25).reversed())
            var walked: [String] = []
            for page in 1...(all.count / limit + 1) {
                let path = "/v1/refunds?limit=\(limit)&page=\(page)"
                let ids = try await merchant.ids(path)
                walked += ids
                #expect(try await merchant.get(path)["has_more"]?.bool == (walked.count < all.count))
            }
            #expect(walked == all)
        }
    }

    @Test func `any page is found without those before it`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let all = Array(try await merchant.refunds(25).reversed())
            for page in [13, 2, 25, 1, 7, 24, 8, 26] {
                let expected = page <= all.count ? [all[page - 1]] : []
                #expect(try await merchant.ids("/v1/refunds?limit=1&page=\(page)") == expected, "page \(page)")
            }
        }
    }

    @Test func `what comes in between two pages moves the others down`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment(100_000)
            var all = Array(try await merchant.refunds(20, of: payment).reversed())
            for page in 1...4 {
                let start = (page - 1) * 5
                let ids = try await merchant.ids("/v1/refunds?limit=5&page=\(page)")
                #expect(ids == Array(all[start..<start + 5]), "page \(page)")
                all = Array(try await merchant.refunds(2, of: payment).reversed()) + all
            }
            #expect(try await merchant.ids("/v1/refunds?limit=100") == all)
        }
    }

    @Test func `a page behind the end is empty, however far`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.ids("/v1/refunds?limit=100&page=999999999").isEmpty)
            _ = try await merchant.refunds(1)
            for page in ["2", "1001", "1002", "999999999"] {
                #expect(try await merchant.ids("/v1/refunds?limit=100&page=\(page)").isEmpty)
            }
        }
    }
}

struct FilterTests {
    @Test func `refunds are filtered by pot, by customer and by both`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pots = [try await merchant.pot(), try await merchant.pot()]
            var refunds: [String: String] = [:]
            var customers: [String: String] = [:]
            for (index, pot) in pots.enumerated() {
                for email in ["ann@example.com", "bob@example.com"] {
                    let payment = try await merchant.payment(pot: pot, email: email)
                    customers[email] = try await merchant.get("/v1/payments/\(payment)")["customer"]?.string
                    refunds["\(index) \(email)"] = try await merchant.refund(of: payment)
                }
            }
            let ann = try #require(customers["ann@example.com"])
            #expect(
                try await merchant.ids("/v1/refunds?pot=\(pots[0])&limit=1&page=2") == [refunds["0 ann@example.com"]]
            )
            #expect(try await merchant.ids("/v1/refunds?pot=\(pots[1].uppercased())").count == 2)
            let byCustomer = try await merchant.ids("/v1/refunds?customer=\(ann)")
            #expect(byCustomer == [refunds["1 ann@example.com"], refunds["0 ann@example.com"]])
            let byBoth = try await merchant.ids("/v1/refunds?customer=\(ann)&pot=\(pots[0])")
            #expect(byBoth == [refunds["0 ann@example.com"]])
            #expect(try await merchant.ids("/v1/refunds").count == 4)
        }
    }

    @Test(arguments: ["pot=\(unknownID)", "customer=\(unknownID)", "pot=x", "customer=x", "pot=", "customer=", "pot"])
    func `a filter that names nothing shows an empty page`(filter: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await merchant.refunds(2)
            let answer = try await merchant.send(.get, "/v1/refunds?\(filter)")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"has_more":false,"data":[]}"#)
            try expectRefusal(try await merchant.send(.get, "/v1/refunds?\(filter)&limit=0"), 400, "limit")
        }
    }

    @Test func `one filter that names nothing outweighs one that does`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let pot = try await merchant.pot()
            _ = try await merchant.refund(of: try await merchant.payment(pot: pot))
            #expect(try await merchant.ids("/v1/refunds?pot=\(pot)").count == 1)
            #expect(try await merchant.ids("/v1/refunds?pot=\(pot)&customer=\(unknownID)").isEmpty)
        }
    }

    @Test(arguments: ["pot", "customer"])
    func `a filter is given once`(member: String) async throws {
        try await TestServer.run { server in
            let query = "\(member)=\(unknownID)&\(member)=\(unknownID)"
            try expectRefusal(try await Merchant(server).send(.get, "/v1/refunds?\(query)"), 400, "\(member) ")
        }
    }
}

extension Merchant {
    /// - Returns: the ids of new refunds, oldest first.
    func refunds(_ count: Int, of payment: String? = nil) async throws -> [String] {
        var known = payment
        if known == nil { known = try await self.payment(100_000) }
        let payment = try #require(known)
        var made: [String] = []
        for _ in 0..<count { made.append(try await refund(1, of: payment)) }
        return made
    }
}
