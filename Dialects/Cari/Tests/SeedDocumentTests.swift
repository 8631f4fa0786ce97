import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

/// The requests of the vendor's page on refunds, as printed, against the objects that it prints.
struct SeedDocumentTests {
    /// How a printed line reaches this server instead of the vendor's.
    enum Way: CaseIterable, Sendable {
        case replacedHost
        case prefix
        case hostHeader
    }

    private func run(
        _ text: String,
        id: String = "charge_id_1",
        _ way: Way,
        _ merchant: Merchant
    ) async throws
        -> JSONValue
    {
        let line = try CurlLine(text)
        #expect(line.host == "api.cari.finance")
        let path = (way == .prefix ? "/cari" : "") + line.path.replacing("{id}", with: id)
        let authorization = line.headers["Authorization"]?.replacing("{token}", with: merchant.key)
        #expect(line.body == nil || line.headers["Content-Type"] == "application/json")
        let (status, body): (Int, [UInt8])
        if way == .hostHeader {
            let answer = try await merchant.server.send(
                line.method,
                path,
                host: line.host,
                authorization: authorization,
                body: line.body
            )
            (status, body) = (answer.status, answer.body)
        } else {
            let answer = try await merchant.server.send(
                line.method,
                path,
                authorization: authorization,
                body: line.body
            )
            (status, body) = (answer.status, answer.body)
        }
        #expect(status == 200, "\(text): \(String(decoding: body, as: UTF8.self))")
        return try JSONReader.read(body)
    }

    /// Everything that the page prints is there with the same value; times are illustrations and only look alike.
    private func expect(_ charge: JSONValue, is printed: String, id: String? = nil) throws {
        let model = try JSONReader.read(Array(printed.utf8))
        for name in model.names ?? [] {
            switch name {
            case "created": #expect(charge[name]?.integer != nil)
            case "created_at", "updated_at":
                let text = try #require(charge[name]?.string)
                #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
            case "id" where id != nil: #expect(charge[name]?.string == id)
            default: #expect(charge[name] == model[name], "\(name)")
            }
        }
    }

    private func withDemo(_ body: @Sendable @escaping (Merchant) async throws -> Void) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant.publishable(server)
            let charge = try await merchant.charge()
            for text in ["charge_id_1", "id", "{id}"] { try await merchant.plantAlias(text, for: charge) }
            try await body(merchant)
        }
    }

    @Test(arguments: Way.allCases)
    func `list all refunds`(way: Way) async throws {
        try await withDemo { merchant in
            let list = try await run(SeedDocument.list, way, merchant)
            let charge = try #require(list.array?.first)
            #expect(list.array?.count == 1)
            try expect(charge, is: SeedDocument.listed)
        }
    }

    @Test(arguments: Way.allCases)
    func `create a charge`(way: Way) async throws {
        try await withDemo { merchant in
            let charge = try await run(SeedDocument.create, way, merchant)
            let id = try #require(charge["id"]?.string)
            #expect(id != "charge_id_1")
            try expect(charge, is: SeedDocument.created, id: id)
        }
    }

    @Test(arguments: Way.allCases, ["charge_id_1", "id", "{id}", "%7Bid%7D"])
    func `retrieve, update and delete a charge`(way: Way, id: String) async throws {
        try await withDemo { merchant in
            try expect(try await run(SeedDocument.retrieve, id: id, way, merchant), is: SeedDocument.created)
            try expect(try await run(SeedDocument.update, id: id, way, merchant), is: SeedDocument.updated)
            try expect(try await run(SeedDocument.retrieve, id: id, way, merchant), is: SeedDocument.updated)
            let deleted = try await run(SeedDocument.delete, id: id, way, merchant)
            #expect(try deleted == JSONReader.read(Array(SeedDocument.deleted.utf8)))
            #expect(try await merchant.get("/charges") == .array([]))
        }
    }

    @Test(arguments: Way.allCases)
    func `the charge of the page can be refunded`(way: Way) async throws {
        try await withDemo { merchant in
            let line = SeedDocument.create.replacing("/charges", with: "/v1/refunds")
            let head = try #require(line.split(separator: "-d ").first)
            let refund = try await run(head + #"-d '{"charge": "charge_id_1", "amount": 1000}'"#, way, merchant)
            #expect(refund["charge"]?.string == "charge_id_1")
            let charge = try await run(SeedDocument.retrieve, way, merchant)
            #expect(charge["amount_refunded"]?.integer == 1000)
            #expect(charge["status"]?.string == "succeeded")
        }
    }
}
