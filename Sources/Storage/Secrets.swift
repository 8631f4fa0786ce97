import Crypto
import Domain

/// The master key at work: keyed digests that recognise a card or a person without keeping what they are, and seals
/// on what has to be read again.
package struct Secrets: Sendable {
    private let key: Key
    /// Names the key in the rows that it protects, without giving it away.
    package let id: String
    let keyID: [UInt8]

    /// - Parameter bytes: 32 random bytes.
    package init(bytes: [UInt8]) {
        key = Key(bytes)
        keyID = Array(key.digest(Array("storno key id".utf8)).prefix(8))
        id = Self.text(ofKeyID: keyID)
    }

    static func text(ofKeyID bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Parameters:
    ///   - purpose: keeps equal texts of different use apart.
    ///   - parts: each is written with its length, so that no two lists collide.
    package func digest(_ purpose: String, _ parts: [String?]) -> Digest256 {
        var text: [UInt8] = []
        for part in [purpose] + parts {
            text += "\(part?.utf8.count ?? -1):".utf8
            text += (part ?? "").utf8
        }
        return Digest256(digest(text))
    }

    func digest(_ bytes: [UInt8]) -> HMAC<SHA256>.MAC { key.digest(bytes) }
}

/// The master key, made ready once.
private final class Key: Sendable {
    /// Before anything was added: a copy begins each digest.
    private let begun: HMAC<SHA256>

    init(_ bytes: [UInt8]) { begun = HMAC(key: SymmetricKey(data: bytes)) }

    func digest(_ bytes: [UInt8]) -> HMAC<SHA256>.MAC {
        var mac = begun
        mac.update(data: bytes)
        return mac.finalize()
    }
}

/// Whoever prints something that holds the key prints this.
extension Secrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "Secrets" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
