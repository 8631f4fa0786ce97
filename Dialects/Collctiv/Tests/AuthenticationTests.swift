import CollctivDialect
import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import TestSupport
import Testing

struct AuthenticationTests {
    @Test(
        arguments: [
            nil, "Bearer", "Bearer ", "Bearer {token}", "Bearer clv_test_00000000000000000000000000000000",
            "Token clv_test_00000000000000000000000000000000", "Basic Y2x2X3Rlc3RfOg==",
        ] as [String?]
    )
    func `without a known key nothing is answered but the documented 401`(authorization: String?) async throws {
        try await TestServer.run { server in
            _ = try await Merchant(server)
            let answer = try await server.send(.get, "/collctiv/v1/refunds", authorization: authorization)
            #expect(answer.status == 401)
            #expect(answer.text == #"{"type":"invalid_request","code":401,"message":"Invalid API key"}"#)
            #expect(answer.fields[.wwwAuthenticate] == "Bearer")
            #expect(answer.fields[.contentType] == "application/json")
        }
    }

    @Test(arguments: ["bearer", "BEARER", "Bearer"])
    func `the scheme is written in any case`(scheme: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let answer = try await server.send(.get, "/v1/refunds", authorization: "\(scheme) \(merchant.key)")
            #expect(answer.status == 200)
        }
    }

    @Test func `a revoked key is like an unknown one`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.send(.get, "/v1/refunds").status == 200)
            _ = try await server.engine.perform(RevokeKey(hash: Directory.hash(of: merchant.key)))
            try await server.engine.directory.refresh(from: server.installation.store)
            let unknown = try await server.send(.get, "/v1/refunds", authorization: "Bearer clv_test_unknown")
            let revoked = try await merchant.send(.get, "/v1/refunds")
            try expectRefusal(revoked, 401, "Invalid API key")
            #expect(revoked.body == unknown.body)
        }
    }

    @Test(arguments: ["cari", "stancer"])
    func `a key of another API is refused`(dialect: String) async throws {
        try await TestServer.run { server in
            let key = try await server.key(dialect)
            let answer = try await server.send(.get, "/collctiv/v1/refunds", authorization: "Bearer \(key)")
            try expectRefusal(answer, 401)
        }
    }

    @Test(arguments: Mode.allCases)
    func `a new key names its mode and ends in 32 random characters`(mode: Mode) {
        var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        let key = CollctivDialect().newKey(mode, random: &random)
        let other = CollctivDialect().newKey(mode, random: &random)
        #expect(key.prefix == "clv_\(mode.rawValue)_")
        #expect(key.text.wholeMatch(of: /clv_(live|test)_[0-9A-Za-z]{32}/) != nil)
        #expect(key.text.hasPrefix(key.prefix))
        #expect(key.text != other.text)
    }
}

struct ScopeTests {
    private static let writes: [(path: String, scope: String)] = [
        ("/v1/refunds", "refunds"), ("/v1/payments", "payments"), ("/v1/pots", "pots"),
        ("/v1/customers", "customers"),
    ]

    @Test(arguments: writes)
    func `a key without the scope is refused, and the scope is named`(path: String, scope: String) async throws {
        try await TestServer.run { server in
            let reader = try await Merchant(server, scopes: ["\(scope):read"])
            #expect(try await reader.send(.get, path).status == 200)
            try expectRefusal(try await reader.send(.get, "\(path)/\(unknownID)"), 404)
            try expectRefusal(try await reader.send(.post, path, "{}"), 403, "\(scope):write")
            let writer = try await Merchant(server, scopes: ["\(scope):write"])
            try expectRefusal(try await writer.send(.get, path), 403, "\(scope):read")
            try expectRefusal(try await writer.send(.get, "\(path)/\(unknownID)"), 403, "\(scope):read")
            try expectRefusal(try await writer.send(.post, path, "{}"), 400)
        }
    }
}
