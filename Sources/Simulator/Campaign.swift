/// Many worlds in a row, and what they add up to.
struct Campaign {
    private(set) var met: [Situation: Int] = [:]
    private(set) var seeds: UInt64 = 0
    private(set) var refunds = 0
    /// Milliseconds that passed in all worlds together.
    private(set) var time: Int64 = 0
    private(set) var hash: UInt64 = 0
    private(set) var failed: Run.Outcome?

    /// Below this many worlds, a rare situation may be missing by chance.
    static let enoughForAll: UInt64 = 2000

    /// Runs until one fails.
    mutating func run(_ seeds: Range<UInt64>, keptLines: Int, _ setup: Run.Setup = Run.Setup()) {
        for seed in seeds {
            let outcome = Run(seed: seed, setup: setup, keptLines: keptLines).outcome()
            for situation in outcome.situations { met[situation, default: 0] += 1 }
            self.seeds += 1
            refunds += outcome.refunds
            time += outcome.time
            hash = (hash ^ outcome.hash) &* 0x100_0000_01B3
            if outcome.failure != nil {
                failed = outcome
                return
            }
        }
    }

    var missing: [Situation] { Situation.allCases.filter { met[$0] == nil } }
}
