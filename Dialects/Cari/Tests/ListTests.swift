import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

/// Both lists, bare and in pages.
struct ListTests {
    /// Of the objects in an answer.
    private func ids(_ list: JSONValue?) -> [String] { list?.array?.compactMap { $0["id"]?.string } ?? [] }

    private func charges(_ count: Int, _ merchant: Merchant) async throws -> [String] {
        var charges: [String] = []
        for _ in 0..<count { charges.insert(try await merchant.charge(), at: 0) }
        return charges
    }

    @Test func `an empty list is an empty array, or an envelope of nothing`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for name in ["charges", "refunds"] {
                #expect(try await merchant.send(.get, "/\(name)").text == "[]")
                #expect(
                    try await merchant.send(.get, "/\(name)?page=1").text
                        == #"{"\#(name)":[],"total_items":0,"total_pages":0,"page":1,"items_per_page":20}"#
                )
            }
        }
    }

    @Test func `without paging everything comes newest first, ties by insertion`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let older = try await charges(2, merchant)
            server.clock.advance(by: .seconds(1))
            let newer = try await charges(2, merchant)
            #expect(ids(try await merchant.get("/charges")) == newer + older)
            #expect(ids(try await merchant.get("/charges?limit=1&foo")) == newer + older)
        }
    }

    @Test func `either parameter asks for an envelope`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let all = try await charges(23, merchant)
            let first = try await merchant.get("/charges?page=1")
            #expect(first.names == ["charges", "total_items", "total_pages", "page", "items_per_page"])
            #expect(ids(first["charges"]) == Array(all.prefix(20)))
            #expect(first["total_items"]?.integer == 23)
            #expect(first["total_pages"]?.integer == 2)
            let small = try await merchant.get("/charges?items_per_page=5")
            #expect(ids(small["charges"]) == Array(all.prefix(5)))
            #expect(small["page"]?.integer == 1 && small["items_per_page"]?.integer == 5)
            #expect(small["total_pages"]?.integer == 5)
            let second = try await merchant.get("/charges?page=2&items_per_page=5")
            #expect(ids(second["charges"]) == Array(all[5..<10]))
            #expect(ids(try await merchant.get("/charges?items_per_page=100")["charges"]) == all)
            #expect(ids(try await merchant.get("/v1/charges/?page=5&items_per_page=5")["charges"]) == Array(all[20...]))
        }
    }

    @Test(arguments: [7, 8, 1000, 999_999_999])
    func `a page out of range is empty and keeps its totals`(page: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            _ = try await charges(11, merchant)
            let list = try await merchant.get("/charges?items_per_page=2&page=\(page)")
            #expect(ids(list["charges"]).isEmpty)
            #expect(list["total_items"]?.integer == 11)
            #expect(list["total_pages"]?.integer == 6)
        }
    }

    @Test(arguments: [
        ("page=0", "page"), ("page=-1", "page"), ("page=1.5", "page"), ("page=one", "page"), ("page=", "page"),
        ("page", "page"), ("page=%2B1", "page"), ("page=01", "page"), ("page=1&page=2", "page"), ("page=1e1", "page"),
        ("page=99999999999999999999", "page"), ("items_per_page=0", "items_per_page"),
        ("items_per_page=101", "items_per_page"), ("items_per_page=-5", "items_per_page"),
        ("items_per_page=ten", "items_per_page"), ("page=1&items_per_page=", "items_per_page"),
    ])
    func `a page or size that is none is 400`(query: String, name: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.get, "/charges?\(query)"), 400, name)
            try expectRefusal(try await merchant.send(.get, "/v1/refunds?\(query)"), 400, name)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 50])
    func `page after page gives the whole list, each once`(size: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let all = try await charges(16, merchant)
            var walked: [String] = []
            for page in 1...(16 / size + 1) {
                walked += ids(try await merchant.get("/charges?page=\(page)&items_per_page=\(size)")["charges"])
            }
            #expect(walked == all)
            let last = (16 + size - 1) / size
            let jump = try await merchant.get("/charges?page=\(last)&items_per_page=\(size)")
            #expect(ids(jump["charges"]) == Array(all[((last - 1) * size)...]))
        }
    }

    @Test func `what comes in between two pages moves the rest along`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            var all = try await charges(9, merchant)
            for page in 1...5 {
                let list = try await merchant.get("/charges?page=\(page)&items_per_page=3")
                let start = min((page - 1) * 3, all.count)
                #expect(ids(list["charges"]) == Array(all[start..<min(start + 3, all.count)]), "page \(page)")
                #expect(list["total_items"]?.integer == Int64(all.count))
                all.insert(try await merchant.charge(), at: 0)
            }
        }
    }

    @Test func `lists show what other APIs made, and no other account's or mode's`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let live = try await Merchant(server, .live)
            let ours = try await merchant.charge()
            _ = try await stranger.charge()
            let planted = try await merchant.plant()
            _ = try await live.plant()
            #expect(ids(try await merchant.get("/charges")) == [planted, ours])
            #expect(try await merchant.get("/charges?page=1")["total_items"]?.integer == 2)
            #expect(try await live.get("/charges").array?.map { $0["livemode"]?.bool } == [true])
        }
    }
}
