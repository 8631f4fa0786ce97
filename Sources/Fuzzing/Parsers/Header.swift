import DialectKit
import Domain
import Foundation
import HTTPTypes
import Server

extension FuzzTarget {
    /// The `Authorization` fields of a request, one a line.
    static let authorization = FuzzTarget("authorization") { bytes in
        var fields = HTTPFields()
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            fields.append(HTTPField(name: .authorization, value: String(decoding: line, as: UTF8.self)))
        }
        let credentials = Credentials(fields)
        try hold(fields[values: .authorization].count == 1 || credentials == .none, "several fields are taken for one")
        switch credentials {
        case .bearer(let token): try hold(Credentials(bearer(token)) == credentials, "\(token) reads as another token")
        case .basic(let user, let password):
            try hold(!user.utf8.contains(UInt8(ascii: ":")), "the user \(user) holds a colon")
            try hold(Credentials(basic(user, password)) == credentials, "\(user) reads as another user")
        case .none: break
        }
        let claimants = Catalog.dialects.filter { $0.claims(credentials) }
        try hold(claimants.count < 2, "two APIs claim the same credentials")
        for dialect in Catalog.dialects {
            guard let text = dialect.credential(in: credentials) else { continue }
            let isOurs = claimants.isEmpty || claimants.contains { $0.name == dialect.name }
            try hold(isOurs || dialect.name == Catalog.dialects.last?.name, "\(dialect.name) takes another API's key")
            try hold(!text.isEmpty, "a key is empty")
        }
    }

    private static func bearer(_ token: String) -> HTTPFields { [.authorization: "bEARER \(token)"] }

    private static func basic(_ user: String, _ password: String) -> HTTPFields {
        [.authorization: "bASIC \(Data("\(user):\(password)".utf8).base64EncodedString())"]
    }

    /// The value of an `Idempotency-Key`.
    static let idempotencyKey = FuzzTarget("idempotency-key") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let key = IdempotencyKeyText.read(text) else { return }
        try hold((1...255).contains(key.utf8.count), "a key of \(key.utf8.count) bytes")
        try hold(key.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a key that cannot be printed")
        try hold(text.contains(key), "a key that was not sent")
        try hold(IdempotencyKeyText.read("\"\(key)\"") == key, "a key that is another one in quotes")
    }

    /// The value of a `traceparent`: what is taken is sent on as it came, but for what later versions add, and the request's
    /// own name leads back to it.
    static let traceParent = FuzzTarget("trace-parent") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let named = TraceContext(requestID: text) {
            try hold(named.requestID == text, "\(text) names another request")
        }
        guard let trace = TraceContext(field: text) else { return }
        try hold(text.dropFirst(3).hasPrefix("\(trace.trace)-\(trace.span)-"), "\(trace.field) was not sent")
        try hold(trace.trace.contains { $0 != "0" } && trace.span.contains { $0 != "0" }, "\(text) names nothing")
        try hold(TraceContext(field: trace.field) == trace, "\(trace.field) is another trace when it is read again")
        let step = trace.step(UInt64(bytes.count))
        try hold(step.trace == trace.trace && step.isSampled == trace.isSampled, "a step leaves its trace")
        try hold(TraceContext(requestID: step.requestID) == step, "\(step.requestID) names another step")
        try hold(!text.hasPrefix("00") || text.utf8.count == 55, "version 00 with \(text.utf8.count) bytes")
    }

    /// The value of `Host`, or HTTP/2's `:authority`.
    static let host = FuzzTarget("host") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let name = HostField.name(in: text) else { return }
        try hold(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a host that is not ASCII")
        try hold(name == name.lowercased() && text.lowercased().hasPrefix(name), "\(name) was not asked for")
        try hold(HostField.name(in: name) == name, "\(name) is another host when it is read again")
        try hold(HostField.name(in: "\(name.uppercased()):443") == name, "\(name) is another host with a port")
    }
}
