import ConnectorKit
import Domain
import MemoryStorage

/// Stands at the processors' doors: what arrives there must have been written down before, under one key, once.
final class Observer: @unchecked Sendable {
    private let world: World
    private let database: MemoryDatabase
    private let processors: [SimulatedProcessor]
    private var keys: [Refund.ID: String] = [:]
    private var executed: [Refund.ID: Int] = [:]
    private var calls: [Refund.ID: Int] = [:]

    init(world: World, database: MemoryDatabase, processors: [SimulatedProcessor]) {
        self.world = world
        self.database = database
        self.processors = processors
        for processor in processors {
            processor.onReceipt = { [weak self] order, _ in self?.received(order) }
            processor.onExecution = { [weak self] operation, processor in self?.executed(operation, processor) }
        }
    }

    private func received(_ order: RefundOrder) {
        let name = world.trace.name("refund", order.refund.raw)
        guard let refund = database.tables.refunds[order.refund.raw] else {
            return world.fail("nothing is sent that is not written down", name)
        }
        let attempts = database.tables.attempts[refund.id] ?? []
        world.expect(
            attempts.contains { $0.processorKey == order.processorKey },
            "an attempt is written before its call",
            "\(name) was sent as \(order.processorKey)"
        )
        let key = keys[refund.id] ?? order.processorKey
        keys[refund.id] = key
        world.expect(key == order.processorKey, "a refund keeps its key", "\(name): \(key), \(order.processorKey)")
        world.expect(
            order.amount == refund.amount && order.currency == refund.currency,
            "what is sent is what was asked",
            name
        )
        calls[refund.id, default: 0] += 1
        if calls[refund.id] == 2, executed[refund.id] != nil { world.meet(.resent) }
        world.expect(calls[refund.id, default: 0] < 200, "a refund is not sent without end", name)
    }

    private func executed(_ operation: Operation, _ processor: SimulatedProcessor) {
        let refund = operation.order.refund
        executed[refund, default: 0] += 1
        world.expect(executed[refund] == 1, "money moves once", world.trace.name("refund", refund.raw))
        meet(operation.fate)
        let payment = operation.order.payment
        let all = processors.flatMap(\.operations).filter { $0.order.payment == payment }
        guard !all.contains(where: \.contradictsItself) else { return }
        let out = all.filter { $0.holdsMoney(at: world.scheduler.now) }.map(\.order.amount).reduce(0, +)
        let captured = database.tables.payments[payment.raw]?.captured ?? 0
        world.expect(
            out <= captured,
            "no more leaves than was captured",
            "\(world.trace.name("payment", payment.raw)): \(out) of \(captured)"
        )
    }

    private func meet(_ fate: Fate) {
        switch fate {
        case .succeeds: break
        case .declined: world.meet(.declined)
        case .refusedLater: world.meet(.refusedAfterAcceptance)
        case .returnedLater: world.meet(.returned)
        case .needsPayer(let acts, _): world.meet(acts ? .actionRequired : .actionExpired)
        case .otherAmount: world.meet(.contradicted)
        case .lateSuccess: world.meet(.lateSuccess)
        }
    }
}
