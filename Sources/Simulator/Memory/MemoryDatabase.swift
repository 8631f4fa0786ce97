import Domain
import MemoryStorage
import Storage

/// A database that outlives the processes on it: what was committed is there, what was not is lost with the
/// process that wanted it. One writer at a time; readers see what is committed.
final class MemoryDatabase: @unchecked Sendable {
    /// How a store in this memory may differ from a right one.
    struct Flaws: Sendable {
        /// Two writers at a time, each on what it read before.
        var losesUpdates = false
        /// Says that a commit is durable before it is.
        var answersEarly = false
    }

    /// A transaction that was committed: what it asked for, what it got, and what it left.
    struct Committed: Sendable {
        let footprint: Footprint
        let loaded: WorkingSet
        let left: WorkingSet
    }

    /// Every transaction in its order, for whoever carries it out again on another store; kept where it is wanted.
    private(set) var history: [Committed] = []
    var keepsHistory = false

    private let world: World
    private let flaws: Flaws
    private(set) var tables = Tables()
    private var isTaken = false
    private var queue: [UnsafeContinuation<Void, Never>] = []
    /// Told of every commit: the rows before it, and what it wrote.
    var onCommit: (Tables, WorkingSet, Process?) -> Void = { _, _, _ in }

    init(world: World, flaws: Flaws) {
        self.world = world
        self.flaws = flaws
    }

    /// What is there before anything begins.
    func found(_ set: WorkingSet) {
        try? tables.write(set)
        keep(Footprint(), WorkingSet(), set)
    }

    private func keep(_ footprint: Footprint, _ loaded: WorkingSet, _ left: WorkingSet) {
        if keepsHistory { history.append(Committed(footprint: footprint, loaded: loaded, left: left)) }
    }

    func transact<Outcome: Sendable>(
        _ process: Process,
        _ footprint: Footprint,
        _ body: (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try stumble(process)
        if !flaws.losesUpdates { await take() }
        defer { if !flaws.losesUpdates { giveBack() } }
        guard process.isAlive else { throw Process.death }
        let loaded = tables.workingSet(footprint)
        var set = loaded
        let outcome = body(&set)
        if flaws.answersEarly {
            world.scheduler.after(world.draw(in: world.profile.commit) + 5) { [set] in
                if process.isAlive { try? self.commit(set, by: process) }
            }
            return outcome
        }
        await world.scheduler.sleep(world.draw(in: world.profile.commit))
        let isLost = !process.isAlive && world.scheduler.chance.happens(500)
        if isLost {
            world.meet(.commitLostInCrash)
        } else {
            try commit(set, by: process)
            keep(footprint, loaded, set)
        }
        if !process.isAlive {
            if !isLost { world.meet(.commitSurvivedCrash) }
            throw Process.death
        }
        if world.happens(world.profile.outcomeUnknown) {
            world.meet(.commitOutcomeUnknown)
            throw .outcomeUnknown("the connection broke during the commit")
        }
        return outcome
    }

    /// Troubles before anything is read or written.
    private func stumble(_ process: Process) throws(StoreFailure) {
        guard process.isAlive else { throw Process.death }
        if world.happens(world.profile.unavailable) {
            world.meet(.storeUnavailable)
            throw .unavailable("the database cannot be reached")
        }
        if world.happens(world.profile.fatal) {
            world.meet(.storeFatal)
            throw .fatal("the medium failed")
        }
    }

    private func commit(_ set: WorkingSet, by process: Process) throws(StoreFailure) {
        let before = tables
        do {
            try tables.write(set)
        } catch {
            world.fail("the schema refused a row", "\(error)")
            throw error
        }
        onCommit(before, set, process)
        if !set.attempts.inserted.isEmpty { tempt(process) }
    }

    /// The worst moments to be held up or to die are those between an attempt and its call.
    private func tempt(_ process: Process) {
        if world.happens(world.profile.stall / 3) {
            world.meet(.stalled)
            world.note("node \(process.number) is held up before a call")
            process.lane.holdUp(for: world.draw(in: 50...max(50, world.profile.longestStall)))
        }
        if world.happens(world.profile.crash / 3) {
            world.meet(.crash)
            world.scheduler.after(world.draw(in: 0...300)) {
                self.world.note("node \(process.number) dies around a call")
                process.die()
            }
        }
    }

    func read<Value>(_ process: Process, _ body: (Tables) -> Value) throws(StoreFailure) -> Value {
        guard process.isAlive else { throw Process.death }
        return body(tables)
    }

    private func take() async {
        if !isTaken {
            isTaken = true
        } else {
            await withUnsafeContinuation { queue.append($0) }
        }
    }

    private func giveBack() {
        if queue.isEmpty {
            isTaken = false
        } else {
            queue.removeFirst().resume()
        }
    }
}
