import DialectKit
import Domain
import Engine
import HTTPTypes
import Server
import StancerDialect
import TestSupport
import Testing

struct AuthenticationTests {
    private static let notAuthorized =
        #"{"error":{"message":"You are not authorized to access that resource","type":"invalid_request_error"}}"#

    private func expectRefused(_ server: TestServer, _ authorization: String?) async throws {
        let answer = try await server.send(.get, "/stancer/v1/refunds/", authorization: authorization)
        #expect(answer.status == 401)
        #expect(answer.text == Self.notAuthorized)
        #expect(answer.fields[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
        #expect(answer.fields[.contentType] == "application/json")
    }

    @Test func `a secret key as the user with an empty password is let in`() async throws {
        try await withMerchant { merchant in
            let answer = try await merchant.get("/v1/refunds/")
            #expect(answer.status == 200)
        }
    }

    @Test func `without credentials nobody is let in`() async throws {
        try await TestServer.run { server in try await expectRefused(server, nil) }
    }

    @Test func `a key that is not the user of basic credentials is refused`() async throws {
        try await withMerchant { merchant in
            for authorization in [
                "Bearer \(merchant.key)", Merchant.basic("", merchant.key), Merchant.basic(merchant.key, "secret"),
                "Basic %%%", "Basic", merchant.key,
            ] {
                try await expectRefused(merchant.server, authorization)
            }
        }
    }

    @Test(arguments: [
        "stest_000000000000000000000000", "sprod_000000000000000000000000", "stest_", "nonsense", "",
    ])
    func `an unknown key is refused`(key: String) async throws {
        try await TestServer.run { server in try await expectRefused(server, Merchant.basic(key)) }
    }

    @Test func `a public key is refused`() async throws {
        try await withMerchant { merchant in
            try await expectRefused(merchant.server, Merchant.basic("p" + merchant.key.dropFirst()))
        }
    }

    /// A stored credential that does not look like a secret key opens nothing either.
    @Test(arguments: ["ptest_abcdefghijklmnopqrstuvwx", "stest_tooshort", "stest_abcdefghijklmnopqrstuvw-"])
    func `only a secret key in its full form is looked up`(text: String) async throws {
        try await TestServer.run { server in
            let command = CreateKey(
                account: "main",
                mode: .test,
                dialect: "stancer",
                credential: text,
                prefix: "stest_",
                scopes: []
            )
            _ = try await server.engine.perform(command)
            try await server.engine.directory.refresh(from: server.installation.store)
            try await expectRefused(server, Merchant.basic(text))
        }
    }

    @Test func `a revoked key is refused`() async throws {
        try await withMerchant { merchant in
            let server = merchant.server
            _ = try await server.engine.perform(RevokeKey(hash: Directory.hash(of: merchant.key)))
            try await server.engine.directory.refresh(from: server.installation.store)
            try await expectRefused(server, merchant.authorization)
        }
    }

    @Test func `a key of another API is refused`() async throws {
        try await TestServer.run { server in
            for dialect in Catalog.dialects.map(\.name) where dialect != "stancer" {
                let key = try await server.key(dialect)
                try await expectRefused(server, Merchant.basic(key))
                try await expectRefused(server, "Bearer \(key)")
            }
        }
    }

    @Test func `who is not let in learns nothing about routes`() async throws {
        try await TestServer.run { server in
            for path in ["/stancer/v1/nothing", "/stancer/v1/refunds/refd_1", "/stancer/v1/payouts"] {
                let answer = try await server.send(.delete, path)
                #expect(answer.status == 401)
            }
        }
    }

    @Test(arguments: [(Mode.test, "stest_"), (Mode.live, "sprod_")])
    func `a new key has the prefix of its mode and 30 characters`(mode: Mode, prefix: String) {
        var random: any RandomNumberGenerator & Sendable = SeededRandom(seed: 7)
        let key = StancerDialect().newKey(mode, random: &random)
        #expect(key.text.hasPrefix(prefix))
        #expect(key.prefix == prefix)
        #expect(key.text.count == 30)
        #expect(StancerDialect().credential(in: .basic(user: key.text, password: "")) == key.text)
    }

    @Test(arguments: [
        ("GET", "/v1/refunds/", "refunds:read"), ("GET", "/v1/refunds/refd_1", "refunds:read"),
        ("POST", "/v1/refunds/", "refunds:write"), ("GET", "/v1/checkout/", "payments:read"),
        ("GET", "/v1/checkout/paym_1", "payments:read"), ("POST", "/v1/checkout/", "payments:write"),
        ("PATCH", "/v1/checkout/paym_1", "payments:write"), ("GET", "/v1/customers/", "customers:read"),
        ("GET", "/v1/customers/cust_1", "customers:read"), ("POST", "/v1/customers/", "customers:write"),
        ("PATCH", "/v1/customers/cust_1", "customers:write"), ("DELETE", "/v1/customers/cust_1", "customers:write"),
        ("GET", "/v1/cards/", "cards:read"), ("GET", "/v1/cards/card_1", "cards:read"),
        ("POST", "/v1/cards/", "cards:write"), ("PATCH", "/v1/cards/card_1", "cards:write"),
        ("DELETE", "/v1/cards/card_1", "cards:write"), ("GET", "/v1/disputes/", "disputes:read"),
        ("GET", "/v1/disputes/dspt_1", "disputes:read"), ("GET", "/v1/payouts/", "payouts:read"),
    ])
    func `a key without the scope is forbidden`(method: String, path: String, scope: String) async throws {
        try await TestServer.run { server in
            let method = try #require(HTTPRequest.Method(method))
            let without = try await Merchant(server, scopes: ["something:else"])
            let answer = try await without.send(method, path, method == .get ? nil : "not even JSON")
            #expect(answer.status == 403)
            #expect(try answer.message == "Your API key lacks the scope \(scope)")
            let with = try await Merchant(server, scopes: [scope])
            #expect(try await with.send(method, path).status != 403)
        }
    }
}
