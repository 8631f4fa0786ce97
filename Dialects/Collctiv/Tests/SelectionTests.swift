import CollctivDialect
import DialectKit
import HTTPTypes
import TestSupport
import Testing

struct SelectionTests {
    private static let nothing = #"{"has_more":false,"data":[]}"#

    @Test(arguments: ["/collctiv/v1/refunds", "/collctiv/v1/refunds/", "/collctiv/v1/pots", "/collctiv/v1/customers"])
    func `the prefix chooses this API`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.send(.get, path).text == Self.nothing)
            try expectRefusal(try await server.send(.get, path), 401, "Invalid API key")
        }
    }

    @Test(arguments: ["api.collctiv.com", "API.Collctiv.COM", "api.collctiv.com:8443"])
    func `the vendor's host chooses this API`(host: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let fields: HTTPFields = [.authorization: "Bearer \(merchant.key)"]
            for path in ["/v1/refunds", "/v1/refunds/", "/v1/customers"] {
                let answer = try await server.send(.get, path, host: host, headers: fields)
                #expect(answer.status == 200 && answer.text == Self.nothing)
            }
            let basic: HTTPFields = [.authorization: "Basic c3Rlc3RfeDo="]
            let refused = try await server.send(.get, "/v1/refunds/", host: host, headers: basic)
            #expect(refused.status == 401)
            #expect(refused.text == #"{"type":"invalid_request","code":401,"message":"Invalid API key"}"#)
        }
    }

    @Test func `a key of this API chooses it on paths that others share`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for path in ["/v1/refunds", "/v1/refunds/", "/v1/customers"] {
                #expect(try await merchant.send(.get, path).text == Self.nothing)
            }
        }
    }

    @Test(arguments: ["/v1/pots", "/v1/pots/", "/v1/pots/x", "/v1/payments", "/v1/payments/x", "/v1/refunds", "/"])
    func `without a key the paths of this API, and those of none, are its own`(path: String) async throws {
        try await TestServer.run { server in
            try expectRefusal(try await server.send(.get, path), 401, "Invalid API key")
        }
    }

    @Test func `pots and payments are claimed, and nothing else`() {
        let dialect = CollctivDialect()
        for path in ["/v1/pots", "/v1/pots/x", "/v1/payments", "/v1/payments/x"] {
            #expect(dialect.claims(RequestPath(path)), "\(path)")
        }
        for path in ["/", "/v1", "/pots", "/v1/refunds", "/v1/customers", "/v2/pots"] {
            #expect(!dialect.claims(RequestPath(path)), "\(path)")
        }
    }

    @Test func `a second host is refused in this API's form`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let answer = try await merchant.send(.get, "/v1/refunds", headers: ["Host": "api.collctiv.com"])
            try expectRefusal(answer, 400, "Host")
        }
    }
}
