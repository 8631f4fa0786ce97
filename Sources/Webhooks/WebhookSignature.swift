import Crypto
import Domain
import Foundation

/// The fields of Standard Webhooks 1.0.0: what a receiver needs to know that a message is ours and new.
package enum WebhookSignature {
    /// - Parameters:
    ///   - id: the event's, the same whenever it is sent.
    ///   - moment: of this attempt, by the wall clock: receivers take no message that is minutes old.
    ///   - keys: each signs.
    package static func fields(
        id: String,
        at moment: Moment,
        body: [UInt8],
        keys: [WebhookKey]
    ) -> [(name: String, value: String)] {
        let signed = Array("\(id).\(moment.seconds).".utf8) + body
        let signatures = keys.map { hmac(signed, $0) } + keys.compactMap { ed25519(signed, $0) }
        return [
            ("webhook-id", id), ("webhook-timestamp", String(moment.seconds)),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    private static func hmac(_ signed: [UInt8], _ key: WebhookKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key.secret))
        return "v1," + Data(code).base64EncodedString()
    }

    private static func ed25519(_ signed: [UInt8], _ key: WebhookKey) -> String? {
        let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: key.seed)
        return (try? key?.signature(for: signed)).map { "v1a," + $0.base64EncodedString() }
    }
}

extension WebhookEndpoint {
    /// The present one, and the one before while both count.
    package func keys(at moment: Moment) -> [WebhookKey] {
        guard let previous = target.previousKey, let end = previousExpiresAt, moment < end else { return [target.key] }
        return [target.key, previous]
    }
}
