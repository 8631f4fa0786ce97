import DialectKit
import HTTPTypes
import Hummingbird
import NIOCore

/// A request as the corpora hold it: a line with method and target, lines with fields, an empty line, the body.
package struct RequestText: Sendable {
    package var method: HTTPRequest.Method
    package var target: String
    package var fields: [HTTPField]
    package var body: [UInt8]

    /// - Returns: `nil` for what no HTTP library would hand on.
    package init?(_ bytes: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let end = bytes.indices.dropLast().first { bytes[$0] == newline && bytes[$0 + 1] == newline }
        let head = String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self)
        let lines = head.utf8.split(separator: newline)
        let words = (lines.first ?? head.utf8[...]).split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard words.count == 2, let method = HTTPRequest.Method(String(Substring(words[0]))) else { return nil }
        self.method = method
        target = String(Substring(words[1]))
        fields = lines.dropFirst().compactMap(Self.field)
        body = end.map { Array(bytes[($0 + 2)...]) } ?? []
    }

    package init(_ text: String) {
        guard let request = RequestText(Array(text.utf8)) else { preconditionFailure("\(text) is a request") }
        self = request
    }

    private static func field(_ line: Substring.UTF8View.SubSequence) -> HTTPField? {
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = HTTPField.Name(String(Substring(parts[0]))) else { return nil }
        return HTTPField(name: name, value: String(Substring(parts[1])))
    }

    /// With the fields that say which API is spoken, and by whom.
    package func adding(host: String, authorization: String) -> RequestText {
        var request = self
        request.fields.append(HTTPField(name: .host, value: host))
        request.fields.append(HTTPField(name: .authorization, value: authorization))
        return request
    }

    package var hasIdempotencyKey: Bool { fields.contains { $0.name == .idempotencyKey } }

    /// As the server's HTTP library hands it on: the first `Host` is the authority.
    var request: Request {
        var rest = HTTPFields()
        var authority: String?
        for field in fields {
            if field.name == .host, authority == nil { authority = field.value } else { rest.append(field) }
        }
        let head = HTTPRequest(method: method, scheme: nil, authority: authority, path: target, headerFields: rest)
        return Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
    }
}

extension HTTPField.Name {
    fileprivate static let host = HTTPField.Name.known("Host")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        return field
    }
}
