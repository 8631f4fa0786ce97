import NIOHTTP1
import Server
import Testing

@Suite struct RequestHeadTests {
    private func head(
        _ method: HTTPMethod = .GET,
        _ target: String = "/v1/refunds",
        _ version: HTTPVersion = .http1_1,
        _ fields: [(String, String)] = [("Host", "a")]
    ) -> HTTPRequestHead {
        HTTPRequestHead(version: version, method: method, uri: target, headers: HTTPHeaders(fields))
    }

    @Test func `an ordinary head stays as it is`() throws {
        let request = try RequestHead(head())
        #expect(!request.isRewritten)
        #expect(!request.endsConnection)
        #expect(request.head == head())
    }

    @Test(arguments: ["gzip", "gzip, chunked", "chunked, chunked", "identity", "", ",chunked", "chunked;a=b"])
    func `no coding but chunks is understood`(coding: String) {
        #expect(throws: HTTPParserError.self) {
            try RequestHead(head(.POST, "/", .http1_1, [("Host", "a"), ("Transfer-Encoding", coding)]))
        }
    }

    @Test func `chunks are of HTTP 1.1, and said once`() throws {
        let once = [("Host", "a"), ("Transfer-Encoding", "Chunked ")]
        #expect(try RequestHead(head(.POST, "/", .http1_1, once)).announcedLength == 0)
        #expect(throws: HTTPParserError.self) { try RequestHead(head(.POST, "/", .http1_0, once)) }
        #expect(throws: HTTPParserError.self) { try RequestHead(head(.POST, "/", .http1_1, once + [once[1]])) }
    }

    @Test(arguments: [
        ("http://a/v1/refunds?limit=1", "/v1/refunds?limit=1"), ("HTTPS://A/v1", "/v1"), ("http://a", "/"),
        ("http://a?limit=1", "/?limit=1"),
    ])
    func `a whole URL is read as its path`(target: String, path: String) throws {
        #expect(try RequestHead(head(.GET, target)).head.uri == path)
    }

    @Test(arguments: [
        "http://b/", "http://a:80/", "http://u@a/", "http:///", "ftp://a/", "v1/refunds", "?limit=1", "a:80", "",
    ])
    func `a target of another host, or of none, is refused`(target: String) {
        #expect(throws: HTTPParserError.self) { try RequestHead(head(.GET, target)) }
    }

    @Test func `several hosts and none are no host's name`() throws {
        let several = try RequestHead(head(.GET, "/", .http1_1, [("Host", "a"), ("HOST", "a")]))
        #expect(several.head.headers["host"] == ["a,a"])
        let none = try RequestHead(head(.GET, "/", .http1_1, []))
        #expect(none.head.headers["host"] == [""])
        let old = try RequestHead(head(.GET, "/", .http1_0, []))
        #expect(old.head.headers["host"].isEmpty)
        for host in ["a,a", ""] { #expect(HostField.name(in: host) == nil) }
    }

    @Test(arguments: [
        ("Connection", "close"), ("Connection", "Close"), ("Connection", "x, close"), ("Upgrade", "h2c"),
    ])
    func `a request that asks for it is the last one`(name: String, value: String) throws {
        #expect(try RequestHead(head(.GET, "/", .http1_1, [("Host", "a"), (name, value)])).endsConnection)
    }

    @Test func `a tunnel and HTTP 1.0 end with one request`() throws {
        #expect(try RequestHead(head(.CONNECT, "a:443")).endsConnection)
        let old = try RequestHead(
            head(.POST, "/", .http1_0, [("Host", "a"), ("Connection", "keep-alive"), ("Expect", "100-continue")])
        )
        #expect(old.endsConnection)
        #expect(!old.head.headers.contains(name: "expect"))
    }

    @Test(arguments: [("2", 2), ("65537 ", 65537), ("18446744073709551615", Int.max)])
    func `a length is a number, or longer than anything`(text: String, length: Int) throws {
        let request = try RequestHead(head(.POST, "/", .http1_1, [("Host", "a"), ("Content-Length", text)]))
        #expect(request.announcedLength == length)
    }
}
