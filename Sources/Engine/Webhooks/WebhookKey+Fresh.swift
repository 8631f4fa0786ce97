import Crypto
import Domain
import Foundation

extension WebhookKey {
    /// Of the system's random bytes, as every seal is.
    package static func fresh() -> WebhookKey {
        WebhookKey(
            secret: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) },
            seed: Array(Curve25519.Signing.PrivateKey().rawRepresentation)
        )
    }

    /// As Standard Webhooks writes it: `whsec_` and base64.
    package var secretText: String { "whsec_" + Data(secret).base64EncodedString() }

    /// What verifies `v1a` signatures: `whpk_` and base64.
    package var publicKeyText: String {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            preconditionFailure("any 32 bytes are a private key")
        }
        return "whpk_" + key.publicKey.rawRepresentation.base64EncodedString()
    }
}
