import Foundation
import HTTPTypes

/// What a request says about who it comes from.
package enum Credentials: Sendable, Equatable {
    case bearer(String)
    case basic(user: String, password: String)
    case none

    /// From the one `Authorization` field; two of them, or one that cannot be read, are none. Schemes are
    /// case-insensitive.
    package init(_ fields: HTTPFields) {
        let values = fields[values: .authorization]
        self = values.count == 1 ? Credentials(header: values[0]) : .none
    }

    /// What may be a key, in any API.
    package var text: String? {
        switch self {
        case .bearer(let token): token
        case .basic(let user, _): user
        case .none: nil
        }
    }

    private init(header: String) {
        let parts = header.parts(at: " ", maxSplits: 1)
        let rest = parts.count == 2 ? String(parts[1].withoutBlanks) : ""
        switch parts[0].lowercased() {
        case "bearer" where !rest.isEmpty: self = .bearer(rest)
        case "basic":
            guard let data = Data(base64Encoded: rest), let text = String(data: data, encoding: .utf8) else {
                self = .basic(user: "", password: "")
                return
            }
            let pair = text.parts(at: ":", maxSplits: 1)
            self = .basic(user: String(pair[0]), password: pair.count == 2 ? String(pair[1]) : "")
        default: self = .none
        }
    }
}

extension Substring {
    /// Without blanks and tabs at its ends.
    fileprivate var withoutBlanks: Substring {
        func isText(_ byte: UInt8) -> Bool { byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") }
        guard let first = utf8.firstIndex(where: isText), let last = utf8.lastIndex(where: isText) else { return "" }
        return self[first...last]
    }
}
