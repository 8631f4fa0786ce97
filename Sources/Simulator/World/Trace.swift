/// What happened, as a hash of every line and the last lines themselves. No wall time is in it, so that the same
/// seed gives the same trace everywhere.
final class Trace {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var count = 0
    private var last: [String] = []
    private let kept: Int
    private var names: [UInt128: String] = [:]
    private var counts: [String: Int] = [:]

    /// - Parameter kept: how many lines are remembered.
    init(kept: Int) {
        self.kept = kept
    }

    func note(_ now: Int64, _ line: @autoclosure () -> String) {
        let text = "\(now) \(line())"
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        count += 1
        if last.count >= kept * 2 { last.removeFirst(last.count - kept) }
        last.append(text)
    }

    var lines: [String] { Array(last.suffix(kept)) }

    /// A short name for an id: `refund 3` is the third refund that was ever mentioned.
    func name(_ kind: String, _ id: UInt128) -> String {
        if let known = names[id] { return known }
        counts[kind, default: 0] += 1
        let name = "\(kind) \(counts[kind] ?? 0)"
        names[id] = name
        return name
    }
}
