import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct DisputeTests {
    @Test func `a dispute shares the refundable sum and stops further refunds`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 400)
            #expect((dispute.state, dispute.amount) == (.open, 400))
            let seen = try await test.payment(payment)
            #expect((seen.disputed, seen.refundable, seen.excess) == (400, 600, 0))
            await #expect(throws: EngineFailure.rejected(.paymentDisputed)) { try await test.refund(payment, 100) }
            #expect(try await test.events(of: .dispute, dispute.id.raw) == ["dispute.opened"])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a won dispute gives its amount back once`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 1000)
            for _ in 0..<3 {
                #expect(try await test.close(dispute, as: .won).state == .won)
                #expect(try await test.payment(payment).refundable == 1000)
            }
            #expect(try await test.events(of: .dispute, dispute.id.raw) == ["dispute.opened", "dispute.won"])
            #expect(try await test.refund(payment, nil).amount == 1000)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a lost dispute keeps its amount`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 1000)
            _ = try await test.close(dispute, as: .lost)
            _ = try await test.close(dispute, as: .lost)
            #expect(try await test.payment(payment).disputed == 1000)
            await #expect(throws: EngineFailure.rejected(.paymentDisputed)) { try await test.refund(payment, 1) }
            #expect(try await test.events(of: .dispute, dispute.id.raw) == ["dispute.opened", "dispute.lost"])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `what was won can be lost later, and the other way round, once each`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 400)
            for (state, held) in [(.won, 0), (.lost, 400), (.won, 0), (.lost, 400)] as [(DisputeState, Int64)] {
                for _ in 0..<2 {
                    #expect(try await test.close(dispute, as: state).state == state)
                    #expect(try await test.payment(payment).disputed == held)
                }
            }
            let types = try await test.events(of: .dispute, dispute.id.raw)
            #expect(types == ["dispute.opened", "dispute.won", "dispute.lost", "dispute.won", "dispute.lost"])
            let cause = ObjectReference(.dispute, dispute.id.raw)
            #expect(
                try await test.store.entries(causedBy: cause, in: test.book).map(\.amount) == [400, 400, 400, 400, 400]
            )
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `a dispute that is lost after it was won withdraws what nothing was sent for`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 1000)
            _ = try await test.close(dispute, as: .won)
            let refund = try await test.refund(payment, 1000)
            _ = try await test.close(dispute, as: .lost)
            #expect(try await test.refund(refund.id).status == .canceled)
            let seen = try await test.payment(payment)
            #expect((seen.reserved, seen.disputed, seen.excess) == (0, 1000, 0))
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `what is told otherwise of a known dispute is a step of its own`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let told: [(amount: Int64, stage: DisputeStage, withdrawn: Bool)] = [
                (300, .inquiry, false), (300, .inquiry, false), (300, .chargeback, false), (300, .chargeback, true),
                (350, .arbitration, true), (200, .arbitration, true), (200, .arbitration, true),
            ]
            var dispute: Dispute?
            for (amount, stage, withdrawn) in told {
                let command = OpenDispute(
                    origin: test.origin,
                    payment: ObjectName(.payment, payment.raw, in: test.book),
                    amount: try #require(Amount(minorUnits: amount)),
                    stage: stage,
                    fundsWithdrawn: withdrawn,
                    reference: "dp_1"
                )
                let seen = try await test.engine.perform(command)
                #expect((seen.amount, seen.stage, seen.fundsWithdrawn) == (amount, stage, withdrawn))
                #expect(seen.id == dispute?.id ?? seen.id)
                #expect(try await test.payment(payment).disputed == amount)
                dispute = seen
            }
            let id = try #require(dispute).id.raw
            let types = try await test.events(of: .dispute, id)
            #expect(types == ["dispute.opened"] + Array(repeating: "dispute.updated", count: 4))
            let entries = try await test.store.entries(causedBy: ObjectReference(.dispute, id), in: test.book)
            #expect(entries.map(\.amount) == [300, 50, 150])
            #expect(entries.map(\.credit) == [.disputesHeld, .disputesHeld, .merchantBalance])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test(arguments: [(.won, .queued, 0), (.lost, .canceled, 250)] as [(DisputeState, RefundStatus, Int64)])
    func `a dispute that has ended before it is heard of`(
        state: DisputeState,
        status: RefundStatus,
        held: Int64
    ) async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 900)
            let notice = try test.notice(of: payment, 250)
            try await test.listening {
                connector.tell(.disputeClosed(notice, as: state))
                connector.tell(.disputeClosed(notice, as: state))
                connector.tell(.disputeOpened(notice))
                try await test.eventually { try await !test.disputes(of: payment).isEmpty }
            }
            let dispute = try #require(try await test.disputes(of: payment).first)
            #expect((dispute.state, dispute.closedAt) == (state, test.clock.now))
            let types = try await test.events(of: .dispute, dispute.id.raw)
            #expect(types == ["dispute.opened", "dispute.\(state.rawValue)"])
            #expect(try await test.refund(refund.id).status == status)
            #expect(try await test.payment(payment).disputed == held)
            #expect(try await test.store.verify().allSatisfy { $0.check == "payment_excess" })
        }
    }

    @Test func `the same reference again is the same dispute`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let dispute = try await test.dispute(payment, 300, reference: "dp_1")
            #expect(try await test.dispute(payment, 300, reference: "dp_1") == dispute)
            #expect(try await test.dispute(payment, 100, reference: "dp_2").id != dispute.id)
            #expect(try await test.payment(payment).disputed == 400)
            let both = await withTaskGroup(of: Dispute.ID?.self) { group in
                for _ in 0..<16 {
                    group.addTask { try? await test.dispute(payment, 50, reference: "dp_3").id }
                }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(both.count == 1)
            #expect(try await test.payment(payment).disputed == 450)
        }
    }

    @Test func `refunds that nothing was sent for are withdrawn, those that were sent go on`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let pot = try await test.pot()
            let payment = try await test.payment(1000, pot: pot)
            let sent = try await test.refund(payment, 600)
            _ = try await test.engine.perform(ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 1))
            let waiting = try await test.refund(payment, 300)
            #expect(try await test.balance(of: pot) == 100)
            _ = try await test.dispute(payment, 1000)
            let withdrawn = try await test.refund(waiting.id)
            #expect((withdrawn.status, withdrawn.failure?.code, withdrawn.dueAt) == (.canceled, .disputed, nil))
            #expect(try await test.refund(sent.id).status == .dispatching)
            let seen = try await test.payment(payment)
            #expect((seen.reserved, seen.disputed, seen.excess) == (600, 1000, 600))
            #expect(try await test.balance(of: pot) == 400)
            let types = try await test.events(of: .refund, waiting.id.raw)
            #expect(types == ["refund.created", "refund.canceled"])
            #expect(try await test.store.verify().map(\.check) == ["payment_excess"])
        }
    }

    @Test func `a dispute after a full refund is recorded as excess and gone when it is won`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(500)
            _ = try await test.refund(payment, 500)
            for _ in 0..<2 { try await test.advance(by: .seconds(1)) }
            let dispute = try await test.dispute(payment, 500)
            #expect(try await test.payment(payment).excess == 500)
            _ = try await test.close(dispute, as: .won)
            let seen = try await test.payment(payment)
            #expect((seen.refunded, seen.disputed, seen.excess) == (500, 0, 0))
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `which refunds a dispute withdraws is a rule`() async throws {
        var rules = Rules()
        rules.disputes.withdraws = { _ in false }
        try await TestEngine.run(connector: ScriptedConnector(), rules: rules) { test in
            let payment = try await test.payment(500)
            let refund = try await test.refund(payment, 500)
            _ = try await test.dispute(payment, 500)
            #expect(try await test.refund(refund.id).status == .queued)
        }
    }

    @Test func `another currency and an unknown payment or dispute are refused`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(500)
            let euro = try #require(Currency(code: "EUR"))
            await #expect(throws: EngineFailure.rejected(.currencyDiffers(expected: euro))) {
                try await test.dispute(payment, 5, currency: Currency(code: "USD"))
            }
            await #expect(throws: EngineFailure.notFound(.payment, text: "")) {
                try await test.dispute(Payment.ID(7), 5)
            }
            let unknown = CloseDispute(
                origin: test.origin,
                dispute: ObjectName(.dispute, 7, in: test.book),
                state: .won
            )
            await #expect(throws: EngineFailure.notFound(.dispute, text: "")) {
                try await test.engine.perform(unknown)
            }
        }
    }

    @Test func `what a processor tells of disputes is written down, in any order and however often`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let notice = try test.notice(of: payment, 250)
            try await test.listening {
                connector.tell(.disputeClosed(notice, as: .lost))
                connector.tell(.disputeOpened(notice))
                connector.tell(.disputeClosed(notice, as: .lost))
                try await test.eventually { try await test.payment(payment).disputed == 250 }
            }
            #expect(try await test.store.verify().isEmpty)
        }
    }
}

extension TestEngine {
    fileprivate func close(_ dispute: Dispute, as state: DisputeState) async throws(EngineFailure) -> Dispute {
        let name = ObjectName(.dispute, dispute.id.raw, in: book)
        return try await engine.perform(CloseDispute(origin: origin, dispute: name, state: state))
    }

    fileprivate func notice(of payment: Payment.ID, _ amount: Int64) throws -> DisputeNotice {
        DisputeNotice(
            book: book,
            payment: payment,
            amount: try #require(Amount(minorUnits: amount)),
            currency: try #require(Currency(code: "EUR")),
            stage: .chargeback,
            fundsWithdrawn: true,
            reference: "dp_9",
            response: "45",
            openedAt: nil
        )
    }

    fileprivate func disputes(of payment: Payment.ID) async throws -> [Dispute] {
        let keys = try await store.keys(of: .disputes(book, payment: payment), in: KeyRange(.newestFirst, limit: 10))
        return try await store.disputes(keys.map { Dispute.ID($0) }, in: book).map(\.dispute)
    }

    fileprivate func events(of kind: ObjectKind, _ id: UInt128) async throws -> [String] {
        let events = try await store.events(of: ObjectReference(kind, id), in: book)
        #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
        return events.map(\.type)
    }
}
