import Domain
import TestSupport
import Testing

@Suite struct MoneyTests {
    @Test(arguments: [Int64.min, -1, 0, Amount.largest + 1, Int64.max])
    func `an amount outside 1 to 10^12 is none`(minorUnits: Int64) {
        #expect(Amount(minorUnits: minorUnits) == nil)
    }

    @Test(arguments: [1, 50, Amount.largest])
    func `an amount inside 1 to 10^12 is one`(minorUnits: Int64) {
        #expect(Amount(minorUnits: minorUnits)?.minorUnits == minorUnits)
    }

    @Test func `parts of a split add up to the whole and are off by less than one`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            let whole = Int64.random(in: 0...Amount.largest, using: &random)
            let weights = (0..<Int.random(in: 1...9, using: &random))
                .map { _ in
                    Int64.random(in: 0...1_000_000, using: &random)
                }
            let total = weights.reduce(0, +)
            guard total > 0 else {
                #expect(proportionalSplit(of: whole, by: weights) == nil)
                continue
            }
            let parts = proportionalSplit(of: whole, by: weights) ?? []
            #expect(parts.reduce(0, +) == whole)
            for (part, weight) in zip(parts, weights) {
                let exact = Int128(whole) * Int128(weight)
                #expect(abs(Int128(part) * Int128(total) - exact) < Int128(total))
            }
        }
    }

    @Test func `the largest remainder gets the odd unit, the earlier one of equals`() {
        #expect(proportionalSplit(of: 100, by: [1, 1, 1]) == [34, 33, 33])
        #expect(proportionalSplit(of: 10, by: [1, 2]) == [3, 7])
        #expect(proportionalSplit(of: 0, by: [5, 5]) == [0, 0])
        #expect(proportionalSplit(of: 5, by: [0, 0]) == nil)
        #expect(proportionalSplit(of: 5, by: [-1, 2]) == nil)
        #expect(proportionalSplit(of: 5, by: []) == nil)
    }

    @Test(arguments: [("eur", 2), ("JPY", 0), ("Kwd", 3), ("clf", 4), ("XOF", 0), ("usd", 2)])
    func `a currency is known in any case with its decimals`(code: String, exponent: Int) {
        #expect(Currency(code: code)?.exponent == exponent)
        #expect(Currency(code: code)?.code == code.uppercased())
    }

    @Test(arguments: ["", "EU", "EURO", "XXX1", "ÉUR", "ZZZ", "€", "eu\u{301}"])
    func `anything else is no currency`(code: String) {
        #expect(Currency(code: code) == nil)
    }
}
