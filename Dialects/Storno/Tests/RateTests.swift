import DialectKit
import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite struct RateTests {
    @Test func `a key that sends more than its account allows waits`() async throws {
        try await Merchant.run { merchant in
            #expect(try await merchant.get("/refunds").fields[.rateLimit] == nil)
            try await merchant.server.set(["rate_limit": "2/10"])
            let first = try await merchant.get("/refunds")
            #expect(first.fields[.rateLimitPolicy] == #""key";q=2;w=10"#)
            #expect(first.fields[.rateLimit] == #""key";r=1;t=5"#)
            #expect(try await merchant.get("/refunds").fields[.rateLimit] == #""key";r=0;t=10"#)
            let refused = try await merchant.get("/refunds")
            #expect(refused.status == 429)
            #expect(try refused.code == "rate_limited")
            #expect(refused.fields[.retryAfter] == "5")
            #expect(refused.fields[.rateLimit] == #""key";r=0;t=10"#)
            #expect(try await merchant.colleague().get("/refunds").status == 200)
            merchant.server.clock.advance(by: .seconds(5))
            #expect(try await merchant.get("/refunds").status == 200)
            try await merchant.server.set(["rate_limit": "off"])
            #expect(try await merchant.get("/refunds").status == 200)
        }
    }

    @Test(arguments: ["cari", "collctiv", "stancer"])
    func `the other APIs say so in their own words`(dialect: String) async throws {
        try await TestServer.run { server in
            let key = try await server.key(dialect)
            try await server.set(["rate_limit": "1/3"])
            func ask() async throws -> TestAnswer {
                try await server.send(
                    .get,
                    dialect == "cari" ? "/cari/refunds" : "/\(dialect)/v1/refunds",
                    authorization: dialect == "stancer" ? "Basic \(base64(key + ":"))" : "Bearer \(key)",
                    headers: ["Host": "localhost"]
                )
            }
            #expect(try await ask().status == 200)
            let refused = try await ask()
            #expect(refused.status == 429)
            #expect(refused.fields[.retryAfter] == "3")
            #expect(refused.fields[.rateLimit] == nil)
            let code = try refused.json["code"]?.integer ?? 429
            #expect(code == 429)
        }
    }

    @Test func `the server's own limit holds where the account says nothing, and who is no key has none`() async throws
    {
        try await TestServer.run(rateLimit: RateLimit("1/60")) { server in
            let merchant = Merchant(server: server, key: try await server.key("storno"))
            #expect(try await merchant.get("/refunds").status == 200)
            #expect(try await merchant.get("/refunds").status == 429)
            let nobody = Merchant(server: server, key: "storno_test_00000000000000000000000000000000")
            for _ in 0..<5 { #expect(try await nobody.get("/refunds").status == 401) }
            #expect(try await nobody.get("/refunds").fields[.rateLimit] == nil)
        }
    }
}
