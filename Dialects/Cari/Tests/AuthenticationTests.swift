import CariDialect
import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct AuthenticationTests {
    @Test(
        arguments: [
            nil, "Bearer", "Bearer ", "Bearer {token}", "Basic c2tfdGVzdF9hYmNkZWZnaDo=",
            "Bearer sk_test_unknown0key", "Bearer pk_live_unknown0key", "Bearer sk_test_short",
            "Bearer sk_prod_abcdefgh",
            "Bearer rk_test_abcdefgh", "Bearer sk_test_abc-defgh", "Bearer sk_test_abc_defgh",
            "Bearer SK_TEST_abcdefgh",
            "Bearer sk_test_abcdefgh\u{E9}", "Token sk_test_abcdefgh",
        ] as [String?]
    )
    func `without a known key of this form nothing is answered but 401`(authorization: String?) async throws {
        try await TestServer.run { server in
            _ = try await Merchant(server)
            let answer = try await server.send(.get, "/cari/charges", authorization: authorization)
            try expectRefusal(answer, 401)
            #expect(answer.fields[.wwwAuthenticate] == "Bearer")
        }
    }

    @Test func `the scheme is written in any case`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            for scheme in ["bearer", "BEARER", "Bearer"] {
                let answer = try await server.send(.get, "/charges", authorization: "\(scheme) \(merchant.key)")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `a revoked key is like an unknown one`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            try await server.revoke(merchant.key)
            let revoked = try await merchant.send(.get, "/charges")
            let unknown = try await server.send(.get, "/charges", authorization: "Bearer sk_test_unknown0key")
            try expectRefusal(revoked, 401)
            #expect(revoked.body == unknown.body)
        }
    }

    @Test func `a key of another API is refused, however it looks`() async throws {
        try await TestServer.run { server in
            let key = "sk_test_issuedElsewhere0"
            try await server.addKey(key, dialect: "collctiv", prefix: "sk_test_")
            try expectRefusal(try await server.send(.get, "/charges", authorization: "Bearer \(key)"), 401)
            let other = try await server.key("stancer")
            try expectRefusal(try await server.send(.get, "/cari/charges", authorization: "Bearer \(other)"), 401)
        }
    }

    @Test func `a token that does not look like one is refused even if it is known`() async throws {
        try await TestServer.run { server in
            try await server.addKey("secret_test_abcdefgh", dialect: "cari", prefix: "secret_test_")
            let answer = try await server.send(.get, "/cari/charges", authorization: "Bearer secret_test_abcdefgh")
            try expectRefusal(answer, 401)
        }
    }

    @Test(arguments: Mode.allCases)
    func `a new key names its mode and is not guessable`(mode: Mode) {
        var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        let key = CariDialect().newKey(mode, random: &random)
        let other = CariDialect().newKey(mode, random: &random)
        #expect(key.prefix == "sk_\(mode.rawValue)_")
        #expect(key.text.wholeMatch(of: /sk_(live|test)_[0-9a-f]{32}/) != nil)
        #expect(key.text.hasPrefix(key.prefix))
        #expect(key.text != other.text)
    }

    @Test func `a key keeps its width when its digits begin with zeros`() {
        var random: any RandomNumberGenerator & Sendable = Zeros()
        #expect(CariDialect().newKey(.live, random: &random).text == "sk_live_" + String(repeating: "0", count: 32))
    }

    private struct Zeros: RandomNumberGenerator, Sendable {
        mutating func next() -> UInt64 { 0 }
    }
}
