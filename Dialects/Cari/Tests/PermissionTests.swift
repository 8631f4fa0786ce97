import DialectKit
import Domain
import HTTPTypes
import TestSupport
import Testing

struct PermissionTests {
    private static let card = #"{"amount": 1000, "currency": "usd", "provider": "card", "card": {"token": "t"}}"#

    /// Every route with the one scope that it needs.
    private static let routes: [(HTTPRequest.Method, String, String)] = [
        (.get, "/charges", "payments:read"), (.post, "/charges", "payments:write"),
        (.get, "/charges/x", "payments:read"), (.put, "/charges/x", "payments:write"),
        (.delete, "/charges/x", "payments:write"), (.get, "/refunds", "refunds:read"),
        (.post, "/refunds", "refunds:write"), (.get, "/refunds/x", "refunds:read"),
        (.put, "/refunds/x", "refunds:write"), (.delete, "/refunds/x", "refunds:write"),
    ]
    private static let scopes: Set<String> = ["payments:read", "payments:write", "refunds:read", "refunds:write"]

    @Test(arguments: ["", "/v1"])
    func `each route needs its one scope and no other`(base: String) async throws {
        try await TestServer.run { server in
            for (method, path, scope) in Self.routes {
                let without = try await Merchant(server, scopes: Self.scopes.subtracting([scope]))
                let refused = try await without.send(method, base + path, method == .get ? nil : "{}")
                try expectRefusal(refused, 403, scope)
                let with = try await Merchant(server, scopes: [scope])
                let answer = try await with.send(method, base + path, method == .get ? nil : "{}")
                #expect([200, 400, 404].contains(answer.status), "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test func `a publishable key reads and writes`() async throws {
        try await TestServer.run { server in
            let merchant = try await Merchant.publishable(server)
            let charge = try await merchant.charge()
            let refund = try await merchant.refund(charge, 300)
            #expect(try await merchant.get("/refunds/\(refund)")["charge"]?.string == charge)
        }
    }

    @Test func `under the strict switch a publishable key only reads`() async throws {
        try await TestServer.run { server in
            let secret = try await Merchant(server)
            let publishable = try await Merchant.publishable(server)
            let charge = try await secret.charge()
            let refund = try await secret.refund(charge, 300)
            try await server.set(["cari.strict_pk": "on"])
            let writes: [(HTTPRequest.Method, String)] = [
                (.post, "/charges"), (.put, "/charges/\(charge)"), (.delete, "/charges/\(charge)"),
                (.post, "/refunds"), (.put, "/refunds/\(refund)"), (.delete, "/refunds/\(refund)"),
            ]
            for (method, path) in writes {
                try expectRefusal(try await publishable.send(method, path, Self.card), 403, "secret key")
            }
            for path in ["/charges", "/charges/\(charge)", "/refunds", "/refunds/\(refund)"] {
                _ = try await publishable.get(path)
                #expect(try await publishable.send(.head, path).status == 200)
            }
            #expect(try await secret.send(.delete, "/refunds/\(refund)").status == 200)
        }
    }

    @Test func `the strict switch is each account's own, and only the word on turns it`() async throws {
        try await TestServer.run { server in
            let publishable = try await Merchant.publishable(server)
            _ = try await Merchant(server, account: "other")
            try await server.set(["cari.strict_pk": "on"], account: "other")
            try await server.set(["cari.strict_pk": "off"])
            _ = try await publishable.charge()
        }
    }
}
