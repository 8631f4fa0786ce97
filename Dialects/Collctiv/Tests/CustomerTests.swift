import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct CustomerTests {
    @Test func `a new customer is answered with the documented members`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = """
                {"first_name": "Ann", "last_name": "van Dyk", "email": "ann@example.com", "metadata": {"a": "b"}}
                """
            let answer = try await merchant.send(.post, "/v1/customers", body)
            let id = try #require(try answer.json["id"]?.string)
            #expect(
                answer.text == """
                    {"id":"\(id)","first_name":"Ann","last_name":"van Dyk","email":"ann@example.com",\
                    "created_at":1767323045,"metadata":{"a":"b"}}
                    """
            )
            #expect(try await merchant.get("/v1/customers/\(id)") == answer.json)
        }
    }

    @Test func `equal customers may exist beside each other`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let first = try await merchant.customer()
            #expect(try await merchant.customer() != first)
            #expect(try await merchant.ids("/v1/customers").count == 2)
        }
    }

    @Test(arguments: [
        (#"{"last_name": "B", "email": "a@b.c"}"#, "first_name"),
        (#"{"first_name": "", "last_name": "B", "email": "a@b.c"}"#, "first_name"),
        (#"{"first_name": "\t", "last_name": "B", "email": "a@b.c"}"#, "first_name"),
        (#"{"first_name": "A", "email": "a@b.c"}"#, "last_name"),
        (#"{"first_name": "A", "last_name": ["B"], "email": "a@b.c"}"#, "last_name"),
        (#"{"first_name": "A", "last_name": "B"}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": null}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": "b.c"}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": "@b.c"}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": "a@"}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": "a@b@c"}"#, "email"),
        (#"{"first_name": "A", "last_name": "B", "email": "a b@c"}"#, "email"),
    ])
    func `a missing, blank or mistyped member is named`(body: String, member: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.post, "/v1/customers", body), 400, "\(member) ")
            #expect(try await merchant.ids("/v1/customers").isEmpty)
        }
    }

    @Test(arguments: [("first_name", 200), ("last_name", 200), ("email", 254)])
    func `a text has a longest length`(member: String, longest: Int) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for (length, status) in [(longest, 200), (longest + 1, 400)] {
                var members = ["first_name": "A", "last_name": "B", "email": "a@b.c"]
                let end = member == "email" ? "@b.c" : ""
                members[member] = String(repeating: "x", count: length - end.count) + end
                let texts = String(decoding: JSONWriter.bytes(.texts(members)), as: UTF8.self)
                #expect(try await merchant.send(.post, "/v1/customers", texts).status == status)
            }
        }
    }

    @Test(
        arguments: [
            ("Ann Mary van Dyk", "Ann Mary van", "Dyk"), ("Cher", "Cher", nil),
        ] as [(String, String, String?)]
    )
    func `a single name is split at its last space`(name: String, first: String, last: String?) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.paymentBody(pot: try await merchant.pot()).replacing("Pat Payer", with: name)
            let customer = try #require(try await merchant.post("/v1/payments", body)["customer"]?.string)
            let shown = try await merchant.get("/v1/customers/\(customer)")
            #expect(shown["first_name"]?.string == first)
            #expect(shown["last_name"] == .optional(last))
        }
    }
}
