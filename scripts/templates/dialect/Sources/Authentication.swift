import DialectKit
import Domain

extension __Name__Dialect {
    /// As `Authorization: Bearer`.
    package func credential(in credentials: Credentials) -> String? {
        guard case .bearer(let token) = credentials else { return nil }
        return token
    }

    /// `__name___`, the mode, and 32 letters and digits. Vendors have forms of their own, which their clients check.
    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        NewKey(prefix: "__name___\(mode.rawValue)_", length: 32, random: &random)
    }
}
