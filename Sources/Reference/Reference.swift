import DialectKit
import HTTPTypes

/// What is told to everybody: each API's OpenAPI document at `/openapi/{name}.json`, and at `/docs` a page that shows
/// them and sends requests.
package struct Reference: Sendable {
    private let texts: [String: OpenText]

    /// - Parameter keys: for the page to begin with, by the API's name: such as everybody knows.
    package init(_ dialects: [any Dialect], keys: [String: String] = [:]) {
        var texts = [
            "docs": OpenText(Embedded.docs, type: "text/html; charset=utf-8"),
            "docs/page.css": OpenText(Embedded.style, type: "text/css; charset=utf-8"),
            "docs/page.js": OpenText(Embedded.script, type: "text/javascript; charset=utf-8"),
        ]
        let apis = dialects.map { dialect in
            JSONValue.members(
                ("name", .string(dialect.name)),
                ("document", .string("/openapi/\(dialect.name).json")),
                ("key", .optional(keys[dialect.name]))
            )
        }
        texts["docs/apis.json"] = OpenText(JSONWriter.bytes(.array(apis)), type: "application/json")
        for dialect in dialects {
            texts["openapi/\(dialect.name).json"] = OpenText(dialect.document, type: "application/json")
        }
        self.texts = texts
    }

    package func answer(to request: WireRequest) -> WireResponse {
        guard let text = texts[request.path.segments.joined(separator: "/")] else {
            return .said("not found", .notFound)
        }
        var response = text.answer(to: request)
        if request.path.segments.first == "docs" {
            response.fields[.contentSecurityPolicy] = Self.policy
            response.fields[Self.referrerPolicy] = "no-referrer"
        }
        return response
    }

    /// Nothing from elsewhere, nothing inline, and nobody's frame.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src data:",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ]
    .joined(separator: "; ")

    private static let referrerPolicy: HTTPField.Name = {
        guard let name = HTTPField.Name("Referrer-Policy") else { preconditionFailure("it is a field name") }
        return name
    }()
}
