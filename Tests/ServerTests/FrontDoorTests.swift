import DialectKit
import HTTPTypes
import Server
import TestSupport
import Testing

@Suite struct FrontDoorTests {
    @Test(arguments: [
        ("/healthz", 200), ("/readyz", 200), ("/metrics", 404), ("/docs/x", 404), ("/openapi/x.json", 404),
    ])
    func `what belongs to no API is answered before any API is asked`(path: String, status: Int) async throws {
        try await TestServer.run { server in
            let answer = try await server.send(.get, path)
            #expect(answer.status == status)
            #expect(answer.fields[.contentType] == "application/json")
        }
    }

    @Test func `every answer has an id of its own`() async throws {
        try await TestServer.run { server in
            var ids: Set<String> = []
            for path in ["/healthz", "/charges", "/v1/refunds", "/nowhere"] {
                ids.insert(try #require(try await server.send(.get, path).fields[.requestID]))
            }
            #expect(ids.count == 4)
        }
    }

    @Test(arguments: ["/charges", "/healthz"])
    func `HEAD says how long the answer to GET is`(path: String) async throws {
        try await TestServer.run { server in
            let authorization = "Bearer \(try await server.key("cari"))"
            let whole = try await server.send(.get, path, authorization: authorization)
            let head = try await server.send(.head, path, authorization: authorization)
            #expect(head.fields[.contentLength] == String(whole.body.count))
            #expect(head.body.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("localhost", "localhost"), ("LocalHost:8080", "localhost"), ("api.example.com", "api.example.com"),
            ("[::1]:80", "[::1]"), ("127.0.0.1", "127.0.0.1"),
        ]
    )
    func `a host is read without its port`(authority: String, name: String) {
        #expect(HostField.name(in: authority) == name)
    }

    /// The last one is the Kelvin sign, whose lower case is an ASCII k.
    @Test(arguments: [
        "", ":80", "a b", "a:b", "a:123456", "u@a", "[", "[]", "[::1]x", "a/b", "é.example", "a:80:80", "\u{212A}",
        "tic\u{212A}et",
    ])
    func `what is no host is none`(authority: String) {
        #expect(HostField.name(in: authority) == nil)
    }
}
