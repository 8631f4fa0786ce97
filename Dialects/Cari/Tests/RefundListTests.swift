import DialectKit
import HTTPTypes
import TestSupport
import Testing

/// `GET /refunds`, where it is more than a list like any other.
struct RefundListTests {
    private func ids(_ list: JSONValue?) -> [String] { list?.array?.compactMap { $0["id"]?.string } ?? [] }

    @Test func `the filter shows one charge's refunds, bare and in pages`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let (one, other) = (try await merchant.charge(), try await merchant.charge())
            var refunds: [String] = []
            for _ in 0..<7 {
                refunds.insert(try await merchant.refund(one, 1), at: 0)
                _ = try await merchant.refund(other, 1)
            }
            #expect(ids(try await merchant.get("/refunds?charge=\(one)")) == refunds)
            for page in 1...4 {
                let list = try await merchant.get("/v1/refunds?charge=\(one)&page=\(page)&items_per_page=3")
                #expect(list.names == ["refunds", "total_items", "total_pages", "page", "items_per_page"])
                #expect(ids(list["refunds"]) == Array(refunds.dropFirst((page - 1) * 3).prefix(3)))
                #expect(list["total_items"]?.integer == 7)
                #expect(list["total_pages"]?.integer == 3)
            }
            let all = try await merchant.get("/refunds?items_per_page=10&page=2")
            #expect(ids(all["refunds"]).count == 4 && all["total_items"]?.integer == 14)
        }
    }

    @Test func `a charge without refunds has an empty list`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            #expect(try await merchant.get("/refunds?charge=\(charge)") == .array([]))
            let page = try await merchant.get("/refunds?charge=\(charge)&page=1")
            #expect(page["total_items"]?.integer == 0 && page["total_pages"]?.integer == 0)
        }
    }

    @Test func `deleted refunds are neither shown nor counted, canceled ones are`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let kept = try await merchant.refund(charge, 1)
            let canceled = try await merchant.refund(charge, 1)
            let deleted = try await merchant.refund(charge, 1)
            _ = try await merchant.send(.put, "/refunds/\(canceled)", #"{"status": "canceled"}"#)
            for query in ["", "?charge=\(charge)"] {
                let separator = query.isEmpty ? "?" : "&"
                #expect(ids(try await merchant.get("/refunds\(query)\(separator)page=1")["refunds"]).contains(canceled))
            }
            _ = try await merchant.send(.delete, "/refunds/\(deleted)")
            #expect(ids(try await merchant.get("/refunds")) == [canceled, kept])
            #expect(ids(try await merchant.get("/refunds?charge=\(charge)")) == [canceled, kept])
            for query in ["?page=1", "?charge=\(charge)&page=1"] {
                let page = try await merchant.get("/refunds\(query)")
                #expect(ids(page["refunds"]) == [canceled, kept])
                #expect(page["total_items"]?.integer == 2)
            }
        }
    }

    @Test func `pages walked before a deletion are not what they were`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            var refunds: [String] = []
            for _ in 0..<7 { refunds.insert(try await merchant.refund(charge, 1), at: 0) }
            for query in ["", "charge=\(charge)&"] {
                for page in 1...3 { _ = try await merchant.get("/refunds?\(query)page=\(page)&items_per_page=2") }
            }
            _ = try await merchant.send(.delete, "/refunds/\(refunds.remove(at: 1))")
            for query in ["", "charge=\(charge)&"] {
                let list = try await merchant.get("/refunds?\(query)page=3&items_per_page=2")
                #expect(ids(list["refunds"]) == Array(refunds[4..<6]))
            }
        }
    }

    @Test(arguments: ["nobody", "ch_0000000000000000000000000", "re_0000000000000000000000000"])
    func `a filter that names no charge is 404`(text: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.get, "/refunds?charge=\(text)"), 404, "No such charge: \(text)")
        }
    }

    @Test(arguments: ["charge=", "charge", "charge=a&charge=b"])
    func `a filter that says nothing is 400`(query: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.get, "/refunds?\(query)"), 400, "charge")
        }
    }

    @Test func `a filtered total goes on counting beyond one stride`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge(100_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1001 { group.addTask { _ = try await merchant.refund(charge, 1) } }
                try await group.waitForAll()
            }
            let page = try await merchant.get("/refunds?charge=\(charge)&page=51")
            #expect(page["total_items"]?.integer == 1001)
            #expect(page["total_pages"]?.integer == 51)
            #expect(page["refunds"]?.array?.count == 1)
        }
    }
}
