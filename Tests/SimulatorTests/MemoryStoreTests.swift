import Storage
import TestSupport
import Testing

@testable import Simulator

/// The simulated database owes the engine what the real ones owe it.
@Suite struct MemoryStoreTests {
    @Test func `it does what every store owes`() async throws {
        let world = World(seed: 1, keptLines: 0)
        world.profile = Profile()
        world.profile.commit = 0...0
        let process = Process(number: 1, world: world, skew: 0)
        let database = MemoryDatabase(world: world, flaws: MemoryDatabase.Flaws())
        let outcome = Outcome()
        Task(executorPreference: process.lane) {
            do {
                try await StoreConformance.check(ProcessStore(database: database, process: process, secrets: .ofTests))
            } catch {
                outcome.failure = error
            }
            outcome.isOver = true
        }
        world.scheduler.run(until: 60_000) { outcome.isOver }
        #expect(outcome.isOver)
        if let failure = outcome.failure { throw failure }
    }

    private final class Outcome: @unchecked Sendable {
        var isOver = false
        var failure: (any Error)?
    }
}
