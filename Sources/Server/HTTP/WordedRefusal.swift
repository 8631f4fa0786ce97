import DialectKit
import HTTPTypes
import NIOCore
import NIOHTTP1

/// The body of a refusal, and what it is.
struct WordedRefusal: Sendable {
    let contentType: String
    let body: ByteBuffer
}

extension FrontDoor {
    /// What a request is told whose head was read, and whose rest cannot be: in the words of the API that it was meant for.
    func refusal(of head: HTTPRequestHead) -> WordedRefusal {
        var fields: HTTPFields = [:]
        for (name, value) in head.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = WireRequest(
            method: HTTPRequest.Method(rawValue: head.method.rawValue) ?? .get,
            path: RequestPath(parts[0]),
            query: Query(""),
            fields: fields,
            host: head.headers.first(name: "host").flatMap { HostField.name(in: $0) } ?? "",
            requestID: RequestIdentifier.next(fields)
        )
        let response = refusal(.malformed("its framing is not what HTTP allows"), to: request)
        guard case .bytes(let bytes) = response.body else { preconditionFailure("a refusal has a body") }
        return WordedRefusal(
            contentType: response.fields[.contentType] ?? "application/json",
            body: ByteBuffer(bytes: bytes)
        )
    }
}
