import Domain
import Engine
import MemoryStorage
import Storage

/// A person at the command line: approves or rejects what waits, and ends reviews by what really happened, which
/// such a person learns from the processor.
final class Operator: @unchecked Sendable {
    private let world: World
    private let door: Door
    private let database: MemoryDatabase
    private let processors: [SimulatedProcessor]
    private let street: Lane
    /// Whether anybody looks at reviews in this world.
    private let isDiligent: Bool

    /// How long after the last attempt nothing can be under way any more, in milliseconds.
    private static let quiet: Int64 = 60_000

    init(world: World, door: Door, database: MemoryDatabase, processors: [SimulatedProcessor], street: Lane) {
        self.world = world
        self.door = door
        self.database = database
        self.processors = processors
        self.street = street
        isDiligent = world.happens(600)
    }

    func begin() { lookLater() }

    private func lookLater() {
        world.scheduler.after(world.draw(in: 3_000...25_000)) {
            Task(executorPreference: self.street) {
                await self.look()
                self.lookLater()
            }
        }
    }

    private func look() async {
        for refund in database.tables.refunds.all {
            switch refund.status {
            case .awaitingApproval: await approve(refund)
            case .needsReview where isDiligent: await resolve(refund)
            default: break
            }
        }
    }

    private func origin(_ refund: Refund, _ actor: Actor = Actor(.operator, "ann")) -> Origin {
        Origin(book: refund.book, actor: actor, requestID: nil, dialect: "storno")
    }

    private func name(_ refund: Refund) -> ObjectName { ObjectName(.refund, refund.id.raw, in: refund.book) }

    private func approve(_ refund: Refund) async {
        // Some wait too long; some are approved by whoever asked for them, if that works.
        guard !world.happens(400) else { return }
        let isOwn = world.happens(300)
        let decision = DecideApproval(
            origin: isOwn ? origin(refund, refund.actor) : origin(refund),
            refund: name(refund),
            isApproved: isOwn || !world.happens(250)
        )
        let (process, outcome) = await door.call { engine throws(EngineFailure) in try await engine.perform(decision) }
        guard process?.isAlive == true else { return }
        switch outcome {
        case .success where isOwn:
            world.fail("nobody approves their own refund", world.trace.name("refund", refund.raw))
        case .success: world.meet(decision.isApproved ? .approved : .rejected)
        case .failure(.rejected(.ownApproval)): world.meet(.ownApproval)
        case .failure: break
        }
    }

    private func resolve(_ refund: Refund) async {
        guard let decision = truth(refund) else { return }
        let command = ResolveRefund(origin: origin(refund), refund: name(refund), decision: decision, note: "seen")
        let (process, outcome) = await door.call { engine throws(EngineFailure) in try await engine.perform(command) }
        if process?.isAlive == true, case .success = outcome { world.meet(.resolved) }
    }

    /// What became of the money; `nil` while more may happen.
    private func truth(_ refund: Refund) -> Resolution? {
        let now = world.scheduler.now
        let attempts = database.tables.attempts[refund.id] ?? []
        guard let processor = processors.first(where: { $0.name == refund.connector }),
            let newest = attempts.map(\.startedAt).max(), let key = attempts.first?.processorKey
        else { return nil }
        guard let operation = processor.operation(key) else {
            // Nodes' clocks differ: it is quiet when it is on any of them.
            let waited = refund.updatedAt.milliseconds - newest.milliseconds
            return waited > 2 * Operator.quiet ? .failed : nil
        }
        guard let last = operation.changes.last, now > operation.receivedAt + last + Operator.quiet else {
            return operation.changes.isEmpty ? .failed : nil
        }
        switch operation.claim(at: now).claim {
        case .succeeded: return .succeeded
        case .refused: return .failed
        case .returned: return .reversed
        default: return nil
        }
    }
}
