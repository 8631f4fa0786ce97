import DialectKit
import Domain
import Engine
import Storage
import TestSupport
import Testing

struct CustomerTests {
    @Test func `a customer that is described is made, and named by its id from then on`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let described = #""customer": {"name": "Ada Lovelace", "email": "ada@example.com", "shoe_size": 37}"#
            let first = try await merchant.charge(with: described).json
            let id = try #require(first["customer"]?.string)
            #expect(id.wholeMatch(of: /cus_[0-9a-z]{25}/) != nil)
            #expect(try await merchant.charge(with: described).json["customer"]?.string == id)
            #expect(try await merchant.charge(with: #""customer": "\#(id)""#).json["customer"]?.string == id)
            let other = try await merchant.charge(with: #""customer": {"name": "Ada"}"#).json
            #expect(other["customer"]?.string != id)
            let details = try await server.engine.customer(merchant.object(.customer, id))
            #expect(details.person?.name == "Ada Lovelace")
            #expect(details.person?.email == "ada@example.com")
        }
    }

    @Test(arguments: ["cus_nobody", "cus_0000000000000000000000000", "cus_zzzzzzzzzzzzzzzzzzzzzzzzz", "Ada"])
    func `an unknown customer is 404 and nothing is charged`(id: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.charge(with: #""customer": "\#(id)""#), 404, "No such customer: \(id)")
            #expect(try await merchant.get("/charges") == .array([]))
        }
    }

    @Test(arguments: [
        ("5", "customer"), ("true", "customer"), ("[]", "customer"), (#""""#, "customer"), ("{}", "customer"),
        (#"{"phone": "1"}"#, "customer"), (#"{"name": 5}"#, "customer.name"), (#"{"name": ""}"#, "customer.name"),
        (#"{"email": {}}"#, "customer.email"), (#"{"name": "A", "email": false}"#, "customer.email"),
    ])
    func `a customer that is neither an id nor somebody is 400`(value: String, name: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.charge(with: #""customer": \#(value)"#), 400, name)
        }
    }

    @Test func `another account's customer is like an unknown one`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let stranger = try await Merchant(server, account: "other")
            let described = try await merchant.charge(with: #""customer": {"name": "Ada"}"#).json
            let id = try #require(described["customer"]?.string)
            try expectRefusal(try await stranger.charge(with: #""customer": "\#(id)""#), 404, id)
        }
    }

    @Test func `a customer that came from elsewhere is read and shown under its own id`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let described = try await merchant.charge(with: #""customer": {"name": "Ada"}"#).json
            let id = try #require(described["customer"]?.string)
            try await merchant.plantAlias("cus_fromElsewhere12345", for: id, .customer)
            let answer = try await merchant.charge(with: #""customer": "cus_fromElsewhere12345""#).json
            #expect(answer["customer"]?.string == "cus_fromElsewhere12345")
            let charge = try #require(answer["id"]?.string)
            #expect(try await merchant.get("/charges/\(charge)") == answer)
        }
    }
}
