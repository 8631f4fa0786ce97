import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct RouteTests {
    @Test(arguments: ["/cari", "/cari/v1", "/cari/charge", "/cari/charges/a/b", "/cari//charges", "/cari/v2/charges"])
    func `an unknown path is 404`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try expectRefusal(try await merchant.send(.get, path), 404, "/charges")
        }
    }

    @Test(arguments: [
        ("/charges", "PUT", "GET, HEAD, POST"), ("/charges", "DELETE", "GET, HEAD, POST"),
        ("/v1/charges", "PATCH", "GET, HEAD, POST"), ("/charges/x", "POST", "GET, HEAD, PUT, DELETE"),
        ("/charges/x/", "PATCH", "GET, HEAD, PUT, DELETE"), ("/refunds", "PUT", "GET, HEAD, POST"),
        ("/v1/refunds/x", "POST", "GET, HEAD, PUT, DELETE"), ("/refunds/x", "OPTIONS", "GET, HEAD, PUT, DELETE"),
    ])
    func `a wrong method is 405 and the right ones are named`(path: String, method: String, allow: String) async throws
    {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let answer = try await merchant.send(try #require(HTTPRequest.Method(method)), path)
            try expectRefusal(answer, 405, allow)
            #expect(answer.fields[.allow] == allow)
        }
    }

    @Test func `every path is there with and without v1 and trailing slash, and nothing redirects`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let refund = try await merchant.refund(charge, 100)
            for path in ["/charges", "/refunds", "/charges/\(charge)", "/refunds/\(refund)"] {
                let plain = try await merchant.send(.get, path)
                for other in ["/v1\(path)", "\(path)/", "/v1\(path)/", "/cari\(path)/"] {
                    let answer = try await merchant.send(.get, other)
                    #expect(answer.status == 200 && answer.body == plain.body, "\(other)")
                }
            }
            let body = #"{"charge": "\#(charge)", "amount": 1}"#
            for path in ["/refunds", "/refunds/", "/v1/refunds", "/v1/refunds/"] {
                #expect(try await merchant.send(.post, path, body).status == 200)
            }
        }
    }

    @Test func `HEAD answers like GET, without the body`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            for path in ["/charges", "/charges/\(charge)", "/charges?page=1", "/refunds"] {
                let answer = try await merchant.send(.head, path)
                #expect(answer.status == 200 && answer.body.isEmpty)
                #expect(answer.fields[.contentType] == "application/json")
            }
            #expect(try await merchant.send(.head, "/charges/nobody").status == 404)
        }
    }

    @Test func `refusals come in their order`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let reader = try await Merchant(server, scopes: ["payments:read"])
            let large = String(repeating: " ", count: 64 * 1024 + 1)
            try expectRefusal(try await server.send(.get, "/cari/nothing"), 401)
            try expectRefusal(try await reader.send(.post, "/cari/nothing", large), 404)
            try expectRefusal(try await reader.send(.patch, "/charges", large), 405)
            try expectRefusal(try await reader.send(.post, "/charges", large), 403)
            try expectRefusal(try await merchant.send(.post, "/charges", large), 413)
            try expectRefusal(try await merchant.send(.put, "/charges/nobody", "{}"), 400)
            try expectRefusal(try await merchant.send(.put, "/charges/nobody", #"{"amount": 1}"#), 404)
            try expectRefusal(try await merchant.send(.put, "/refunds/nobody", "{}"), 400)
            try expectRefusal(try await merchant.send(.put, "/refunds/nobody", #"{"status": "canceled"}"#), 404)
            try expectRefusal(try await merchant.send(.post, "/refunds", #"{"charge": "x", "amount": 0}"#), 400)
            try expectRefusal(try await merchant.send(.get, "/refunds?charge=nobody&page=0"), 400)
        }
    }

    @Test func `a body may have 64 kB and not one byte more`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = #"{"amount": 1000, "currency": "usd", "provider": "mobile"}"#
            let whole = body + String(repeating: " ", count: 64 * 1024 - body.utf8.count)
            #expect(try await merchant.send(.post, "/charges", whole).status == 200)
            try expectRefusal(try await merchant.send(.post, "/charges", whole + " "), 413, "65536")
        }
    }

    @Test func `bodies of GET and DELETE are nobody's business`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            #expect(try await merchant.send(.get, "/charges/\(charge)", "{not json").status == 200)
            #expect(try await merchant.send(.delete, "/charges/\(charge)", "[1,").status == 200)
        }
    }

    @Test func `an id cannot be smuggled in behind a NUL`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let charge = try await merchant.charge()
            let name = try await merchant.plantAlias("ours", for: charge)
            #expect(try await merchant.get("/charges/\(name)")["id"]?.string == "ours")
            try expectRefusal(try await merchant.send(.get, "/charges/ours%00"), 404)
            try expectRefusal(try await merchant.send(.delete, "/charges/ours%00x"), 404)
            let filtered = try await merchant.send(.get, "/refunds?charge=ours%00")
            try expectRefusal(filtered, filtered.status == 400 ? 400 : 404)
            #expect(try await merchant.get("/charges").array?.count == 1)
        }
    }
}
