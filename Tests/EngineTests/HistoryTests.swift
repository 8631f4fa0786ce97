import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

/// History that comes from files, decided as on every store.
@Suite struct HistoryTests {
    @Test func `a payment and its refund stand where they belong in time, under the ids that they had`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let now = try await test.payment(5)
            let old = test.clock.now.adding(.seconds(-86_400))
            let outcomes = try await test.take([
                test.payment("p1", 1000, at: old), test.refund("r1", of: "p1", 400, at: old.adding(.seconds(60))),
            ])
            guard case .success(.imported(let payment)) = outcomes[0],
                case .success(.imported(let refund)) = outcomes[1]
            else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(Payment.ID(payment.id) < now)
            let seen = try await test.payment(Payment.ID(payment.id))
            #expect((seen.createdAt, seen.captured, seen.refunded, seen.refundable) == (old, 1000, 400, 600))
            let made = try await test.refund(Refund.ID(refund.id))
            #expect((made.kind, made.status, made.createdAt) == (.external, .succeeded, old.adding(.seconds(60))))
            #expect(try await test.events(of: Refund.ID(refund.id)) == ["refund.imported"])
            #expect(try await test.engine.identify(test.named(.payment, "p1")) == payment.id)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `again is known, and what differs says where`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let first = try await test.take([test.payment("p1", 1000), test.refund("r1", of: "p1", 400)])
            let again = try await test.take([test.payment("p1", 1000), test.refund("r1", of: "p1", 400)])
            #expect(first.map(\.words) == ["imported", "imported"])
            #expect(again.map(\.words) == ["known", "known"])
            let other = try await test.take([
                test.payment("p1", 900), test.refund("r1", of: "p1", 300), test.payment("p2", 500),
                test.refund("r1", of: "p2", 400),
            ])
            #expect(other.map(\.words) == ["differs in amount", "differs in amount", "imported", "differs in payment"])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `an over-refund is refused, and a rehearsal sees it as well`(isRehearsal: Bool) async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let items = [
                test.payment("p1", 1000), test.refund("r1", of: "p1", 700), test.refund("r2", of: "p1", 400),
                test.refund("r3", of: "p1", 5000), test.refund("r4", of: "nobody", 1), test.refund("r5", of: "p1", 300),
                test.refund("r6", of: "p1", 1), test.refund("r7", of: "p1", 1, end: .failed(RefundFailure(.declined))),
            ]
            // One by one, as in batches that are full after each.
            var outcomes: [Result<ImportOutcome, EngineFailure>] = []
            var rehearsal = Rehearsal(test.book, test.context)
            for item in items {
                if isRehearsal {
                    let command = ImportHistory([item])
                    outcomes += try rehearsal.outcome(of: command, try await test.store.look(at: command.footprint))
                } else {
                    outcomes += try await test.take([item])
                }
            }
            #expect(
                outcomes.map(\.words) == [
                    "imported", "imported", "exceedsRefundable(remaining: 300)", "exceedsPayment(amount: 1000)",
                    "notFound", "imported", "nothingLeft", "imported",
                ]
            )
            let payments = try await test.store.tally(Tally(test.book, .payments))
            #expect(payments == (isRehearsal ? 0 : 1))
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a refund of ours that may be the same has to end first`() async throws {
        try await TestEngine.run(connector: ScriptedConnector(submissions: [.unknown("lost")])) { test in
            _ = try await test.take([test.payment("p1", 1000)])
            let id = try #require(try await test.engine.identify(test.named(.payment, "p1")))
            let ours = try await test.refund(Payment.ID(id), 400)
            for worker in test.engine.workers where worker is Dispatcher {
                _ = try await worker.work(at: test.clock.now)
            }
            let outcome = try await test.take([test.refund("r1", of: "p1", 400)])
            #expect(outcome == [.success(.mayBeOurs(ObjectReference(.refund, ours.id.raw)))])
        }
    }

    @Test func `what the processor told before gets the name that it had`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            _ = try await test.take([test.payment("p1", 1000)])
            let id = try #require(try await test.engine.identify(test.named(.payment, "p1")))
            guard case .recorded(let known) = try await test.external(Payment.ID(id), 400, reference: "r1") else {
                Issue.record("it was not recorded")
                return
            }
            #expect(try await test.take([test.refund("r1", of: "p1", 400)]).map(\.words) == ["known"])
            #expect(try await test.engine.identify(test.named(.refund, "r1")) == known.id.raw)
            #expect(try await test.payment(Payment.ID(id)).refunded == 400)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `what comes into the middle of lists is counted as a loss`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            _ = try await test.payment(5)
            let before = try await test.store.tally(Tally(test.book, .losses))
            _ = try await test.take([test.payment("p1", 1000), test.refund("r1", of: "p1", 400)])
            #expect(try await test.store.tally(Tally(test.book, .losses)) == before + 2)
        }
    }

    @Test func `ids of one past millisecond rise, and others stand in their own time`() {
        var source = IdentifierSource(random: SeededRandom(seed: 3))
        let old = Moment(seconds: 1_000_000)
        let ids: [Payment.ID] = (0..<1000).map { _ in source.next(inThePast: old) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
        #expect(ids.allSatisfy { $0.raw >> 80 == 1_000_000_000 })
        let now: Payment.ID = source.next(at: Moment(seconds: 2_000_000))
        let later: Payment.ID = source.next(inThePast: old.adding(.seconds(1)))
        #expect(ids[0] < later && later < now)
    }
}

extension TestEngine {
    fileprivate var context: DecisionContext {
        DecisionContext(
            moment: clock.now,
            rules: Rules(),
            connectors: engine.connectors,
            ids: IdentifierSource(random: SeededRandom(seed: 5))
        )
    }

    fileprivate func named(_ kind: ObjectKind, _ text: String) -> ObjectName {
        ObjectName(kind, id: nil, spelling: Spelling(dialect: "storno", text: text), in: book)
    }

    fileprivate func take(_ items: [ImportHistory.Item]) async throws -> [Result<ImportOutcome, EngineFailure>] {
        try await engine.perform(ImportHistory(items))
    }

    fileprivate func payment(_ text: String, _ amount: Int64, at moment: Moment? = nil) -> ImportHistory.Item {
        let createdAt = moment ?? clock.now.adding(.seconds(-3600))
        var command = CreatePayment(origin: operatorOrigin, amount: amount, currency: Currency(code: "EUR"))
        command.taken = PaymentTaken(
            connector: "scripted",
            account: "default",
            reference: text,
            capturedAt: createdAt,
            fee: 0
        )
        let spelling = Spelling(dialect: "storno", text: text)
        command.past = PastPayment(createdAt: createdAt, captured: amount, spelling: spelling)
        return .payment(ImportPayment(command, id: nil))
    }

    fileprivate func refund(
        _ text: String,
        of payment: String,
        _ minorUnits: Int64,
        at moment: Moment? = nil,
        end: ImportRefund.End? = nil
    ) -> ImportHistory.Item {
        let createdAt = moment ?? clock.now.adding(.seconds(-1800))
        guard let amount = Amount(minorUnits: minorUnits) else { preconditionFailure("a test gives an amount") }
        return .refund(
            ImportRefund(
                origin: operatorOrigin,
                name: named(.refund, text),
                payment: named(.payment, payment),
                amount: amount,
                currency: nil,
                createdAt: createdAt,
                end: end ?? .succeeded(at: createdAt),
                processorReference: text
            )
        )
    }
}

extension Result<ImportOutcome, EngineFailure> {
    fileprivate var words: String {
        switch self {
        case .success(.imported): "imported"
        case .success(.known): "known"
        case .success(.differs(_, let column)): "differs in \(column)"
        case .success(.mayBeOurs): "may be ours"
        case .failure(.rejected(let rejection)): "\(rejection)"
        case .failure(.notFound): "notFound"
        case .failure(let failure): "\(failure)"
        }
    }
}
