import DialectKit
import TestSupport
import Testing

@Suite struct IdentifierTextTests {
    private let alphabets = [
        IdentifierText(prefix: "refd_", alphabet: IdentifierText.base62, length: 24),
        IdentifierText(prefix: "ch_", alphabet: IdentifierText.base36, length: 25),
    ]

    private func numbers() -> [UInt128] {
        var random = SeededRandom(seed: 5)
        let drawn = (0..<500).map { _ in UInt128(random.next()) << 64 | UInt128(random.next()) }
        return drawn + [0, 1, .max, .max - 1]
    }

    @Test func `a number is written and read back in each alphabet`() {
        for number in numbers() {
            for alphabet in alphabets { #expect(alphabet.id(alphabet.text(number)) == number) }
            #expect(UUIDText.id(UUIDText.text(number)) == number)
            #expect(UUIDText.id(UUIDText.text(number).uppercased()) == number)
        }
    }

    @Test func `texts sort as their numbers do`() {
        let sorted = numbers().sorted()
        for alphabet in alphabets {
            let texts = sorted.map { Array(alphabet.text($0).utf8) }
            for (left, right) in zip(texts, texts.dropFirst()) { #expect(!right.lexicographicallyPrecedes(left)) }
        }
    }

    @Test(
        arguments: [
            "", "refd_", "refd_o6Y1oZinbl9lErB24OSQCAKl", "paym_000000000000000000000000",
            "refd_00000000000000000000000",
            "refd_0000000000000000000000000", "refd_00000000000000000000000é", "refd_zzzzzzzzzzzzzzzzzzzzzzzz",
            "REFD_000000000000000000000000",
        ]
    )
    func `text that is no id is none and no trap`(text: String) {
        #expect(alphabets[0].id(text) == nil)
    }

    @Test(arguments: [
        "", "999fe8d5-1615-414b-83fc-2740b3c4a89", "999fe8d51615414b83fc2740b3c4a899",
        "999fe8d5-1615-414b-83fc-2740b3c4a89g", "999fe8d5_1615_414b_83fc_2740b3c4a899",
    ])
    func `text that is no UUID is none`(text: String) {
        #expect(UUIDText.id(text) == nil)
    }
}
