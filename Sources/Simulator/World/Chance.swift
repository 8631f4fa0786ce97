/// SplitMix64: all of a world's luck comes from one seed.
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 to `count` − 1.
    mutating func index(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func number(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// Happens `perMille` times in a thousand.
    mutating func happens(_ perMille: Int) -> Bool { index(1000) < perMille }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[index(values.count)] }
}
