extension CardNumber {
    /// Whether a card number stands in a text that is meant for something else: nothing that is kept may hold one
    /// (PCI DSS 3).
    ///
    /// As people and programs write it: all digits in a row, or in the groups of four, or of four, six and five, that
    /// are on the card, with single blanks, dashes or dots between them; of a length that its scheme has, with the right check
    /// digit, and not in the middle of a word. A UUID or a digest never looks like one; of random numbers of sixteen
    /// digits about one in fifty does.
    package static func stands(in text: String) -> Bool {
        // No scheme's numbers are shorter, and most texts have fewer digits.
        guard text.utf8.count(where: isDigit) >= 15 else { return false }
        let bytes = plain(text)
        var start = 0
        while start < bytes.count {
            guard isDigit(bytes[start]), start == 0 || !isWord(bytes[start - 1]) else {
                start += 1
                continue
            }
            if holdsNumber(bytes[start...]) { return true }
            start = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        }
        return false
    }

    /// One byte for each character: as it is, or what it is like. Letters and digits of all scripts make words.
    private static func plain(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case ".", "\u{00A0}", "\u{2007}", "\u{2009}", "\u{202F}", "\u{2010}"..."\u{2015}", "\u{2212}":
                UInt8(ascii: "-")
            case _ where scalar.isASCII: UInt8(truncatingIfNeeded: scalar.value)
            case _ where scalar.properties.isAlphabetic || scalar.properties.numericType != nil: UInt8(ascii: "a")
            default: UInt8(ascii: ",")
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    /// Whether a text that begins with a digit begins with a card number.
    private static func holdsNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var digits: [UInt8] = []
        var shape: [Int] = []
        var place = text.startIndex
        while true {
            let group = text[place...].prefix { isDigit($0) }
            digits += group
            shape.append(group.count)
            place = group.endIndex
            guard !group.isEmpty, digits.count <= 19 else { return false }
            guard place < text.endIndex else { return isNumber(digits, shape) }
            let isSeparator = text[place] == UInt8(ascii: " ") || text[place] == UInt8(ascii: "-")
            if !isWord(text[place]), isNumber(digits, shape) { return true }
            guard isSeparator else { return false }
            place += 1
        }
    }

    private static func isNumber(_ digits: [UInt8], _ shape: [Int]) -> Bool {
        let areFours = shape.dropLast().allSatisfy { $0 == 4 } && (shape.last ?? 0) <= 4
        guard shape.count == 1 || shape == [4, 6, 5] || areFours,
            let number = CardNumber(String(decoding: digits, as: UTF8.self))
        else { return false }
        return number.lengths.contains(digits.count)
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
