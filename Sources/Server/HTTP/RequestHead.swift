import NIOHTTP1

/// What RFC 9110 and 9112 ask of the head of an HTTP/1 request, and the parser leaves to its caller.
package struct RequestHead {
    /// As it was sent, or as if it had been sent in the usual form.
    package private(set) var head: HTTPRequestHead
    package private(set) var isRewritten = false
    /// Whether the connection ends with the answer to this request (RFC 9112, 9.3). The parser understands nothing
    /// that follows a request for another protocol, whatever it is answered.
    package let endsConnection: Bool

    /// - Throws: where a proxy may have seen another request than this one.
    package init(_ sent: HTTPRequestHead) throws(HTTPParserError) {
        head = sent
        endsConnection =
            sent.version == .http1_0 || !sent.isKeepAlive || sent.method == .CONNECT
            || sent.headers.contains(name: "upgrade")
        try checkTransferEncoding()
        try bringTargetIntoOriginForm()
        joinHosts()
        forgetExpectation()
    }

    /// Whether a route may look at the body.
    package var takesBody: Bool {
        switch head.method {
        case .POST, .PUT, .PATCH: true
        default: false
        }
    }

    /// What `Content-Length` says; none for chunks, and more than any limit where the number is no `Int`.
    package var announcedLength: Int {
        guard let text = head.headers.first(name: "content-length") else { return 0 }
        return Int(text.prefix { $0 != " " && $0 != "\t" }) ?? .max
    }

    /// Chunks are the one coding that is understood, and HTTP/1.0 knows none.
    private func checkTransferEncoding() throws(HTTPParserError) {
        guard head.headers.contains(name: "transfer-encoding") else { return }
        let fields = head.headers["transfer-encoding"]
        let coding = fields[0].split { $0 == " " || $0 == "\t" }
        guard head.version == .http1_1, fields.count == 1, coding.count == 1, coding[0].lowercased() == "chunked" else {
            throw .invalidHeaderToken
        }
    }

    /// A target that is a whole URL has to name the same authority as `Host`.
    private mutating func bringTargetIntoOriginForm() throws(HTTPParserError) {
        let target = head.uri
        if target.utf8.first == UInt8(ascii: "/") || target == "*" || head.method == .CONNECT { return }
        guard let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }) else {
            throw .invalidURL
        }
        let rest = target.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard head.headers.first(name: "host")?.lowercased() == authority.lowercased() else { throw .invalidURL }
        let path = rest.dropFirst(authority.count)
        head.uri = path.hasPrefix("/") ? String(path) : "/" + path
        isRewritten = true
    }

    /// Several hosts become a list, and none an empty name in HTTP/1.1, which has to have one: both are refused where the
    /// API is known in whose words to do so.
    private mutating func joinHosts() {
        var count = 0
        for (name, _) in head.headers where name.utf8.count == 4 && name.lowercased() == "host" { count += 1 }
        guard count > 1 || (count == 0 && head.version != .http1_0) else { return }
        head.headers.replaceOrAdd(name: "host", value: head.headers["host"].joined(separator: ","))
        isRewritten = true
    }

    /// Who speaks HTTP/1.0 understands no 100 (RFC 9110, 10.1.1).
    private mutating func forgetExpectation() {
        guard head.version == .http1_0, head.headers.contains(name: "expect") else { return }
        head.headers.remove(name: "expect")
        isRewritten = true
    }
}
