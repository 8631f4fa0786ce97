import Foundation
import Testing

/// Something that has to hold in every world that a random generator can make.
package struct Property: Sendable {
    /// What the stored seeds call it.
    let name: String
    let seedsFile: String

    /// - Parameters:
    ///   - name: without spaces.
    ///   - file: the test's own; seeds that failed once are in `Seeds/failed.txt` beside it.
    package init(_ name: String, file: String = #filePath) {
        self.name = name
        seedsFile = URL(fileURLWithPath: file).deletingLastPathComponent().appending(path: "Seeds/failed.txt").path
    }

    /// Runs `body` in the worlds of the stored seeds and then in those of the seeds 1 to `runs`, and reports the
    /// first that it does not hold in.
    package func holds(
        in runs: UInt64 = 300,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (inout SeededRandom) throws -> Void
    ) throws {
        for seed in try storedSeeds() + Array(1...runs) {
            var random = SeededRandom(seed: seed)
            do {
                try body(&random)
            } catch {
                Issue.record(
                    "\(name) does not hold with seed \(seed): \(error). Add the line `\(name) \(seed)` to \(seedsFile).",
                    sourceLocation: sourceLocation
                )
                return
            }
        }
    }

    private func storedSeeds() throws -> [UInt64] {
        try String(contentsOfFile: seedsFile, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .compactMap { line in
                let words = line.split(separator: " ")
                guard words.first.map(String.init) == name else { return nil }
                return words.dropFirst().first.flatMap { UInt64($0) }
            }
    }
}

/// What was found in a world in which a property does not hold.
package struct Counterexample: Error, CustomStringConvertible {
    package let description: String
}

/// - Throws: ``Counterexample`` with the words where the condition is not met.
package func require(_ condition: Bool, _ words: @autoclosure () -> String) throws {
    if !condition { throw Counterexample(description: words()) }
}
