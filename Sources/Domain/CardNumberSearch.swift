extension CardNumber {
    /// Whether a card number stands in a text that is meant for something else: nothing that is kept may hold one
    /// (PCI DSS 3).
    ///
    /// Digits with single blanks or dashes between their groups, of a length that their scheme has and with the right
    /// check digit. About one in fifty random numbers of sixteen digits looks like one as well.
    package static func stands(in text: String) -> Bool {
        var groups: [[UInt8]] = []
        var group: [UInt8] = []
        var gap = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if gap > 1 { groups = [] }
                gap = 0
                group.append(byte)
                continue
            case UInt8(ascii: " "), UInt8(ascii: "-"): gap += 1
            default: gap = 2
            }
            if !group.isEmpty { groups.append(group) }
            group = []
            if gap > 1 {
                if holdsNumber(groups) { return true }
                groups = []
            }
        }
        return holdsNumber(groups + (group.isEmpty ? [] : [group]))
    }

    /// Whether some groups in a row make a card number.
    private static func holdsNumber(_ groups: [[UInt8]]) -> Bool {
        groups.indices.contains { first in
            var digits: [UInt8] = []
            return groups[first...]
                .contains { group in
                    digits += group
                    guard digits.count <= 19, let number = CardNumber(String(decoding: digits, as: UTF8.self)) else {
                        return false
                    }
                    return number.lengths.contains(digits.count)
                }
        }
    }

    /// How many digits the scheme's numbers have today; none for a scheme that is not known.
    private var lengths: Set<Int> {
        switch brand {
        case "visa", "discover": [16, 19]
        case "mastercard", "jcb", "dankort": [16]
        case "amex": [15]
        case "maestro": [16, 17, 18, 19]
        default: []
        }
    }
}
