import DialectKit

extension FuzzTarget {
    /// The strict reader and the writer are each other's inverse.
    static let json = FuzzTarget("json") { bytes in
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(bytes)
        } catch {
            try hold(!error.reason.isEmpty, "a refusal without a reason")
            try hold((0...bytes.count).contains(error.offset), "\(error.offset) is no place in the text")
            return try hold((try? JSONReader.read(padded(bytes))) == nil, "blanks around it make it valid")
        }
        try check(value, of: bytes)
    }

    private static func check(_ value: JSONValue, of bytes: [UInt8]) throws {
        try check(value, depth: 1)
        let written = JSONWriter.bytes(value)
        try hold(JSONWriter.bytes(try JSONReader.read(written)) == written, "what is written reads as something else")
        try hold(JSONWriter.bytes(try JSONReader.read(padded(bytes))) == written, "blanks around it change it")
        let sorted = JSONWriter.bytes(value, .sorted)
        let again = try JSONReader.read(sorted)
        try hold(JSONWriter.bytes(again) == sorted, "what is written sorted is not in that order")
        try hold(sorted.count == written.count, "sorting adds or loses something")
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] { Array(" \n".utf8) + bytes + Array("\t\r".utf8) }

    private static func check(_ value: JSONValue, depth: Int) throws(Disproof) {
        try hold(depth <= JSONReader.deepest, "\(depth) levels deep")
        switch value {
        case .null, .bool, .string: break
        case .number(let token): try hold(isNumber(token), "\(token) is no number")
        case .array(let values): for value in values { try check(value, depth: depth + 1) }
        case .object(let members):
            try hold(Set(members.map { Array($0.name.utf8) }).count == members.count, "a name stands there twice")
            for member in members { try check(member.value, depth: depth + 1) }
        }
    }

    /// RFC 8259, section 6.
    private static func isNumber(_ token: String) -> Bool {
        var rest = token.utf8[...]
        func takeDigits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let beginsWithZero = rest.first == UInt8(ascii: "0")
        let integerDigits = takeDigits()
        guard integerDigits == 1 || integerDigits > 1 && !beginsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard takeDigits() > 0 else { return false }
        }
        if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
