import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

/// The requests of the vendor's document, as printed but for host and token, and its answers.
struct SeedDocumentTests {
    /// How a request finds this API once its host is replaced.
    enum Way: String, CaseIterable, Sendable {
        case key
        case prefix
        case host
    }

    private static let customer = "117b2b86-4b21-4a67-8592-c267a7ba7997"
    private static let pot = "d4748db4-7863-4fa0-9a77-3cd329d5e652"
    private static let payment = "999fe8d5-1615-414b-83fc-2740b3c4a899"
    private static let refund = "522d1dcc-344c-4373-9523-8cf4bd8be008"
    private static let earlier = "3b241101-e2bb-4255-8caf-4136c566a962"

    @Test(arguments: Way.allCases)
    func `listing all refunds answers as printed`(way: Way) async throws {
        try await TestServer.run { server in
            let merchant = try await document(server)
            // curl -G …/v1/refunds -d limit=3
            let page = try await merchant.ask(way, .get, "/v1/refunds?limit=3")
            #expect(page.names == ["has_more", "data"])
            #expect(page["has_more"] == false)
            let refunds = try #require(page["data"]?.array)
            try expectPrinted(try #require(refunds.first))
            #expect(refunds.count == 2)
            #expect(refunds.last?["id"]?.string == Self.earlier)
            #expect(refunds.last?.names == refunds.first?.names)
        }
    }

    @Test(arguments: Way.allCases)
    func `creating a refund answers as printed`(way: Way) async throws {
        try await TestServer.run { server in
            let merchant = try await document(server)
            let body = """
                {"amount":1000, "payment": "999fe8d5-1615-414b-83fc-2740b3c4a899", "reason": \
                {"code":"customer_requested"}}
                """
            let made = try await merchant.ask(way, .post, "/v1/refunds", body)
            let now = server.clock.now.seconds
            #expect(made.dropping("id") == printed(1000, at: now, comment: "", status: "new"))
            #expect(made.names?.first == "id")
        }
    }

    @Test(arguments: Way.allCases)
    func `retrieving a refund by the payment's id answers as printed`(way: Way) async throws {
        try await TestServer.run { server in
            let merchant = try await document(server)
            let path = "/v1/refunds/999fe8d5-1615-414b-83fc-2740b3c4a899"
            try expectPrinted(try await merchant.ask(way, .get, path))
        }
    }

    @Test(arguments: Way.allCases)
    func `retrieving a refund by its own id answers the same`(way: Way) async throws {
        try await TestServer.run { server in
            try expectPrinted(try await document(server).ask(way, .get, "/v1/refunds/\(Self.refund)"))
        }
    }

    @Test func `the filters of the list take the printed ids`() async throws {
        try await TestServer.run { server in
            let merchant = try await document(server)
            let both = [Self.refund, Self.earlier]
            #expect(try await merchant.ids("/v1/refunds?pot=\(Self.pot)") == both)
            #expect(try await merchant.ids("/v1/refunds?customer=\(Self.customer)") == both)
        }
    }

    // MARK: - The objects that the document speaks of

    private func document(_ server: TestServer) async throws -> Merchant {
        let merchant = try await Merchant(server)
        let customer = try await merchant.customer()
        try await merchant.alias(Self.customer, for: customer, .customer)
        try await merchant.alias(Self.pot, for: try await merchant.pot(of: Self.customer), .pot)
        let more = #", "customer": "\#(Self.customer)""#
        let paid = try await merchant.post("/v1/payments", Merchant.paymentBody(10_000, pot: Self.pot, more: more))
        try await merchant.alias(Self.payment, for: try #require(paid["id"]?.string), .payment)
        for (amount, text) in [(1000, Self.earlier), (2100, Self.refund)] {
            let body = """
                {"amount": \(amount), "payment": "\(Self.payment)", "reason": {"code": "customer_requested", \
                "comment": "The customer requested a refund via customer services."}}
                """
            let made = try await merchant.post("/v1/refunds", body)
            try await merchant.alias(text, for: try #require(made["id"]?.string), .refund)
        }
        try await server.advance(by: .seconds(2))
        return merchant
    }

    private func expectPrinted(_ refund: JSONValue, at location: SourceLocation = #_sourceLocation) throws {
        let comment = "The customer requested a refund via customer services."
        let moment = try #require(refund["created_at"]?.integer)
        #expect(refund.names?.first == "id", sourceLocation: location)
        #expect(refund["id"]?.string == Self.refund, sourceLocation: location)
        let expected = printed(2100, at: moment, comment: comment, status: "complete")
        #expect(refund.dropping("id") == expected, sourceLocation: location)
    }

    /// The printed refund without its id.
    private func printed(_ amount: Int64, at seconds: Int64, comment: String, status: String) -> JSONValue {
        .members(
            ("amount", .integer(amount)),
            ("created_at", .integer(seconds)),
            ("pot", .string(Self.pot)),
            ("payment", .string(Self.payment)),
            ("customer", .string(Self.customer)),
            ("reason", .members(("code", "customer_requested"), ("comment", .string(comment)))),
            ("status", .string(status)),
            ("metadata", .object([]))
        )
    }
}

extension JSONValue {
    fileprivate func dropping(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return .object(members.filter { $0.name != name })
    }
}

extension Merchant {
    fileprivate func ask(
        _ way: SeedDocumentTests.Way,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil
    ) async throws -> JSONValue {
        switch way {
        case .key, .prefix:
            let answer = try await send(method, way == .prefix ? "/collctiv\(path)" : path, body)
            #expect(answer.status == 200, "\(answer.text)")
            return try answer.json
        case .host:
            let fields: HTTPFields = [.authorization: "Bearer \(key)", .contentType: "application/json"]
            let answer = try await server.send(method, path, host: "api.collctiv.com", headers: fields, body: body)
            #expect(answer.status == 200, "\(answer.text)")
            return try JSONReader.read(Array(answer.text.utf8))
        }
    }
}
