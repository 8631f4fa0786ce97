import Crypto
import Foundation

/// What webhooks are signed with and verified by: HMAC-SHA256, `v1` of Standard Webhooks.
public struct WebhookSecret: Sendable, Equatable {
    let bytes: [UInt8]

    /// From `whsec_` and base64, as an endpoint's `secret` is written.
    ///
    /// - Returns: `nil` for any other text, and for fewer than 16 bytes.
    public init?(_ text: String) {
        let digits = text.hasPrefix("whsec_") ? String(text.dropFirst("whsec_".count)) : text
        guard let data = Data(base64Padded: digits), data.count >= 16 else { return nil }
        bytes = Array(data)
    }

    /// A new one: 32 random bytes.
    public static func random() -> WebhookSecret {
        WebhookSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// As an endpoint's `secret` is written.
    public var text: String { "whsec_" + Data(bytes).base64EncodedString() }

    /// The fields of a message that is signed by it, for whoever tests a receiver.
    ///
    /// - Parameters:
    ///   - id: the event's.
    ///   - seconds: since 1970.
    public func fields(id: String, at seconds: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        let code = HMAC<SHA256>
            .authenticationCode(
                for: WebhookMessage.signed(id: id, seconds: seconds, body: body),
                using: SymmetricKey(data: bytes)
            )
        return [
            ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }
}

/// Whoever prints it prints no secret.
extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    /// Without the secret.
    public var description: String { "WebhookSecret" }
    /// Without the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public half of an endpoint's Ed25519 key, `v1a` of Standard Webhooks.
public struct WebhookPublicKey: Sendable {
    let key: Curve25519.Signing.PublicKey

    /// From `whpk_` and base64, as an endpoint's `public_key` is written.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ text: String) {
        let digits = text.hasPrefix("whpk_") ? String(text.dropFirst("whpk_".count)) : text
        guard let data = Data(base64Padded: digits), data.count == 32,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: data)
        else { return nil }
        self.key = key
    }
}

enum WebhookMessage {
    static func signed(id: String, seconds: Int64, body: [UInt8]) -> [UInt8] { Array("\(id).\(seconds).".utf8) + body }
}

extension Data {
    /// With its padding or without.
    init?(base64Padded text: String) {
        self.init(base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
    }
}
