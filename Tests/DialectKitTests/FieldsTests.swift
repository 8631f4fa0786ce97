import DialectKit
import Domain
import Testing

@Suite struct FieldsTests {
    private func fields(_ text: String) throws -> Fields { try Fields(try JSONReader.read(Array(text.utf8))) }

    @Test(
        arguments: [
            "\"100\"", "100.0", "1e2", "-1", "0", "-0", "9223372036854775808", "9223372036854775807", "1000000000001",
            "null",
            "true", "[]", "{}", "99999999999999999999999999",
        ]
    )
    func `what is no amount is refused`(token: String) throws {
        let fields = try fields("{\"amount\":\(token)}")
        #expect(throws: Refusal.self) { try fields.amount("amount") }
    }

    @Test func `an absent amount is none and the largest is one`() throws {
        #expect(try fields("{}").amount("amount") == nil)
        #expect(try fields("{\"amount\":1000000000000}").amount("amount")?.minorUnits == Amount.largest)
        #expect(throws: Refusal.self) { try fields("{}").requiredAmount("amount") }
    }

    @Test func `null counts as absent but for amounts`() throws {
        let fields = try fields(#"{"a":null,"b":null}"#)
        #expect(try fields.text("a") == nil)
        #expect(try fields.flag("b") == nil)
        #expect(fields.has("a") && fields.isNull("a"))
    }

    @Test func `metadata has its bounds`() throws {
        func metadata(_ count: Int, key: Int = 1, value: Int = 1) throws -> Metadata {
            let members = (0..<count)
                .map { index in
                    "\"\(String(index).leftPadded(to: key))\":\"\(String(repeating: "v", count: value))\""
                }
            return try fields("{\"metadata\":{\(members.joined(separator: ","))}}").metadata()
        }
        #expect(try metadata(50, key: 40, value: 500).count == 50)
        #expect(throws: Refusal.self) { try metadata(51, key: 2) }
        #expect(throws: Refusal.self) { try metadata(1, key: 41) }
        #expect(throws: Refusal.self) { try metadata(1, value: 501) }
        #expect(throws: Refusal.self) { try fields(#"{"metadata":{"a":1}}"#).metadata() }
        #expect(throws: Refusal.self) { try fields(#"{"metadata":[]}"#).metadata() }
    }

    /// An e under thousands of accents reads as one character.
    @Test func `a length counts what a text is made of`() throws {
        let long = "e" + String(repeating: "\\u0301", count: 500)
        #expect(throws: Refusal.self) { try fields("{\"a\":\"\(long)\"}").text("a", 0...500) }
        #expect(throws: Refusal.self) { try fields("{\"metadata\":{\"a\":\"\(long)\"}}").metadata() }
        #expect(throws: Refusal.self) { try fields("{\"metadata\":{\"\(long)\":\"a\"}}").metadata() }
        #expect(try fields("{\"a\":\"e\\u0301\"}").text("a", 1...2) == "\u{E9}")
    }

    @Test func `member names that Unicode calls equal do not end the process`() throws {
        #expect(try fields("{\"e\u{301}\":1,\"\u{E9}\":2,\"amount\":3}").amount("amount")?.minorUnits == 3)
    }

    @Test func `names that Unicode calls equal do not become one`() throws {
        #expect(throws: Refusal.self) { try fields("{\"metadata\":{\"e\u{301}\":\"1\",\"\u{E9}\":\"2\"}}").metadata() }
    }

    @Test(arguments: ["bare", "\"quoted\"", "a b", String(repeating: "k", count: 255)])
    func `an idempotency key is taken bare or quoted`(text: String) {
        let expected = text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
        #expect(IdempotencyKeyText.read(text) == expected)
    }

    @Test(arguments: ["", "\"\"", "é", "e\u{301}", "a\tb", String(repeating: "k", count: 256)])
    func `what is no idempotency key is refused`(text: String) {
        #expect(IdempotencyKeyText.read(text) == nil)
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: "0", count: max(0, length - count)) + self
    }
}
