import Crypto
import Domain

/// The master key at work: keyed digests that recognise a card or a person without keeping what they are, and seals
/// on what has to be read again.
package struct Secrets: Sendable {
    let key: SymmetricKey
    /// Names the key in the rows that it protects, without giving it away.
    package let id: String
    let keyID: [UInt8]

    /// - Parameter bytes: 32 random bytes.
    package init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
        keyID = Array(HMAC<SHA256>.authenticationCode(for: Array("storno key id".utf8), using: key).prefix(8))
        id = Self.text(ofKeyID: keyID)
    }

    static func text(ofKeyID bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Parameters:
    ///   - purpose: keeps equal texts of different use apart.
    ///   - parts: each is written with its length, so that no two lists collide.
    package func digest(_ purpose: String, _ parts: [String?]) -> Digest256 {
        var mac = HMAC<SHA256>(key: key)
        for part in [purpose] + parts {
            mac.update(data: Array("\(part?.utf8.count ?? -1):".utf8))
            mac.update(data: Array((part ?? "").utf8))
        }
        return Digest256(mac.finalize())
    }
}

/// Whoever prints something that holds the key prints this.
extension Secrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "Secrets" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
