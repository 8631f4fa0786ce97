import ArgumentParser

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Runs the engine in seeded worlds full of faults and checks its promises after every commit.",
        discussion: """
            Every world follows from its seed alone: the same seed gives the same trace on any machine. With \
            2,000 seeds or more, a rare situation that never came up fails the campaign.
            """
    )

    @Option(help: "How many worlds to run; with --mutants, how many each fault has to be caught in.")
    var seeds: UInt64?

    @Option(help: "The first world's seed.")
    var firstSeed: UInt64 = 1

    @Option(help: "Run this one world again and print its last steps.")
    var seed: UInt64?

    @Option(help: "How many of a world's last steps to print.")
    var lines = 50

    @Flag(help: "Plant each known fault in turn; every one has to be caught.")
    var mutants = false

    @Option(help: "With --mutants, only faults with this text in their names.")
    var only = ""

    mutating func run() throws {
        if let seed {
            try replay(seed)
        } else if mutants {
            try hunt()
        } else {
            try explore()
        }
    }

    private func replay(_ seed: UInt64) throws {
        let outcome = Run(seed: seed, keptLines: lines).outcome()
        report(outcome)
        if outcome.failure != nil { throw ExitCode(1) }
    }

    private func explore() throws {
        var campaign = Campaign()
        campaign.run(firstSeed..<(firstSeed + (seeds ?? Campaign.enoughForAll)), keptLines: lines)
        if let failed = campaign.failed {
            report(failed)
            print("replay it with: swift run -c release simulator --seed \(failed.seed) --lines 100000")
            throw ExitCode(1)
        }
        for situation in Situation.allCases { print("\(campaign.met[situation] ?? 0) × \(situation.rawValue)") }
        let hours = campaign.time / 3_600_000
        let hash = String(campaign.hash, radix: 16)
        print("\(campaign.seeds) worlds, \(campaign.refunds) refunds, \(hours) hours, no promise broken, trace \(hash)")
        guard campaign.seeds >= Campaign.enoughForAll, !campaign.missing.isEmpty else { return }
        for situation in campaign.missing { print("never came up: \(situation.rawValue)") }
        throw ExitCode(1)
    }

    /// Prints a line of the list that the repository keeps for each fault.
    private func hunt() throws {
        var escaped = 0
        let hunted = Mutant.all.filter { only.isEmpty || $0.name.contains(only) }
        for mutant in hunted {
            var campaign = Campaign()
            campaign.run(firstSeed..<(firstSeed + (seeds ?? 20_000)), keptLines: 0, mutant.setup)
            if let failed = campaign.failed {
                print("| \(mutant.name) | \(failed.seed) | \(failed.failure?.rule ?? "") |")
            } else {
                escaped += 1
                print("| \(mutant.name) | not caught in \(campaign.seeds) worlds | |")
            }
        }
        print("\(hunted.count - escaped) of \(hunted.count) faults caught")
        if escaped > 0 { throw ExitCode(1) }
    }

    private func report(_ outcome: Run.Outcome) {
        for line in outcome.lastLines { print(line) }
        print(
            "seed \(outcome.seed): trace \(String(outcome.hash, radix: 16)), \(outcome.steps) steps, "
                + "\(outcome.refunds) refunds, \(outcome.time / 1000) s"
        )
        if let failure = outcome.failure { print("broken: \(failure.rule): \(failure.detail)") }
    }
}
