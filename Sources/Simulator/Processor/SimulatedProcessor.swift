import ConnectorKit
import Domain

/// A processor outside: it keeps books of its own, survives every crash of ours, and can be as awkward as its
/// world wants.
final class SimulatedProcessor: @unchecked Sendable {
    let name: String
    let certainty: ConnectorCapabilities.Certainty
    let visibilityDelay: Int64
    let tellsNext: Bool
    private let world: World
    private let lane: Lane
    private(set) var operations: [Operation] = []
    private var indexes: [String: [Int]] = [:]
    private var postponed: Set<String> = []
    /// Delivers a notification to some node that is there, and says whether it was written down.
    var deliver: (ProcessorNotification) async -> Bool = { _ in false }
    /// Told of every request that arrives, before anything is made of it.
    var onReceipt: (RefundOrder, SimulatedProcessor) -> Void = { _, _ in }
    /// Told when it has taken a refund.
    var onExecution: (Operation, SimulatedProcessor) -> Void = { _, _ in }

    init(name: String, world: World) {
        self.name = name
        self.world = world
        lane = Lane(world.scheduler)
        certainty = world.scheduler.chance.pick([.keyed, .queryable, .queryable, .blind])
        visibilityDelay = world.scheduler.chance.pick([0, 1_000, 8_000, 120_000])
        tellsNext = world.scheduler.chance.happens(500)
    }

    var capabilities: ConnectorCapabilities {
        ConnectorCapabilities(
            certainty: certainty,
            dispatchDelay: .milliseconds(200),
            visibilityDelay: .milliseconds(visibilityDelay),
            callTimeout: .seconds(10),
            pollInterval: .seconds(1)
        )
    }

    /// A request has arrived. What it says is also what an unheard answer would have said.
    func receive(_ order: RefundOrder) -> ProcessorAnswer {
        onReceipt(order, self)
        if certainty == .keyed, let known = operation(order.processorKey) {
            return known.answer(at: world.scheduler.now, tellsNext: tellsNext)
        }
        if world.happens(world.profile.trouble / 4), postponed.insert(order.processorKey).inserted {
            world.meet(.postponed)
            let until = world.moment.adding(.milliseconds(world.draw(in: 500...20_000)))
            return ProcessorAnswer(claim: .postponed, until: until)
        }
        let operation = execute(order)
        return operation.answer(at: world.scheduler.now, tellsNext: tellsNext)
    }

    /// - Returns: what it shows of an order to somebody who asks.
    func find(_ key: String) -> InquiryOutcome {
        let now = world.scheduler.now
        guard let operation = operation(key) else {
            world.meet(.absentWhenAsked)
            return .absent
        }
        guard operation.visibleAt <= now else {
            world.meet(.absenceTooEarly)
            return .absent
        }
        return .found(operation.answer(at: now, tellsNext: tellsNext))
    }

    /// The newest operation under a key.
    func operation(_ key: String) -> Operation? { indexes[key]?.last.map { operations[$0] } }

    func operations(of key: String) -> [Operation] { (indexes[key] ?? []).map { operations[$0] } }

    private func execute(_ order: RefundOrder) -> Operation {
        let now = world.scheduler.now
        let operation = Operation(
            number: operations.count + 1,
            order: order,
            receivedAt: now,
            visibleAt: now + world.lateness(upTo: visibilityDelay / 2),
            fate: fate()
        )
        indexes[order.processorKey, default: []].append(operations.count)
        operations.append(operation)
        world.note("\(name) takes \(world.trace.name("refund", order.refund.raw)): \(operation.fate)")
        onExecution(operation, self)
        for change in [0] + operation.changes { world.scheduler.after(change) { self.announce(operation) } }
        return operation
    }

    private func fate() -> Fate {
        let soon = world.draw(in: 100...15_000)
        guard world.happens(world.profile.trouble) else { return .succeeds(after: soon) }
        switch world.draw(in: 0...6) {
        case 0: return .declined
        case 1: return .refusedLater(after: soon)
        case 2: return .returnedLater(success: soon, back: soon + world.draw(in: 100...30_000))
        case 3: return .needsPayer(acts: true, after: soon)
        case 4: return .needsPayer(acts: false, after: soon)
        case 5: return .otherAmount(after: soon)
        default: return .lateSuccess(after: soon)
        }
    }
}

// MARK: - Telling

extension SimulatedProcessor {
    /// Tells of an operation until somebody has heard it.
    private func announce(_ operation: Operation) {
        guard !world.happens(world.profile.lostNotification) else { return announceLater(operation) }
        let times = world.happens(world.profile.doubledNotification) ? 2 : 1
        if times == 2 { world.meet(.hintTwice) }
        for _ in 0..<times {
            world.scheduler.after(world.draw(in: 0...3_000)) { self.tell(operation) }
        }
    }

    private func announceLater(_ operation: Operation) {
        world.scheduler.after(world.draw(in: 500...20_000)) { self.announce(operation) }
    }

    private func tell(_ operation: Operation) {
        let notification = ProcessorNotification(
            book: operation.order.book,
            refund: operation.order.refund,
            answer: operation.answer(at: world.scheduler.now, tellsNext: tellsNext)
        )
        Task(executorPreference: lane) {
            if await !self.deliver(notification) { self.announceLater(operation) }
        }
    }

    /// Something untrue, as a forged or mixed-up notification would be.
    func lie() {
        guard certainty != .blind, !operations.isEmpty else { return }
        let order = world.scheduler.chance.pick(operations).order
        let claim = world.scheduler.chance.pick([EvidenceClaim.succeeded, .refused, .returned, .accepted])
        world.meet(.falseHint)
        world.note("\(name) tells a lie about \(world.trace.name("refund", order.refund.raw)): \(claim)")
        let answer = ProcessorAnswer(
            claim: claim,
            reference: "lie",
            amount: order.amount,
            currency: order.currency,
            failure: claim == .refused ? RefundFailure(.declined) : nil,
            processorTime: world.moment
        )
        let notification = ProcessorNotification(book: order.book, refund: order.refund, answer: answer)
        Task(executorPreference: lane) { _ = await self.deliver(notification) }
    }
}
