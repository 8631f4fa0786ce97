/// The part of a URL behind the question mark.
package struct Query: Sendable {
    private let pairs: [(name: String, value: String)]

    /// - Parameter text: without the question mark. What is not valid percent-encoded UTF-8 stays as it is.
    package init(_ text: Substring) {
        pairs = text.parts(at: "&").filter { !$0.isEmpty }
            .map { pair in
                let parts = pair.parts(at: "=", maxSplits: 1)
                return (
                    percentDecoded(parts[0], plusIsBlank: true),
                    parts.count > 1 ? percentDecoded(parts[1], plusIsBlank: true) : ""
                )
            }
    }

    /// As it stands in a URL, without some names and with another pair behind.
    package func text(without names: Set<String>, adding name: String, _ value: String) -> String {
        (pairs.filter { !names.contains($0.name) } + [(name, value)])
            .map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
            .joined(separator: "&")
    }

    package func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// Every name that stands there, once.
    package var names: Set<String> { Set(pairs.map(\.name)) }

    /// What stands behind each appearance of a name.
    package func texts(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// - Throws: `Refusal.invalid` when the name stands there twice.
    package func text(_ name: String) throws(Refusal) -> String? {
        let found = pairs.filter { $0.name == name }
        guard found.count <= 1 else { throw .invalid(field: name, reason: "must be given once") }
        return found.first?.value
    }

    /// Digits without sign or leading zero, at most nine of them.
    package func integer(_ name: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        guard let text = try text(name) else { return nil }
        let isPlain = (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isPlain, text == "0" || !text.hasPrefix("0"), let number = Int(text) else {
            throw .invalid(field: name, reason: "must be a whole number")
        }
        guard range.contains(number) else {
            throw .invalid(field: name, reason: "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }
}

extension StringProtocol {
    /// Split as HTTP splits, byte by byte: a mark behind a separator is no part of it, as it is among Swift's characters.
    ///
    /// - Parameter separator: of ASCII.
    package func parts(at separator: Unicode.Scalar, maxSplits: Int = .max) -> [Substring] {
        Substring(self).utf8
            .split(separator: UInt8(ascii: separator), maxSplits: maxSplits, omittingEmptySubsequences: false)
            .map(Substring.init)
    }
}

/// With every byte escaped that is no letter, digit or one of `-._~`.
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return encoded
}

/// A part of a URL as the text that it stands for; as it is where it stands for none.
package func percentDecoded(_ text: some StringProtocol, plusIsBlank: Bool = false) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "+"), plusIsBlank {
            bytes.append(0x20)
        } else if byte == UInt8(ascii: "%") {
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
            else { return String(text) }
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self) ?? String(text)
}
