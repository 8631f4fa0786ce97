import DialectKit
import Domain
import Storage

/// HTTP Basic: the secret key is the user, the password is empty.
extension StancerDialect {
    package func claims(_ credentials: Credentials) -> Bool {
        if case .basic = credentials { true } else { false }
    }

    package func credential(in credentials: Credentials) -> String? {
        guard case .basic(let user, "") = credentials, SecretKey.isOne(user) else { return nil }
        return user
    }

    package func newKey(_ mode: Mode, random: inout any RandomNumberGenerator & Sendable) -> NewKey {
        NewKey(prefix: SecretKey.prefix(mode), length: SecretKey.length, random: &random)
    }

    /// The list of refunds is this API's only with its trailing slash: another one has it without.
    package func claims(_ path: RequestPath) -> Bool {
        if path.segments == ["v1", "refunds"] { return path.endsInSlash }
        if path.segments.first == "v1", let second = path.segments.dropFirst().first,
            Self.ownCollections.contains(second)
        {
            return true
        }
        return path.segments.contains { segment in ObjectID.prefixes.contains { segment.hasPrefix($0) } }
    }

    private static let ownCollections = ["checkout", "cards", "sepa", "disputes", "payouts"]
}

private enum SecretKey {
    static let length = 24

    static func prefix(_ mode: Mode) -> String {
        switch mode {
        case .test: "stest_"
        case .live: "sprod_"
        }
    }

    /// A public key (`ptest_`, `pprod_`) is for payment pages and opens nothing here.
    static func isOne(_ text: String) -> Bool {
        guard Mode.allCases.contains(where: { text.hasPrefix(prefix($0)) }) else { return false }
        let random = text.utf8.dropFirst(prefix(.test).utf8.count)
        return random.count == length && random.allSatisfy(isWordCharacter)
    }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
