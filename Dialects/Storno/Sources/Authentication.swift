import DialectKit
import Domain
import Engine

extension StornoDialect {
    /// `Authorization: Bearer KEY`, or Basic with the key as the user and no password, as `curl -u KEY:` sends it.
    package func credential(in credentials: Credentials) -> String? {
        let key: String? =
            switch credentials {
            case .bearer(let key): key
            case .basic(let key, ""): key
            case .basic, .none: nil
            }
        return key.flatMap { key in Mode.allCases.contains { key.hasPrefix(Self.prefix($0)) } ? key : nil }
    }

    /// No other API's keys begin like this one's.
    package func claims(_ credentials: Credentials) -> Bool { credential(in: credentials) != nil }

    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        NewKey(prefix: Self.prefix(mode), length: 32, random: &random)
    }

    private static func prefix(_ mode: Mode) -> String { "storno_\(mode.rawValue)_" }
}
