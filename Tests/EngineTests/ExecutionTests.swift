import Domain
import Engine
import Logging
import Rows
import Storage
import TestSupport
import Testing

@Suite struct ExecutionTests {
    @Test func `a full queue answers busy and takes nothing`() async throws {
        var limits = Execution.Limits()
        limits.waiting = 4
        limits.batch = 1
        try await TestEngine.run(connector: ScriptedConnector(), limits: limits) { test in
            let payment = try await test.payment(1_000_000)
            let outcomes = await withTaskGroup(of: EngineFailure?.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        do throws(EngineFailure) {
                            _ = try await test.refund(payment, 1)
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: [EngineFailure?]()) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0 == nil || $0 == .busy })
            let accepted = outcomes.count { $0 == nil }
            #expect(accepted < 200)
            #expect(try await test.payment(payment).reserved == Int64(accepted))
        }
    }

    @Test func `what has waited for too long is refused, and nothing of it is decided`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            var limits = Execution.Limits()
            limits.wait = .seconds(5)
            // Nothing is carried out yet, as if the disk kept a batch.
            let execution = Execution(
                store: test.store,
                connectors: test.engine.connectors,
                time: test.clock,
                ids: IdentifierSource(random: SeededRandom(seed: 12)),
                notBefore: test.clock.now,
                limits: limits,
                logger: Logger(label: "storno-test")
            )
            async let early = Self.refund(payment, 1, execution, test)
            while execution.waitingCount < 1 { await Task.yield() }
            test.clock.advance(by: .seconds(6))
            async let late = Self.refund(payment, 20, execution, test)
            while execution.waitingCount < 2 { await Task.yield() }
            execution.close()
            try await execution.run()
            #expect(await early == .busy)
            #expect(await late == nil)
            #expect(try await test.payment(payment).reserved == 20)
        }
    }

    private static func refund(
        _ payment: Payment.ID,
        _ amount: Int64,
        _ execution: Execution,
        _ test: TestEngine
    ) async -> EngineFailure? {
        let command = CreateRefund(
            origin: test.origin,
            payment: ObjectName(.payment, payment.raw, in: test.book),
            amount: Amount(minorUnits: amount)
        )
        do throws(EngineFailure) {
            _ = try await execution.perform(command)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a poisoned command fails alone`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let (poisoned, sound) = await withTaskGroup(of: (Bool, EngineFailure?).self) { group in
                for index in 0..<40 {
                    group.addTask {
                        do throws(EngineFailure) {
                            if index == 20 {
                                try await test.engine.perform(Overdraw(payment: payment, book: test.book))
                            } else {
                                _ = try await test.refund(payment, 1)
                            }
                            return (index == 20, nil)
                        } catch {
                            return (index == 20, error)
                        }
                    }
                }
                return await group.reduce(into: ([EngineFailure?](), [EngineFailure?]())) { lists, outcome in
                    if outcome.0 { lists.0.append(outcome.1) } else { lists.1.append(outcome.1) }
                }
            }
            #expect(poisoned == [.fault])
            #expect(sound.allSatisfy { $0 == nil })
            #expect(try await test.payment(payment).reserved == 39)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a batch never gets an earlier instant than the one before`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let first = try await test.refund(payment, 1)
            test.clock.advance(by: .seconds(-3600))
            let second = try await test.refund(payment, 1)
            #expect(second.createdAt >= first.createdAt)
            #expect(second.id > first.id)
        }
    }
}

/// Breaks the rule that the schema holds as well.
private struct Overdraw: Command {
    let payment: Payment.ID
    let book: Book

    private var name: ObjectName { ObjectName(.payment, payment.raw, in: book) }

    var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [name]
        return footprint
    }

    func decide(_ set: WorkingSet, _ context: inout DecisionContext) throws(EngineFailure) -> Decision<Void> {
        guard var payment = set.payment(name) else { throw .notFound(.payment, text: "") }
        payment.refunded = payment.captured + 1
        return Decision([.update(.payment(payment))], ())
    }
}
