import Domain
import TestSupport
import Testing

@Suite struct MoneyPropertyTests {
    /// Integers of every size, not mostly huge ones.
    private func integer(_ random: inout SeededRandom) -> Int64 {
        Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0...63, using: &random)
    }

    @Test func `an amount is 1 to 10^12 and keeps its order`() throws {
        try Property("amount_range")
            .holds(in: 2000) { random in
                let (first, second) = (integer(&random), integer(&random))
                let amounts = (Amount(minorUnits: first), Amount(minorUnits: second))
                try require((amounts.0 != nil) == (first >= 1 && first <= 1_000_000_000_000), "\(first)")
                guard let left = amounts.0, let right = amounts.1 else { return }
                try require(left.minorUnits == first && (left < right) == (first < second), "\(first) \(second)")
            }
    }

    @Test func `a million of the largest amounts can be added up`() {
        let (sum, overflow) = Amount.largest.multipliedReportingOverflow(by: 1_000_000)
        #expect(!overflow && sum > 0)
    }

    @Test func `a currency's code is read in any case and written in one`() throws {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        try Property("currency_code")
            .holds(in: 5000) { random in
                let code = String((0..<3).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
                guard let currency = Currency(code: code) else {
                    return try require(Currency(code: code.uppercased()) == nil, code)
                }
                try require(currency.code == code.uppercased() && currency.lowercased == code.lowercased(), code)
                try require((0...4).contains(currency.exponent), "\(code) has \(currency.exponent) decimals")
                try require(Currency(stored: currency.code, exponent: currency.exponent) == currency, code)
            }
    }

    @Test func `parts add up to the whole, none is off by one, nothing gets nothing`() throws {
        try Property("proportional_split")
            .holds(in: 3000) { random in
                let whole = max(0, integer(&random))
                let weights = (0..<Int.random(in: 1...12, using: &random))
                    .map { _ in Bool.random(using: &random) ? max(0, integer(&random)) : Int64(random.next() % 3) }
                let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
                guard let parts = proportionalSplit(of: whole, by: weights) else {
                    return try require(total == 0, "\(whole) by \(weights) has no parts")
                }
                let sum = parts.reduce(Int128(0)) { $0 + Int128($1) }
                try require(sum == Int128(whole), "\(whole) by \(weights) is \(parts)")
                for (part, weight) in zip(parts, weights) {
                    let error = Int128(part) * total - Int128(whole) * Int128(weight)
                    try require(part >= 0 && abs(error) < total, "\(whole) by \(weights) is \(parts)")
                    try require(weight > 0 || part == 0, "\(whole) by \(weights) gives to nobody: \(parts)")
                }
                for (left, first) in zip(parts, weights) {
                    for (right, second) in zip(parts, weights) where first > second {
                        try require(left >= right, "\(whole) by \(weights) gives more for less: \(parts)")
                    }
                }
            }
    }

    @Test func `time is added without overflow and never goes back`() throws {
        try Property("moment_adding")
            .holds(in: 2000) { random in
                let moment = Moment(milliseconds: integer(&random))
                let later = moment.adding(.milliseconds(max(0, integer(&random) >> 1)))
                try require(later >= moment, "\(moment) went to \(later)")
            }
    }
}
