import Domain

/// How an API writes ids: a prefix and the 128-bit number in an alphabet, padded with its zero.
package struct IdentifierText: Sendable {
    package let prefix: String
    private let digits: [UInt8]
    private let values: [UInt8?]
    private let length: Int

    package static let base36 = "0123456789abcdefghijklmnopqrstuvwxyz"
    package static let base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// - Parameters:
    ///   - alphabet: the digits in the order of their value.
    ///   - length: of the part behind the prefix; enough for 128 bits.
    package init(prefix: String, alphabet: String, length: Int) {
        self.prefix = prefix
        digits = Array(alphabet.utf8)
        self.length = length
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    package func text(_ id: UInt128) -> String {
        prefix + String(decoding: id.digits(in: digits, count: length), as: UTF8.self)
    }

    /// `nil` for a text that no id is written as: another prefix, length or alphabet, or a number too large.
    package func id(_ text: String) -> UInt128? {
        guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + length else { return nil }
        var id: UInt128 = 0
        for byte in text.utf8.dropFirst(prefix.utf8.count) {
            guard let value = values[Int(byte)] else { return nil }
            let (product, overflow) = id.multipliedReportingOverflow(by: UInt128(digits.count))
            let (sum, carry) = product.addingReportingOverflow(UInt128(value))
            guard !overflow, !carry else { return nil }
            id = sum
        }
        return id
    }
}

/// Ids written as UUIDs: lower case out, any case in.
package enum UUIDText {
    package static func text(_ id: UInt128) -> String {
        var text = id.digits(in: Alphabet.base16, count: 32)
        for index in [20, 16, 12, 8] { text.insert(UInt8(ascii: "-"), at: index) }
        return String(decoding: text, as: UTF8.self)
    }

    package static func id(_ text: String) -> UInt128? {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var id: UInt128 = 0
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                id = id << 4 | UInt128(digit)
            }
        }
        return id
    }
}
