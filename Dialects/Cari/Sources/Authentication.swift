import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

extension CariDialect {
    /// No other API's tokens begin like this.
    package func claims(_ credentials: Credentials) -> Bool {
        guard case .bearer(let token) = credentials else { return false }
        return token.hasPrefix("pk_") || token.hasPrefix("sk_")
    }

    package func credential(in credentials: Credentials) -> String? {
        guard case .bearer(let token) = credentials, isToken(token) else { return nil }
        return token
    }

    /// With the setting `cari.strict_pk` on, publishable keys only read.
    package func permits(_ key: APIKey, _ route: Route, settings: AccountSettings) -> Bool {
        route.method == .get || !key.prefix.hasPrefix("pk_") || !settings.isOn("cari.strict_pk")
    }

    /// Like the vendor's: `sk_`, the mode, and 32 hexadecimal digits.
    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        let prefix = "sk_\(mode.rawValue)_"
        let digits = [random.next(), random.next()]
            .map { (number: UInt64) in
                let hex = String(number, radix: 16)
                return String(repeating: "0", count: 16 - hex.count) + hex
            }
        return NewKey(text: prefix + digits.joined(), prefix: prefix)
    }

    /// `^(pk|sk)_(live|test)_[A-Za-z0-9]{8,}$`
    private func isToken(_ text: String) -> Bool {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, ["pk", "sk"].contains(parts[0]), ["live", "test"].contains(parts[1]) else {
            return false
        }
        let secret = parts[2].utf8
        return secret.count >= 8
            && secret.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            }
    }
}
