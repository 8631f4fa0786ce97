import Foundation
import TestSupport
import Testing

@testable import Simulator

@Suite struct SimulatorTests {
    @Test func `worlds keep their promises, and the same seed gives the same trace`() {
        for seed in UInt64(1)...60 {
            let (first, second) = (Run(seed: seed).outcome(), Run(seed: seed).outcome())
            #expect(first.failure == nil, "seed \(seed): \(first.failure?.rule ?? "")\n\(first.lastLines)")
            #expect(first.hash == second.hash && first.steps == second.steps, "seed \(seed) did not repeat")
        }
    }

    /// Seeds that once broke a promise, and what was wrong.
    @Test(
        arguments: [
            (27, "a blind processor's notification was lost with the process that heard it"),
            (101, "a question that failed took a decided refund's turn away"),
            (138, "a late answer took a decided refund's turn away"),
            (432, "a call that never left kept a blind processor's refund in doubt for ever"),
            (459, "a hint was dropped while an abandoned attempt's lease ran"),
            (707, "ids were given twice after a commit whose end was never heard"),
            (907, "a clock set forward ended a lease with its call under way"),
            (1398, "a turn was set by a clock that a restart forgot"),
            (3271, "an answer to an old question took a hint's turn away"),
            (7742, "absence was proven by a clock that was ahead"),
        ] as [(UInt64, String)]
    )
    func `what was once broken stays mended`(seed: UInt64, was: String) {
        let outcome = Run(seed: seed).outcome()
        #expect(outcome.failure == nil, "\(was): \(outcome.failure?.detail ?? "")")
    }

    @Test func `a planted fault is caught`() {
        for name in ["pending refunds are forgotten in the sum", "each attempt has a key of its own"] {
            let mutant = Mutant.all.first { $0.name == name }
            var campaign = Campaign()
            campaign.run(1..<50, keptLines: 0, mutant?.setup ?? Run.Setup())
            #expect(campaign.failed != nil, "\(name) was not caught")
        }
    }

    @Test func `the page of planted faults names each of them, and what caught it`() throws {
        let page = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/reference/mutants.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let names = lines.filter { $0.hasPrefix("| ") }.dropFirst()
            .map { $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces) }
        #expect(names == Mutant.all.map(\.name))
        #expect(Mutant.all.count >= 40)
        #expect(Set(names).count == names.count)
    }
}
