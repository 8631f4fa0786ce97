import ConnectorKit
import Domain
import Engine
import MemoryStorage
import Storage

/// The world outside: payers' banks that dispute payments, and people who refund in the processor's dashboard.
final class Outsider: @unchecked Sendable {
    private let world: World
    private let door: Door
    private let merchant: Merchant
    private let database: MemoryDatabase
    private let processors: [SimulatedProcessor]
    private let street: Lane
    private var facts = 0
    /// External refunds that were written down, by their references.
    private(set) var external: [String: Refund.ID] = [:]

    init(
        world: World,
        door: Door,
        merchant: Merchant,
        database: MemoryDatabase,
        processors: [SimulatedProcessor],
        street: Lane
    ) {
        self.database = database
        self.processors = processors
        self.world = world
        self.door = door
        self.merchant = merchant
        self.street = street
    }

    func begin() {
        for second in stride(from: Int64(8_000), to: world.profile.duration, by: 8_000)
        where world.happens(world.profile.outsideFacts) {
            world.scheduler.after(second) {
                guard let payment = self.merchant.payments.randomElement(using: &self.world.scheduler.chance) else {
                    return
                }
                self.facts += 1
                let number = self.facts
                Task(executorPreference: self.street) {
                    if self.world.happens(400) {
                        await self.list()
                    } else if self.world.happens(500) {
                        await self.dispute(payment, number)
                    } else {
                        await self.refund(payment, number)
                    }
                }
            }
        }
    }

    private func origin(_ book: Book) -> Origin {
        Origin(book: book, actor: Actor(.system, "north"), requestID: nil, dialect: "storno")
    }

    /// Opened, told twice, and at last won or lost.
    private func dispute(_ payment: (id: Payment.ID, book: Book), _ number: Int) async {
        guard let amount = Amount(minorUnits: world.draw(in: 5...60)) else { return }
        let name = ObjectName(.payment, payment.id.raw, in: payment.book)
        let opening = OpenDispute(
            origin: origin(payment.book),
            payment: name,
            amount: amount,
            reference: "dispute \(number)"
        )
        guard let dispute = await insist({ engine throws(EngineFailure) in try await engine.perform(opening) }) else {
            return
        }
        world.meet(.disputed)
        let again = await insist { engine throws(EngineFailure) in try await engine.perform(opening) }
        world.expect(again?.id == dispute.id, "a dispute is known by its reference", "dispute \(number)")
        await world.scheduler.sleep(world.draw(in: 1_000...40_000))
        let state = world.happens(600) ? DisputeState.won : .lost
        let closing = CloseDispute(
            origin: origin(payment.book),
            dispute: ObjectName(.dispute, dispute.id.raw, in: payment.book),
            state: state
        )
        for _ in 0..<2 { _ = await insist { engine throws(EngineFailure) in try await engine.perform(closing) } }
        world.meet(state == .won ? .disputeWon : .disputeLost)
    }

    /// Somebody goes through a processor's list, where our own refunds stand like any other.
    private func list() async {
        let paid = processors.flatMap(\.operations).filter { $0.holdsMoney(at: world.scheduler.now) }
        for operation in paid.suffix(4) {
            guard let amount = Amount(minorUnits: operation.order.amount) else { continue }
            let telling = RecordExternalRefund(
                origin: origin(operation.order.book),
                payment: ObjectName(.payment, operation.order.payment.raw, in: operation.order.book),
                amount: amount,
                processorReference: "op\(operation.number)",
                processorTime: world.moment
            )
            let outcome = await insist { engine throws(EngineFailure) in try await engine.perform(telling) }
            guard case .recorded? = outcome else { continue }
            // One that a person decided on may have stayed without its reference.
            let facts = database.tables.evidence[operation.order.refund] ?? []
            world.expect(
                facts.contains { $0.source == .operator },
                "what is ours is not taken for somebody else's",
                world.trace.name("refund", operation.order.refund.raw)
            )
        }
    }

    /// Made in the dashboard, and told until it is written down; told again afterwards.
    private func refund(_ payment: (id: Payment.ID, book: Book), _ number: Int) async {
        let like = merchant.promises.last?.amount
        let wanted = world.happens(500) ? like ?? 10 : world.draw(in: 1...40)
        guard let amount = Amount(minorUnits: wanted) else { return }
        let reference = "external \(number)"
        let telling = RecordExternalRefund(
            origin: origin(payment.book),
            payment: ObjectName(.payment, payment.id.raw, in: payment.book),
            amount: amount,
            processorReference: reference,
            processorTime: world.moment
        )
        for _ in 0..<40 {
            let outcome = await insist { engine throws(EngineFailure) in try await engine.perform(telling) }
            switch outcome {
            case .recorded(let refund)?, .known(let refund)?:
                let first = external[reference] ?? refund.id
                external[reference] = refund.id
                world.meet(.external)
                world.expect(
                    refund.kind == .external && first == refund.id,
                    "a fact from outside counts once",
                    reference
                )
                if world.happens(500) { return }
            case .mayBeOurs?: world.meet(.mayBeOurs)
            case nil: return
            }
            await world.scheduler.sleep(5_000)
        }
    }

    /// Tells until somebody has written it down.
    private func insist<Value: Sendable>(
        _ body: @Sendable @escaping (Engine) async throws(EngineFailure) -> Value
    ) async -> Value? {
        for _ in 0..<200 {
            let (process, outcome) = await door.call(body)
            if process?.isAlive == true {
                switch outcome {
                case .success(let value): return value
                case .failure(.busy), .failure(.storageUnavailable): break
                case .failure(let failure):
                    world.fail("a fact can always be recorded", "\(failure)")
                    return nil
                }
            }
            await world.scheduler.sleep(500)
        }
        return nil
    }
}
