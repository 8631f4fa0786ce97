import DialectKit
import Foundation
import HTTPTypes
import Testing

@Suite struct RequestPartsTests {
    @Test func `a query's numbers are plain, given once and within bounds`() throws {
        #expect(try Query("limit=10&page=2").integer("limit", 1...100) == 10)
        #expect(try Query("").integer("limit", 1...100) == nil)
        #expect(try Query("start=0").integer("start", 0...100) == 0)
        for text in [
            "limit=", "limit=01", "limit=+1", "limit=-1", "limit=1.0", "limit=1e1", "limit=101", "limit=0",
            "limit=1&limit=1", "limit=1234567890", "limit=%31%30x", "limit", "limit=٣",
        ] {
            #expect(throws: Refusal.self, "\(text)") { try Query(text[...]).integer("limit", 1...100) }
        }
    }

    @Test(arguments: [
        ("a%20b+c", "a b+c"), ("%zz", "%zz"), ("%", "%"), ("%e9", "%e9"), ("%C3%A9", "é"), ("%+1", "%+1"),
    ])
    func `percent-encoding is read where it is valid`(text: String, decoded: String) {
        #expect(percentDecoded(text) == decoded)
    }

    @Test func `one trailing slash is put aside and no more`() {
        #expect(RequestPath("/v1/refunds/").segments == ["v1", "refunds"])
        #expect(RequestPath("/v1/refunds/").endsInSlash)
        #expect(RequestPath("/v1/refunds").segments == ["v1", "refunds"])
        #expect(RequestPath("/v1//refunds").segments == ["v1", "", "refunds"])
        #expect(RequestPath("/v1/refunds//").segments == ["v1", "refunds", ""])
        #expect(RequestPath("/").segments == [])
    }

    @Test func `credentials are read in any case and once`() {
        func credentials(_ values: String...) -> Credentials {
            var fields: HTTPFields = [:]
            fields[values: .authorization] = values
            return Credentials(fields)
        }
        #expect(credentials("Bearer abc") == .bearer("abc"))
        #expect(credentials("bEARER  abc ") == .bearer("abc"))
        #expect(credentials("Basic c2VjcmV0Og==") == .basic(user: "secret", password: ""))
        #expect(credentials("basic c2VjcmV0OnA6cQ==") == .basic(user: "secret", password: "p:q"))
        #expect(credentials("Basic !!!") == .basic(user: "", password: ""))
        #expect(credentials("Bearer ") == .none)
        #expect(credentials("Digest x") == .none)
        #expect(credentials("") == .none)
        #expect(credentials() == .none)
        #expect(credentials("Bearer a", "Bearer b") == .none)
    }

    /// The marks follow a separator and would make one character with it.
    @Test func `what HTTP splits is split byte by byte`() throws {
        #expect(RequestPath("/v1/\u{301}a").segments == ["v1", "\u{301}a"])
        #expect(try Query("a=1&\u{301}b=2").text("a") == "1")
        #expect(try Query("a=\u{301}1").text("a") == "\u{301}1")
        #expect(Credentials([.authorization: "Bearer \u{301}a"]) == .bearer("\u{301}a"))
        let pair = "user:\u{301}".utf8
        let encoded = Data(pair).base64EncodedString()
        #expect(Credentials([.authorization: "Basic \(encoded)"]) == .basic(user: "user", password: "\u{301}"))
    }

    @Test func `blanks around a token are those of HTTP`() {
        #expect(Credentials([.authorization: "Bearer \t abc\t "]) == .bearer("abc"))
        #expect(Credentials([.authorization: "Bearer \u{A0}abc"]) == .bearer("\u{A0}abc"))
    }

    @Test func `a known path with another method names the methods`() {
        let handler: @Sendable (RequestContext) async throws(Refusal) -> WireResponse = { _ in
            WireResponse(status: .ok, body: .empty)
        }
        let table = RouteTable([
            Route(.get, "/a/{id}", scope: "x", handler: handler),
            Route(.delete, "/a/{id}", scope: "x", handler: handler),
            Route(.post, "/a", scope: "x", handler: handler),
        ])
        guard case .route(_, let parameters) = table.find(.get, RequestPath("/a/7/")) else {
            Issue.record("the route is not found")
            return
        }
        #expect(parameters == ["id": "7"])
        guard case .otherMethods(let methods) = table.find(.put, RequestPath("/a/7")) else {
            Issue.record("the methods are not named")
            return
        }
        #expect(methods == [.get, .head, .delete])
        for path in ["/", "/b", "/a/7/8", "/a//", "//a"] {
            guard case .unknown = table.find(.get, RequestPath(path)) else {
                Issue.record("\(path) is known")
                continue
            }
        }
    }
}
