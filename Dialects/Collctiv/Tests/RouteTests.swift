import CollctivDialect
import DialectKit
import HTTPTypes
import TestSupport
import Testing

struct RouteTests {
    @Test(arguments: ["/collctiv/v1/refund", "/v1", "/v1/refunds/a/b", "/v1//refunds", "/v2/refunds", "/v1/webhooks"])
    func `an unknown path is 404 in this API's form`(path: String) async throws {
        try await TestServer.run { server in
            try expectRefusal(try await Merchant(server).send(.get, path), 404, "nothing at this path")
        }
    }

    @Test(arguments: ["/v1/refunds", "/v1/payments", "/v1/pots", "/v1/customers"])
    func `a method that a collection does not take is 405 with what it takes`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for method in [HTTPRequest.Method.put, .patch, .delete] {
                let answer = try await merchant.send(method, path, "{}")
                try expectRefusal(answer, 405, "GET, HEAD, POST")
                #expect(answer.fields[.allow] == "GET, HEAD, POST")
            }
        }
    }

    @Test(arguments: ["/v1/refunds", "/v1/payments", "/v1/pots", "/v1/customers"])
    func `nothing can be updated or deleted`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
                let answer = try await merchant.send(method, "\(path)/\(unknownID)", "{}")
                try expectRefusal(answer, 405)
                #expect(answer.fields[.allow] == "GET, HEAD")
            }
        }
    }

    @Test func `a trailing slash changes nothing and redirects nowhere`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let payment = try await merchant.payment()
            let body = Merchant.refundBody(of: payment)
            let made = try await merchant.send(.post, "/collctiv/v1/refunds/", body)
            #expect(made.status == 200)
            let id = try #require(try made.json["id"]?.string)
            for path in ["/collctiv/v1/refunds", "/v1/refunds/\(id)", "/v1/payments", "/v1/pots", "/v1/customers"] {
                #expect(try await merchant.get(path) == merchant.get(path + "/"))
            }
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let length = try await merchant.send(.get, "/v1/refunds").body.count
            let answer = try await merchant.send(.head, "/v1/refunds")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(answer.fields[.contentLength] == String(length))
        }
    }

    @Test func `a body on GET is ignored`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.send(.get, "/v1/refunds", "{nonsense").status == 200)
        }
    }

    @Test func `a body is at most 64 kB`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let body = Merchant.refundBody(of: unknownID)
            let padding = String(repeating: " ", count: 64 * 1024 - body.utf8.count)
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", body + padding), 404)
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", body + padding + " "), 413, "65536")
        }
    }

    @Test func `refusals come in their order`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server, scopes: ["refunds:write", "payments:write", "pots:write"])
            let reader = try await Merchant(server, scopes: ["refunds:read"])
            let large = String(repeating: " ", count: 65 * 1024)
            try expectRefusal(try await server.send(.put, "/collctiv/v1/nothing", body: large), 401)
            try expectRefusal(try await reader.send(.put, "/v1/nothing", large), 404)
            try expectRefusal(try await reader.send(.put, "/v1/refunds", large), 405)
            try expectRefusal(try await reader.send(.post, "/v1/refunds", large), 403)
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", large), 413)
            let unreasoned = #"{"amount": 9999999, "payment": "\#(unknownID)"}"#
            try expectRefusal(try await merchant.send(.post, "/v1/refunds", unreasoned), 400, "reason")
            try expectRefusal(try await merchant.askRefund(9_999_999, of: unknownID), 404)
        }
    }
}
