import Crypto
import Domain

/// The master key at work: keyed digests that recognise a card or a person without keeping what they are.
package struct Secrets: Sendable {
    private let key: SymmetricKey
    /// Names the key in the rows that it protects, without giving it away.
    package let id: String

    /// - Parameter bytes: 32 random bytes.
    package init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
        let digest = HMAC<SHA256>.authenticationCode(for: Array("storno key id".utf8), using: key)
        id = digest.prefix(8)
            .map { byte in
                let hex = String(byte, radix: 16)
                return hex.count == 1 ? "0" + hex : hex
            }
            .joined()
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

    package func fingerprint(of card: CardNumber, month: Int64, year: Int64) -> Digest256 {
        digest("card", [card.digits, String(month), String(year)])
    }

    package func identity(of person: PersonDetails, externalReference: String?) -> Digest256 {
        digest("customer", [person.fullName, person.email, person.mobile, externalReference])
    }

    package func email(_ address: String) -> Digest256 {
        digest("email", [address.lowercased()])
    }
}

/// Whoever prints something that holds the key prints this.
extension Secrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "Secrets" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension PersonDetails {
    /// The name as one text, however it was given.
    var fullName: String? {
        if let name { return name }
        let parts = [firstName, lastName].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
