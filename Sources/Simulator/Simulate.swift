import ArgumentParser

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator",
        abstract: "Runs the engine in seeded worlds full of faults and checks its promises after every commit."
    )

    @Option(help: "How many worlds to run.")
    var seeds: UInt64 = 2000

    @Option(help: "The first world's seed.")
    var firstSeed: UInt64 = 1

    @Option(help: "Run this one world again and print what happened in it.")
    var seed: UInt64?

    @Option(help: "How many of the last lines to print of a world.")
    var lines = 50

    mutating func run() throws {
        if let seed {
            let outcome = Run(seed: seed, keptLines: lines).outcome()
            for line in outcome.lastLines { print(line) }
            print(summary(outcome))
            if outcome.failure != nil { throw ExitCode(1) }
            return
        }
        var met: [Situation: Int] = [:]
        for seed in firstSeed..<(firstSeed + seeds) {
            let outcome = Run(seed: seed, keptLines: lines).outcome()
            for situation in outcome.situations { met[situation, default: 0] += 1 }
            if let failure = outcome.failure {
                for line in outcome.lastLines { print(line) }
                print(summary(outcome))
                print("\(failure.rule): \(failure.detail)")
                throw ExitCode(1)
            }
        }
        for situation in Situation.allCases { print(met[situation] ?? 0, situation.rawValue) }
    }

    private func summary(_ outcome: Run.Outcome) -> String {
        "seed \(outcome.seed): trace \(String(outcome.hash, radix: 16)), \(outcome.steps) steps, "
            + "\(outcome.refunds) refunds, \(outcome.time / 1000) s"
    }
}
