/// An amount that came from outside: 1 to 10^12 minor units (pence, cents, yen), so that no sum can overflow.
package struct Amount: Hashable, Comparable, Sendable {
    package let minorUnits: Int64

    /// 10^12 minor units (`contracts/common.md`, amounts).
    package static let largest: Int64 = 1_000_000_000_000

    package init?(minorUnits: Int64) {
        guard (1...Amount.largest).contains(minorUnits) else { return nil }
        self.minorUnits = minorUnits
    }

    package static func < (left: Amount, right: Amount) -> Bool {
        left.minorUnits < right.minorUnits
    }
}

/// A whole split into parts that add up to it exactly, in proportion to `weights` (largest remainder first,
/// earlier parts before later ones).
///
/// - Parameters:
///   - whole: minor units, not negative.
///   - weights: not negative, at least one above zero.
/// - Returns: one part per weight; `nil` if the input is not as said or would overflow.
package func proportionalSplit(of whole: Int64, by weights: [Int64]) -> [Int64]? {
    guard whole >= 0, weights.allSatisfy({ $0 >= 0 }) else { return nil }
    let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard total > 0 else { return nil }
    var parts: [Int64] = []
    var remainders: [(index: Int, remainder: Int128)] = []
    for (index, weight) in weights.enumerated() {
        let (quotient, remainder) = (Int128(whole) * Int128(weight)).quotientAndRemainder(dividingBy: total)
        parts.append(Int64(quotient))
        remainders.append((index, remainder))
    }
    let missing = Int(whole - parts.reduce(0, +))
    let order = remainders.sorted { ($0.remainder, $1.index) > ($1.remainder, $0.index) }
    for entry in order.prefix(missing) { parts[entry.index] += 1 }
    return parts
}
