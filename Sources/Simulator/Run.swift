import ConnectorKit
import Domain
import Engine
import MemoryStorage
import Storage

/// One world from its seed to its end.
struct Run {
    /// What can be wrong on purpose.
    struct Setup: Sendable {
        var rules = Rules()
        var flaws = MemoryDatabase.Flaws()
    }

    struct Outcome: Sendable {
        let seed: UInt64
        let hash: UInt64
        let steps: Int
        /// Milliseconds that passed in the world.
        let time: Int64
        let refunds: Int
        let situations: Set<Situation>
        let failure: World.Failure?
        let lastLines: [String]
    }

    /// How long the books may take to agree with the processors once faults have stopped, in milliseconds.
    private static let patience: Int64 = 4 * 3600 * 1000

    private let seed: UInt64
    private let world: World
    private let database: MemoryDatabase
    private let processors: [SimulatedProcessor]
    private let checker: Checker
    private let observer: Observer
    private let nodes: [Node]
    private let merchant: Merchant
    private let clerk: Operator
    private let outsider: Outsider

    init(seed: UInt64, setup: Setup = Setup(), keptLines: Int = 50, keepsHistory: Bool = false) {
        self.seed = seed
        world = World(seed: seed, keptLines: keptLines)
        var rules = setup.rules
        // Half of the worlds lose patience soon, so that they see what follows.
        let usual = HearingRules().longestDoubt
        let longestDoubt = world.happens(500) ? .seconds(40) : usual
        if rules.hearing.longestDoubt == usual { rules.hearing.longestDoubt = longestDoubt }
        rules.sending.maySend = { [maySend = rules.sending.maySend, world] claim, moment in
            let may = maySend(claim, moment)
            if !may { world.meet(.leaseOver) }
            return may
        }
        let database = MemoryDatabase(world: world, flaws: setup.flaws)
        database.keepsHistory = keepsHistory
        let processors = [
            SimulatedProcessor(name: "north", world: world), SimulatedProcessor(name: "south", world: world),
        ]
        let policy = Run.policy(world)
        self.database = database
        self.processors = processors
        checker = Checker(
            world: world,
            database: database,
            longestDoubt: longestDoubt,
            blind: Set(processors.filter { $0.certainty == .blind }.map(\.name)),
            approvalAbove: policy.approvalAbove
        )
        observer = Observer(world: world, database: database, processors: processors)
        let nodes = (1...world.profile.nodes)
            .map { [world] number in
                Node(number: number, world: world, database: database, processors: processors, rules: rules)
            }
        self.nodes = nodes
        let door = Door(world: world, nodes: nodes)
        let street = Lane(world.scheduler)
        merchant = Merchant(
            world: world,
            door: door,
            policy: policy,
            books: [Book(1), Book(2)],
            street: street
        )
        outsider = Outsider(
            world: world,
            door: door,
            merchant: merchant,
            database: database,
            processors: processors,
            street: street
        )
        clerk = Operator(
            world: world,
            door: door,
            database: database,
            processors: processors,
            street: street
        )
        for processor in processors {
            processor.deliver = { notification in
                let (process, outcome) = await door.call { engine throws(EngineFailure) in
                    try await engine.perform(RecordNotification(notification))
                }
                guard process?.isAlive == true, case .success = outcome else { return false }
                return true
            }
        }
    }

    /// What was committed, once the world has ended.
    var history: [MemoryDatabase.Committed] { database.history }

    func outcome() -> Outcome {
        foundBooks()
        for node in nodes { node.start() }
        merchant.begin()
        clerk.begin()
        outsider.begin()
        trouble()
        world.scheduler.run(until: world.profile.duration) { world.failure != nil }
        world.note("the faults stop")
        world.profile = world.profile.calmed
        settle()
        return Outcome(
            seed: seed,
            hash: world.trace.hash,
            steps: world.scheduler.steps,
            time: world.scheduler.now,
            refunds: database.tables.refunds.ids.count,
            situations: world.situations,
            failure: world.failure,
            lastLines: world.trace.lines
        )
    }

    private static func policy(_ world: World) -> RefundPolicy {
        RefundPolicy(
            undoWindow: .milliseconds(world.happens(200) ? 4_000 : 0),
            approvalAbove: world.happens(350) ? 25 : nil,
            approvalLife: .seconds(30)
        )
    }

    /// The account whose books everything happens in.
    private func foundBooks() {
        var set = WorkingSet()
        set.apply(.insert(.account(Account(number: 1, name: "main", createdAt: world.moment))))
        database.found(set)
    }

    /// Machines and processors misbehave as often as the profile says.
    private func trouble() {
        for second in stride(from: Int64(1_000), to: world.profile.duration, by: 1_000) {
            world.scheduler.after(second) { self.strike() }
        }
        watch()
    }

    private func strike() {
        let profile = world.profile
        for node in nodes {
            if world.happens(profile.crash / 3) { node.crash() }
            if world.happens(profile.stall / 3), let process = node.process {
                world.meet(.stalled)
                world.note("node \(node.number) is held up")
                process.lane.holdUp(for: world.draw(in: 50...max(50, profile.longestStall)))
            }
            if profile.nodes == 1, world.happens(profile.clockStep / 3) {
                node.step(by: world.draw(in: -20_000...20_000) * (world.happens(200) ? 1_000_000 : 1))
            }
        }
        if world.happens(profile.falseHint) { world.scheduler.chance.pick(processors).lie() }
    }

    /// Starts again what has died, a little later.
    private func watch() {
        for node in nodes where node.process?.isAlive == false { node.start() }
        let promises = merchant.promises
        for promise in promises {
            let refund = database.tables.refunds[promise.refund.raw, promise.book]
            world.expect(
                refund?.amount == promise.amount,
                "what was answered for is there",
                "request \(promise.request)"
            )
        }
        world.scheduler.after(world.draw(in: 300...3_000)) { watch() }
    }

    /// With the faults gone, the books have to agree with the processors within a bound.
    private func settle() {
        let limit = world.scheduler.now + Run.patience
        var disagreements: [String] = []
        while world.failure == nil, world.scheduler.now < limit {
            world.scheduler.run(until: min(limit, world.scheduler.now + 5_000)) { world.failure != nil }
            guard merchant.isDone else { continue }
            disagreements = verdict.disagreements
            if disagreements.isEmpty { break }
        }
        guard world.failure == nil else { return }
        world.expect(merchant.isDone, "everybody is answered", "a request still waits")
        world.expect(
            disagreements.isEmpty,
            "the books come to agree with the processors",
            disagreements.joined(separator: "; ")
        )
    }

    private var verdict: Verdict {
        Verdict(world: world, tables: database.tables, processors: processors, givenUp: checker.givenUp)
    }
}
