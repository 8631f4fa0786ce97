import DialectKit
import Testing

@Suite struct JSONTests {
    private func read(_ text: String) -> JSONValue? { try? JSONReader.read(Array(text.utf8)) }

    @Test(
        arguments: [
            "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\u{FEFF}{}", "01",
            "-",
            "+1", "1.", ".5", "1e", "0x1", "NaN", "Infinity", "'a'", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "{} {}", "{}x", "{a:1}", "[1 2]", "tru", "nul", "// c\n{}",
            "{\"a\" 1}", "[,1]", "\"\u{1}\"", "[\"a\\", "-01", "1.e1", "{\"a\":{\"b\":1,\"b\":1}}", "--1", "1-",
        ]
    )
    func `what RFC 8259 does not allow is refused`(text: String) {
        #expect(read(text) == nil)
    }

    @Test(
        arguments: [
            ("{}", JSONValue.object([])), (" [ ] ", .array([])), ("-0", .number("-0")), ("1.5e+3", .number("1.5e+3")),
            ("\"\\u00e9\\ud83d\\ude00\\/\"", "é😀/"), ("[true,false,null]", .array([true, false, .null])),
            ("{\"a\":[1,{\"b\":\"\"}]}", .members(("a", .array([.number("1"), .members(("b", ""))])))),
            ("\"\\b\\f\\n\\r\\t\\\"\\\\\"", "\u{8}\u{C}\n\r\t\"\\"),
        ]
    )
    func `what it allows is read as it stands`(text: String, value: JSONValue) {
        #expect(read(text) == value)
    }

    @Test func `canonically equal names are two names, since bytes differ`() {
        #expect(read("{\"e\u{301}\":1,\"\u{E9}\":2}") != nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3]] as [[UInt8]] {
            #expect(throws: JSONFault.self) { try JSONReader.read([0x22] + bytes + [0x22]) }
        }
    }

    @Test func `64 levels are read and 65 are not`() {
        #expect(read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != nil)
        #expect(read(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == nil)
        #expect(read(String(repeating: "[", count: 60_000)) == nil)
    }

    @Test func `a fault says what and where`() {
        let fault = #expect(throws: JSONFault.self) {
            try JSONReader.read(Array(#"{"card":{"number":1,"number":2}}"#.utf8))
        }
        #expect(fault?.path == "card")
        #expect(fault?.reason.contains("number") == true)
        #expect(fault?.offset == 28)
    }

    @Test func `what is written is read back the same`() throws {
        let value = JSONValue.members(
            ("z", "a/b\u{7F}\u{1}\"\\\n"),
            ("a", .array([.integer(-1), .null, true, .members(("y", "é😀"), ("b", .number("10")))]))
        )
        #expect(try JSONReader.read(JSONWriter.bytes(value)) == value)
        let sorted = String(decoding: JSONWriter.bytes(value, .sorted), as: UTF8.self)
        #expect(sorted.hasPrefix(#"{"a":[-1,null,true,{"b":10,"y":"é😀"}],"z":"a/b\u007f\u0001\"\\\n"}"#))
    }
}
