import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct ExternalRefundTests {
    @Test func `a refund that nobody asked us for counts at once`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let pot = try await test.pot()
            let payment = try await test.payment(1000, pot: pot)
            guard case .recorded(let refund) = try await test.external(payment, 400, reference: "re_1") else {
                Issue.record("it was not recorded")
                return
            }
            #expect((refund.kind, refund.status, refund.succeededAt) == (.external, .succeeded, test.clock.now))
            let seen = try await test.payment(payment)
            #expect((seen.refunded, seen.refundable, seen.refundCount) == (400, 600, 1))
            #expect(try await test.balance(of: pot) == 600)
            let events = try await test.store.events(of: ObjectReference(.refund, refund.id.raw), in: test.book)
            #expect(events.map(\.type) == ["refund.created"])
            let entries = try await test.store.entries(
                causedBy: ObjectReference(.refund, refund.id.raw),
                in: test.book
            )
            #expect(entries.map(\.debit) == [.merchantBalance])
            #expect(entries.map(\.credit) == [.processorFunds])
            #expect(try await test.store.evidence(of: refund.id, in: test.book).map(\.claim) == [.succeeded])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `the same reference again changes nothing, whether ours or not`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let ours = try await test.refund(payment, 100)
            for _ in 0..<2 { try await test.advance(by: .seconds(1)) }
            let known = try await test.external(payment, 100, reference: "ref")
            #expect(known == .known(try await test.refund(ours.id)))
            for _ in 0..<3 { _ = try await test.external(payment, 200, reference: "re_2") }
            #expect(try await test.payment(payment).refunded == 300)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `what goes beyond the captured amount is recorded as excess`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            _ = try await test.refund(payment, 900)
            _ = try await test.external(payment, 400, reference: "re_1")
            let seen = try await test.payment(payment)
            #expect((seen.reserved, seen.refunded, seen.excess) == (900, 400, 300))
            await #expect(throws: EngineFailure.rejected(.paymentInExcess)) { try await test.refund(payment, 1) }
            #expect(try await test.store.verify().map(\.check) == ["payment_excess"])
        }
    }

    @Test func `what may be a lost answer of ours is asked about instead of booked`() async throws {
        let found = ProcessorAnswer(claim: .succeeded, reference: "re_lost")
        let connector = ScriptedConnector(
            submissions: [.unknown("timeout")],
            inquiries: [.unknown("down"), .unknown("down"), .found(found)]
        )
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            for seconds in [1, 60, 600] { try await test.advance(by: .seconds(seconds)) }
            let doubtful = try await test.refund(refund.id)
            #expect(doubtful.status == .inDoubt)
            #expect(try #require(doubtful.dueAt) > test.clock.now)
            #expect(try await test.external(payment, 400, reference: "re_lost") == .mayBeOurs(doubtful))
            #expect(try await test.payment(payment).refunded == 0)
            #expect(try await test.refund(refund.id).dueAt == test.clock.now)
            try await test.advance(by: .zero)
            #expect(try await test.refund(refund.id).status == .succeeded)
            let again = try await test.external(payment, 400, reference: "re_lost")
            #expect(again == .known(try await test.refund(refund.id)))
            #expect(try await test.payment(payment).refunded == 400)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `another amount than the doubtful one's is no refund of ours`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("timeout")], inquiries: [.unknown("down")])
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            _ = try await test.refund(payment, 400)
            try await test.advance(by: .seconds(1))
            guard case .recorded = try await test.external(payment, 399, reference: "re_1") else {
                Issue.record("it was not recorded")
                return
            }
            #expect(try await test.payment(payment).refundable == 201)
        }
    }

    @Test func `a processor tells of it like of everything else`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let found = FoundRefund(
                book: test.book,
                payment: payment,
                amount: try #require(Amount(minorUnits: 70)),
                currency: try #require(Currency(code: "EUR")),
                reference: "re_7",
                processorTime: test.clock.now
            )
            try await test.listening {
                for _ in 0..<3 { connector.tell(.foundRefund(found)) }
                try await test.eventually { try await test.payment(payment).refunded == 70 }
            }
            let refunds = try await test.engine
                .payment(
                    ObjectName(.payment, payment.raw, in: test.book),
                    dialect: "storno"
                )
                .refunds
            #expect(refunds.map(\.actor) == [Actor(.system, "scripted")])
        }
    }
}
