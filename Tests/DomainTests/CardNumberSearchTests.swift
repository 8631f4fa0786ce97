import Domain
import Testing

@Suite struct CardNumberSearchTests {
    @Test(arguments: [
        "4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "card 4242 4242 4242 4242, exp 12/30",
        "x5555555555554444y", "3782 822463 10005", "12 4242424242424242", "4242424242424242 123", "6011111111111117",
        "2026-11-21 4242424242424242", "4242424242424242\n5555555555554444",
    ])
    func `a card number is seen wherever it stands`(text: String) {
        #expect(CardNumber.stands(in: text))
    }

    @Test(arguments: [
        "", "4242424242424241", "order 2026112100012345", "+49 171 1234567", "4242 4242  4242 4242", "1795259985123",
        "42424242424242424242", "a4242b4242c4242d4242", "00000000-0000-4000-8000-000000000000", "4242.4242.4242.4242",
        "DE89 3704 0044 0532 0130 00", "9999999999999995",
    ])
    func `what is no card number is let through`(text: String) {
        #expect(!CardNumber.stands(in: text))
    }
}
