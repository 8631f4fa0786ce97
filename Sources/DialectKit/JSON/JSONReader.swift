/// Why a text is not the JSON that is accepted here.
package struct JSONFault: Error, Equatable, Sendable {
    /// What is wrong, as a clause: `a comma before the end of an object`.
    package let reason: String
    /// Bytes from the beginning.
    package let offset: Int
    /// The member where it happened, such as `card.number`; empty at the top.
    package let path: String
}

/// Reads RFC 8259 to the letter: valid UTF-8, no byte order mark, no name twice in an object, no depth above
/// 64, no trailing comma, nothing behind the value.
package struct JSONReader {
    package static let deepest = 64

    private let bytes: [UInt8]
    private var position = 0
    private var path: [String] = []

    package static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        var reader = JSONReader(bytes)
        return try reader.document()
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func document() throws(JSONFault) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault("a byte order mark") }
        skipBlanks()
        let value = try value(depth: 1)
        skipBlanks()
        if position < bytes.count { throw fault("something behind the end of the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= Self.deepest else { throw fault("more than \(Self.deepest) levels of nesting") }
        switch peek {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw fault("an end where a value was expected")
        case let byte where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
        default: throw fault("something that is no value")
        }
    }

    private mutating func object(_ depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        var members: [JSONMember] = []
        var names: Set<[UInt8]> = []
        repeat {
            skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw fault("something that is no member name") }
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else { throw fault("the member \"\(name)\" twice") }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("a member name without a colon") }
            skipBlanks()
            path.append(name)
            members.append(JSONMember(name, try value(depth: depth + 1)))
            path.removeLast()
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("an object that does not end") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var values: [JSONValue] = []
        repeat {
            skipBlanks()
            path.append(String(values.count))
            values.append(try value(depth: depth + 1))
            path.removeLast()
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("an array that does not end") }
        return .array(values)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("something that is no value") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if isDigit(peek) { throw fault("a number with a leading zero") }
        } else if !takeDigits() {
            throw fault("a minus without a number")
        }
        if take(UInt8(ascii: ".")), !takeDigits() { throw fault("a decimal point without digits") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if !takeDigits() { throw fault("an exponent without digits") }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw fault("text that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw fault("a string that does not end")
    }

    private mutating func escape() throws(JSONFault) -> [UInt8] {
        defer { position += 1 }
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [bytes[position]]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
        default: throw fault("an escape that JSON does not have")
        }
    }

    /// At the `u`; leaves the position at the last digit.
    private mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
        let high = try unit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), position + 2 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "\\"), bytes[position + 2] == UInt8(ascii: "u")
        else { throw fault("half of a surrogate pair") }
        position += 2
        let low = try unit()
        guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair") }
        let code = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
        return scalar
    }

    private mutating func unit() throws(JSONFault) -> UInt16 {
        guard position + 4 < bytes.count else { throw fault("an escape without four hexadecimal digits") }
        var unit: UInt16 = 0
        for byte in bytes[position + 1...position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault("an escape without four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }

    // MARK: - Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while isDigit(peek) { position += 1 }
        return position > start
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func fault(_ reason: String) -> JSONFault {
        JSONFault(reason: reason, offset: position, path: path.joined(separator: "."))
    }
}
