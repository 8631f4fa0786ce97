import Crypto
import Foundation

/// Why a message is not taken for one of the server's.
public enum WebhookRejection: Error, Sendable, Equatable {
    /// `webhook-id`, `webhook-timestamp` or `webhook-signature` is missing or not of its form.
    case incomplete(field: String)
    /// Signed too long ago, or in the future: somebody may have kept it.
    case notOfNow
    /// No signature is by a secret or key that is known.
    case notSigned
    /// Signed, and yet no event.
    case noEvent
}

/// Tells the server's webhooks from those of anybody else, by Standard Webhooks 1.0.0.
///
/// ```swift
/// let verifier = WebhookVerifier(secrets: [secret])
/// let event = try verifier.event(body: body, fields: fields)
/// ```
///
/// The same event may come twice: remember ids, and do nothing twice.
public struct WebhookVerifier: Sendable {
    private let secrets: [WebhookSecret]
    private let publicKeys: [WebhookPublicKey]
    private let tolerance: Int64
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - secrets: of the endpoint; the one before too, during a rotation.
    ///   - publicKeys: in place of secrets, or beside them.
    ///   - tolerance: how far from now a message may be signed, in seconds.
    ///   - now: seconds since 1970.
    public init(
        secrets: [WebhookSecret] = [],
        publicKeys: [WebhookPublicKey] = [],
        tolerance: Int64 = 300,
        now: @Sendable @escaping () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        self.secrets = secrets
        self.publicKeys = publicKeys
        self.tolerance = tolerance
        self.now = now
    }

    /// The event that a message tells of, once it is proven.
    ///
    /// - Parameters:
    ///   - body: as it came, byte for byte.
    ///   - fields: of the request, names in any case.
    public func event(body: [UInt8], fields: [String: String]) throws(WebhookRejection) -> Event {
        try verify(body: body, fields: fields)
        guard let event = try? StornoCoding.decoder().decode(Event.self, from: Data(body)) else { throw .noEvent }
        return event
    }

    /// Returns if a message is the server's and new.
    public func verify(body: [UInt8], fields: [String: String]) throws(WebhookRejection) {
        let fields = Dictionary(fields.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        guard let id = fields["webhook-id"], !id.isEmpty else { throw .incomplete(field: "webhook-id") }
        guard let time = fields["webhook-timestamp"], let seconds = Int64(time), seconds >= 0, seconds < 1 << 40 else {
            throw .incomplete(field: "webhook-timestamp")
        }
        guard let signatures = fields["webhook-signature"], !signatures.isEmpty else {
            throw .incomplete(field: "webhook-signature")
        }
        guard abs(now() - seconds) <= tolerance else { throw .notOfNow }
        let signed = WebhookMessage.signed(id: id, seconds: seconds, body: body)
        // More than a rotation has are not looked at.
        let isSigned = signatures.split(separator: " ").prefix(16).contains { isOurs($0, signed) }
        guard isSigned else { throw .notSigned }
    }

    private func isOurs(_ signature: Substring, _ signed: [UInt8]) -> Bool {
        let parts = signature.split(separator: ",", maxSplits: 1)
        guard parts.count == 2, let code = Data(base64Padded: String(parts[1])) else { return false }
        switch parts[0] {
        case "v1":
            return secrets.contains {
                HMAC<SHA256>
                    .isValidAuthenticationCode(code, authenticating: signed, using: SymmetricKey(data: $0.bytes))
            }
        case "v1a": return publicKeys.contains { $0.key.isValidSignature(code, for: signed) }
        default: return false
        }
    }
}
