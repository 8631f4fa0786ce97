import DialectKit
import Testing

struct FingerprintTextTests {
    @Test func `what is kept is written as it always was`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(FingerprintText.text(of: bytes) == bytes.map { String($0, radix: 16) }.joined(separator: " "))
        #expect(FingerprintText.text(of: []) == "")
    }
}
