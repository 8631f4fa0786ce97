import Domain

extension FuzzTarget {
    /// Card numbers: no other number that differs in one digit is one as well, and none is shown whole.
    static let cardNumber = FuzzTarget("card-number") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        guard let number = CardNumber(text) else { return }
        try hold((12...19).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit), "\(text) is taken for digits")
        try hold(number.digits == text && text.hasSuffix(number.lastFour), "the digits changed")
        try hold(!"\(number)".contains(text) && !number.brand.isEmpty, "a card number describes itself")
        for place in bytes.indices {
            var other = bytes
            other[place] = other[place] == UInt8(ascii: "9") ? UInt8(ascii: "0") : other[place] + 1
            let wrong = String(decoding: other, as: UTF8.self)
            try hold(CardNumber(wrong) == nil, "\(wrong) and \(text) differ in one digit")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
