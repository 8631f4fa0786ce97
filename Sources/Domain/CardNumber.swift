/// A card number on its way through memory. It describes itself by its last four digits only, and nothing
/// keeps it.
package struct CardNumber: Sendable, CustomStringConvertible, CustomReflectable {
    package let digits: String

    /// - Parameter text: 12 to 19 digits that pass the Luhn check; spaces and dashes are not accepted.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (12...19).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var sum = 0
        for (position, byte) in bytes.reversed().enumerated() {
            let digit = Int(byte) - 0x30
            let doubled = digit * 2
            sum += position.isMultiple(of: 2) ? digit : (doubled > 9 ? doubled - 9 : doubled)
        }
        guard sum.isMultiple(of: 10) else { return nil }
        digits = text
    }

    package var lastFour: String { String(digits.suffix(4)) }

    /// By the leading digits, as the schemes publish them.
    package var brand: String {
        guard let six = Int(digits.prefix(6)) else { return "unknown" }
        return switch six {
        case 400_000...499_999: "visa"
        case 501_900...501_999: "dankort"
        case 510_000...559_999, 222_100...272_099: "mastercard"
        case 340_000...349_999, 370_000...379_999: "amex"
        case 352_800...358_999: "jcb"
        case 601_100...601_199, 622_126...622_925, 644_000...659_999: "discover"
        case 500_000...509_999, 560_000...589_999, 600_000...699_999: "maestro"
        default: "unknown"
        }
    }

    package var description: String { "card ending \(lastFour)" }

    package var customMirror: Mirror { Mirror(self, children: ["lastFour": lastFour]) }
}
