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
