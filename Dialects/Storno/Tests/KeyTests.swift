import DialectKit
import Domain
import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite struct KeyTests {
    @Test func `a key is made, works at once, and its text is told once`() async throws {
        try await Merchant.run { merchant in
            let made = try await merchant.post("/api_keys", #"{"name": "Till 3", "scopes": ["refunds:read"]}"#)
            #expect(made.status == 200)
            let text = try #require(try made.json["key"]?.string)
            #expect(text.hasPrefix("storno_test_"))
            #expect(try made.json["version"]?.string == "2026-11-01")
            let till = Merchant(server: merchant.server, key: text)
            #expect(try await till.get("/refunds").status == 200)
            #expect(try await till.get("/payments").status == 403)
            let read = try await merchant.get("/api_keys/\(made.id)")
            #expect(try read.json["name"]?.string == "Till 3")
            #expect(try read.json["key"] == nil)
            #expect(!read.text.contains(text))
            #expect(try await merchant.get("/api_keys").ids.contains(made.id))
        }
    }

    @Test func `the same request under its key makes one key, and tells the same text to the same asker alone`()
        async throws
    {
        try await Merchant.run { merchant in
            let body = #"{"scopes": ["keys:read"]}"#
            let first = try await merchant.post("/api_keys", body, once: "k1")
            let again = try await merchant.post("/api_keys", body, once: "k1")
            #expect(first.body == again.body)
            #expect(again.fields[.idempotencyReplayed] == "true")
            let colleague = try await merchant.colleague(scopes: ["keys:write", "keys:read"])
            #expect(try await colleague.post("/api_keys", body, once: "k1").code == "idempotency_mismatch")
        }
    }

    @Test func `no key grants more than it has`() async throws {
        try await Merchant.run { merchant in
            let clerk = try await merchant.colleague(scopes: ["keys:write", "refunds:read"])
            let more = try await clerk.post("/api_keys", #"{"scopes": ["refunds:read", "refunds:write"]}"#)
            #expect(more.status == 403)
            #expect(try more.json["scope"]?.string == "refunds:write")
            let same = try await clerk.post("/api_keys", "{}")
            #expect(try same.json["scopes"]?.array?.compactMap(\.string) == ["keys:write", "refunds:read"])
            let vendors = try await clerk.post("/api_keys", #"{"dialect": "cari"}"#)
            #expect(try vendors.json["scopes"]?.array?.compactMap(\.string) == ["refunds:read"])
            let all = try await merchant.post("/api_keys", "{}")
            #expect(try all.json["scopes"] == .null)
        }
    }

    @Test(arguments: ["cari", "stancer", "collctiv"])
    func `keys of the other APIs are made too`(dialect: String) async throws {
        try await Merchant.run { merchant in
            let made = try await merchant.post("/api_keys", #"{"dialect": "\#(dialect)"}"#)
            let text = try #require(try made.json["key"]?.string)
            #expect(try made.json["version"] == .null)
            let basic = "Basic \(base64(text + ":"))"
            let answer = try await merchant.server.send(
                .get,
                dialect == "cari" ? "/cari/refunds" : "/\(dialect)/v1/refunds",
                authorization: dialect == "stancer" ? basic : "Bearer \(text)",
                headers: ["Host": "localhost"]
            )
            #expect(answer.status == 200)
        }
    }

    @Test func `a key ends at its time`() async throws {
        try await Merchant.run { merchant in
            let end = Instant.text(merchant.server.clock.now.adding(.seconds(60)))
            let made = try await merchant.post("/api_keys", #"{"expires_at": "\#(end)"}"#)
            let key = Merchant(server: merchant.server, key: try #require(try made.json["key"]?.string))
            #expect(try await key.get("/refunds").status == 200)
            merchant.server.clock.advance(by: .seconds(60))
            #expect(try await key.get("/refunds").code == "unauthorized")
            let past = try await merchant.post("/api_keys", #"{"expires_at": "\#(end)"}"#)
            #expect(try past.json["param"]?.string == "expires_at")
        }
    }

    @Test func `a revoked key is none, also one that revoked itself`() async throws {
        try await Merchant.run { merchant in
            let made = try await merchant.post("/api_keys", "{}")
            let key = Merchant(server: merchant.server, key: try #require(try made.json["key"]?.string))
            let revoked = try await key.post("/api_keys/\(made.id)/revoke")
            #expect(revoked.status == 200)
            #expect(try revoked.json["revoked_at"]?.string != nil)
            #expect(try await key.get("/refunds").code == "unauthorized")
            #expect(try await merchant.post("/api_keys/\(made.id)/revoke").status == 200)
        }
    }

    @Test(arguments: [
        #"{"scopes": []}"#, #"{"scopes": "refunds:read"}"#, #"{"scopes": ["none:read"]}"#, #"{"dialect": "x"}"#,
        #"{"name": ""}"#, #"{"expires_at": "soon"}"#, #"{"version": "2020-01-01"}"#, #"{"mode": "live"}"#,
        #"{"dialect": "cari", "version": "2026-11-01"}"#, #"{"dialect": "cari", "scopes": ["pots:read"]}"#,
    ])
    func `what does not make a key is refused`(body: String) async throws {
        try await Merchant.run { merchant in
            let refused = try await merchant.post("/api_keys", body)
            #expect(refused.status == 400)
            #expect(try refused.code == "invalid_parameter")
        }
    }

    @Test func `keys are walked page by page`() async throws {
        try await Merchant.run { merchant in
            for _ in 0..<4 {
                merchant.server.clock.advance(by: .seconds(1))
                _ = try await merchant.post("/api_keys", "{}")
            }
            let all = try await merchant.get("/api_keys").ids
            #expect(all.count == 5)
            let first = try await merchant.get("/api_keys?limit=2")
            #expect(try first.ids == Array(all[..<2]))
            #expect(try first.json["has_more"]?.bool == true)
            #expect(try await merchant.get("/api_keys?limit=2&starting_after=\(all[1])").ids == Array(all[2..<4]))
            #expect(try await merchant.get("/api_keys?limit=2&ending_before=\(all[3])").ids == Array(all[1..<3]))
            #expect(try await merchant.get("/api_keys?starting_after=\(all[4])").ids.isEmpty)
        }
    }
}
