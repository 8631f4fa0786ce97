import CariDialect
import DialectKit
import HTTPTypes
import TestSupport
import Testing

struct SelectionTests {
    @Test(arguments: ["/cari/charges", "/cari/v1/charges", "/cari/refunds", "/cari/v1/refunds", "/cari/charges/"])
    func `the prefix chooses this API`(path: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.get(path) == .array([]))
            try expectRefusal(try await server.send(.get, path), 401)
        }
    }

    @Test(arguments: ["api.cari.finance", "API.Cari.Finance", "api.cari.finance:8443"])
    func `the vendor's host chooses this API`(host: String) async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let bearer = "Bearer \(merchant.key)"
            for path in ["/charges", "/v1/charges", "/refunds", "/v1/refunds"] {
                let answer = try await server.send(.get, path, host: host, authorization: bearer)
                #expect(answer.status == 200 && answer.text == "[]")
                try expectRefusal(try await server.send(.get, path, host: host), 401)
            }
        }
    }

    @Test func `on the vendor's host everything is this API's, other APIs' credentials too`() async throws {
        try await TestServer.run { server in
            let basic = "Basic c3Rlc3RfeDo="
            let answer = try await server.send(.get, "/v1/refunds", host: "api.cari.finance", authorization: basic)
            try expectRefusal(answer, 401)
            try expectRefusal(try await server.send(.get, "/v1/pots", host: "api.cari.finance"), 401)
        }
    }

    @Test func `a key of this API chooses it on paths that others share`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            #expect(try await merchant.get("/v1/refunds") == .array([]))
            for token in ["sk_test_unknown0key", "pk_live_unknown0key", "sk_"] {
                let answer = try await server.send(.get, "/v1/refunds", authorization: "Bearer \(token)")
                try expectRefusal(answer, 401)
            }
        }
    }

    @Test(arguments: ["/charges", "/charges/", "/charges/ch_1", "/v1/charges", "/v1/charges/ch_1", "/refunds/re_1"])
    func `without a key the paths that only this API has are its own`(path: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.get, path)
            try expectRefusal(answer, 401)
            #expect(answer.fields[.wwwAuthenticate] == "Bearer")
        }
    }

    @Test(arguments: ["/v1/refunds", "/v1/refunds/re_1", "/v1/customers", "/v1", "/", "/v2/charges", "/payments"])
    func `other paths are not claimed`(path: String) {
        #expect(!CariDialect().claims(RequestPath(path)))
    }

    @Test func `a request without exactly one valid host is refused in this API's form`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant(server)
            let doubled = try await merchant.send(.get, "/charges", headers: ["Host": "api.cari.finance"])
            try expectRefusal(doubled, 400, "Host")
            let wrong = try await server.send(.get, "/charges", host: "not a host", authorization: "Bearer x")
            try expectRefusal(wrong, 400, "Host")
        }
    }
}
