import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct CustomerTests {
    private static let jane = #"{"name":"Jane Doe","email":"jane@example.com","mobile":"+33600000000"}"#

    @Test func `a new customer is answered whole, its members sorted`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post(
                "/v1/customers/",
                #"{"name":"Jane Doe","email":"jane@example.com","mobile":"+33600000000","external_id":"7"}"#
            )
            let id = try answer.made()
            #expect(id.hasPrefix("cust_"))
            #expect(id.count == 29)
            #expect(
                answer.text == """
                    {"created":1767323045,"email":"jane@example.com","external_id":"7","id":"\(id)",\
                    "live_mode":false,"mobile":"+33600000000","name":"Jane Doe"}
                    """
            )
            let read = try await merchant.get("/v1/customers/\(id)")
            #expect(read.body == answer.body)
        }
    }

    @Test(arguments: [#"{"email":"jane@example.com"}"#, #"{"mobile":"+33600000000"}"#])
    func `an address or a number is enough`(body: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/customers/", body)
            #expect(answer.status == 200)
            #expect(try answer.json["name"] == .null)
        }
    }

    @Test(arguments: [
        ("{}", "email is required where there is no mobile"),
        (#"{"name":"Jane Doe"}"#, "email is required where there is no mobile"),
        (#"{"email":"a@b"}"#, "email must have 5 to 64 characters"),
        (#"{"email":7}"#, "email must be a string, not a number"),
        (#"{"mobile":"1234567"}"#, "mobile must have 8 to 16 characters"),
        (#"{"mobile":"+3360000000000000"}"#, "mobile must have 8 to 16 characters"),
        (#"{"email":"a@b.c","name":"Jo"}"#, "name must have 3 to 64 characters"),
        (
            #"{"email":"a@b.c","external_id":"0123456789012345678901234567890123456"}"#,
            "external_id must have 1 to 36 characters"
        ),
    ])
    func `what a customer cannot be is a bad request`(body: String, message: String) async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.post("/v1/customers/", body)
            #expect(answer.status == 400)
            #expect(try answer.message == message)
        }
    }

    @Test func `an equal customer is a conflict that names the first`() async throws {
        try await withMerchant { merchant in
            let first = try await merchant.post("/v1/customers/", Self.jane).made()
            let answer = try await merchant.post("/v1/customers/", Self.jane)
            #expect(answer.status == 409)
            #expect(
                answer.text == """
                    {"error":{"message":{"error":"Customer already exists, you may want to update it instead creating \
                    a new one","id":"\(first)"},"type":"invalid_request_error"}}
                    """
            )
        }
    }

    @Test func `another external id makes another customer, the same one does not`() async throws {
        try await withMerchant { merchant in
            func body(_ external: String) -> String { #"{"email":"jane@example.com","external_id":"\#(external)"}"# }
            let plain = try await merchant.post("/v1/customers/", #"{"email":"jane@example.com"}"#).made()
            let first = try await merchant.post("/v1/customers/", body("1")).made()
            let second = try await merchant.post("/v1/customers/", body("2")).made()
            #expect(Set([plain, first, second]).count == 3)
            let again = try await merchant.post("/v1/customers/", body("1"))
            #expect(again.status == 409)
            #expect(try again.conflict.id == first)
        }
    }

    @Test func `what a change does not name stays`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/customers/", #"{"mobile":"+33600000000"}"#).made()
            for (body, member, value) in [
                (#"{"name":"Jane Doe"}"#, "name", "Jane Doe"),
                (#"{"email":"j@example.com"}"#, "email", "j@example.com"),
                (#"{"external_id":"7"}"#, "external_id", "7"),
                (#"{"mobile":"+33611111111"}"#, "mobile", "+33611111111"),
            ] {
                let answer = try await merchant.patch("/v1/customers/\(id)", body)
                #expect(answer.status == 200)
                #expect(try answer.json[member]?.string == value)
            }
            let read = try await merchant.get("/v1/customers/\(id)").json
            #expect(read["id"]?.string == id)
            #expect(read["name"]?.string == "Jane Doe")
            #expect(read["email"]?.string == "j@example.com")
            #expect(read["mobile"]?.string == "+33611111111")
        }
    }

    @Test func `a change is checked as creation is`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/customers/", Self.jane).made()
            let answer = try await merchant.patch("/v1/customers/\(id)", #"{"name":"J"}"#)
            #expect(answer.status == 400)
        }
    }

    @Test func `a changed customer is recognised by what it says now`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/customers/", #"{"email":"old@example.com"}"#).made()
            _ = try await merchant.patch("/v1/customers/\(id)", #"{"email":"new@example.com"}"#)
            let old = try await merchant.post("/v1/customers/", #"{"email":"old@example.com"}"#)
            #expect(old.status == 200)
            let new = try await merchant.post("/v1/customers/", #"{"email":"new@example.com"}"#)
            #expect(try new.conflict.id == id)
        }
    }

    @Test func `a deleted customer is gone, without a body`() async throws {
        try await withMerchant { merchant in
            let id = try await merchant.post("/v1/customers/", Self.jane).made()
            let answer = try await merchant.send(.delete, "/v1/customers/\(id)")
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            for answer in [
                try await merchant.get("/v1/customers/\(id)"), try await merchant.send(.delete, "/v1/customers/\(id)"),
                try await merchant.patch("/v1/customers/\(id)", "{}"),
            ] {
                #expect(answer.status == 404)
                #expect(try answer.message == "No such customer \(id)")
            }
            let left = try await merchant.get("/v1/customers/").ids("customers")
            #expect(left.isEmpty)
            let again = try await merchant.post("/v1/customers/", Self.jane)
            #expect(again.status == 200)
        }
    }

    @Test func `an unknown customer is named as it was written`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get("/v1/customers/abcdefghijklmnopqrstuvwxyzABC")
            #expect(answer.status == 404)
            #expect(try answer.message == "No such customer abcdefghijklmnopqrstuvwxyzABC")
        }
    }

    @Test func `live customers need no processor`() async throws {
        try await TestServer.run { server in
            let live = try await Merchant(server, .live)
            let answer = try await live.post("/v1/customers/", Self.jane)
            #expect(answer.status == 200)
            #expect(try answer.json["live_mode"]?.bool == true)
        }
    }
}
