import DialectKit
import Domain
import Engine

extension CollctivDialect {
    /// Tokens are opaque: whatever is sent is looked up.
    package func credential(in credentials: Credentials) -> String? {
        guard case .bearer(let token) = credentials else { return nil }
        return token
    }

    /// `clv_`, the mode, and 32 letters and digits.
    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        NewKey(prefix: "clv_\(mode.rawValue)_", length: 32, random: &random)
    }
}
