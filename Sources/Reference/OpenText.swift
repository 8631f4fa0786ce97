import Crypto
import DialectKit
import HTTPTypes

/// A text that everybody may read, with what lets clients keep it.
struct OpenText: Sendable {
    /// By this, a client asks whether what it kept is still so (RFC 9110, 8.8.3).
    private let tag: String
    private let type: String
    private let bytes: [UInt8]

    init(_ bytes: [UInt8], type: String) {
        self.bytes = bytes
        self.type = type
        let digest = SHA256.hash(data: bytes).prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        tag = "\"" + digest.joined() + "\""
    }

    init(_ text: StaticString, type: String) {
        self.init(text.withUTF8Buffer { Array($0) }, type: type)
    }

    func answer(to request: WireRequest) -> WireResponse {
        guard request.method == .get || request.method == .head else {
            return .said("method not allowed", .methodNotAllowed, [.allow: "GET, HEAD"])
        }
        // Kept, but asked about each time: another version of the program has another text.
        var fields: HTTPFields = [
            .eTag: tag, .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
        ]
        let known = request.fields[values: .ifNoneMatch].joined(separator: ",").parts(at: ",")
            .map { part in String(part.filter { $0 != " " && $0 != "\t" }) }
        if known.contains(where: { $0 == "*" || $0 == tag || $0 == "W/" + tag }) {
            return WireResponse(status: .notModified, fields: fields, body: .empty)
        }
        fields[.contentType] = type
        return WireResponse(status: .ok, fields: fields, body: .bytes(bytes))
    }
}

extension WireResponse {
    static func said(_ text: String, _ status: HTTPResponse.Status, _ fields: HTTPFields = [:]) -> WireResponse {
        var response = WireResponse.json(.members(("status", .string(text))), status: status)
        for field in fields { response.fields.append(field) }
        return response
    }
}
