import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct ApprovalTests {
    private static let policy = RefundPolicy(approvalAbove: 100, approvalLife: .seconds(3600))
    private static let ada = Actor(.operator, "ada")

    private func decide(
        _ test: TestEngine,
        _ refund: Refund,
        isApproved: Bool,
        note: String? = nil,
        policy: RefundPolicy = ApprovalTests.policy
    ) async throws(EngineFailure) -> Refund {
        let command = DecideApproval(
            origin: test.operatorOrigin,
            refund: test.name(refund.id),
            isApproved: isApproved,
            note: note,
            policy: policy
        )
        return try await test.engine.perform(command).refund
    }

    @Test func `a refund above the account's bound waits for a person and holds its amount`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let small = try await test.refund(payment, 100, policy: Self.policy)
            let large = try await test.refund(payment, 101, policy: Self.policy)
            #expect((small.status, large.status) == (.queued, .awaitingApproval))
            #expect(large.expiresAt == large.createdAt.adding(.seconds(3600)))
            #expect(large.dueAt == large.expiresAt)
            #expect(try await test.payment(payment).reserved == 201)
            try await test.advance(by: .seconds(600))
            #expect(connector.submitted.map(\.refund) == [small.id])
            #expect(try await test.refund(large.id).status == .awaitingApproval)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `without a bound nothing waits`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await test.refund(try await test.payment(1_000_000), nil)
            #expect(refund.status == .queued)
            #expect(refund.expiresAt == nil)
        }
    }

    @Test func `a void waits for nobody`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            var create = CreatePayment(origin: test.origin, amount: 1000, currency: Currency(code: "EUR"))
            create.method = .card
            create.capturesAtOnce = false
            let payment = try await test.engine.perform(create).payment
            let command = CreateRefund(
                origin: test.origin,
                payment: ObjectName(.payment, payment.id.raw, in: test.book),
                amount: nil,
                mayVoid: true,
                policy: Self.policy
            )
            let refund = try await test.engine.perform(command).refund
            #expect((refund.kind, refund.status) == (.void, .succeeded))
        }
    }

    @Test func `approved, it has the undo window still before it and is then sent`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400, policy: Self.policy)
            var policy = Self.policy
            policy.undoWindow = .seconds(30)
            try await test.advance(by: .seconds(60))
            let approved = try await decide(test, refund, isApproved: true, note: "called the shop", policy: policy)
            #expect((approved.status, approved.pendingReason, approved.expiresAt) == (.queued, .undoWindow, nil))
            #expect(approved.dueAt == test.clock.now.adding(.seconds(30)))
            try await test.advance(by: .seconds(29))
            #expect(connector.submitted.isEmpty)
            for _ in 0..<2 { try await test.advance(by: .seconds(2)) }
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(
                try await test.events(of: refund.id) == [
                    "refund.created", "refund.queued", "refund.dispatching", "refund.submitted", "refund.succeeded",
                ]
            )
            #expect(try await test.store.notes(of: refund.id.raw, in: test.book).map(\.name) == ["approval"])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `rejected, it ends and gives its amount back once`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400, policy: Self.policy)
            let rejected = try await decide(test, refund, isApproved: false)
            #expect((rejected.status, rejected.failure?.code, rejected.dueAt) == (.canceled, .canceled, nil))
            #expect(try await test.payment(payment).refundable == 1000)
            await #expect(throws: EngineFailure.rejected(.notAwaitingApproval(.canceled))) {
                try await decide(test, refund, isApproved: false)
            }
            try await test.advance(by: .seconds(7200))
            #expect(try await test.payment(payment).refundable == 1000)
            #expect(try await test.events(of: refund.id) == ["refund.created", "refund.canceled"])
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `nobody approves what they asked for, but may take it back`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400, policy: Self.policy, by: Self.ada)
            await #expect(throws: EngineFailure.rejected(.ownApproval)) {
                try await decide(test, refund, isApproved: true)
            }
            #expect(try await test.refund(refund.id).status == .awaitingApproval)
            #expect(try await decide(test, refund, isApproved: false).status == .canceled)
        }
    }

    @Test func `who may approve is a rule that can be another`() async throws {
        var rules = Rules()
        rules.approval.mayDecide = { _, _ in true }
        rules.approval.needs = { amount, _ in amount == 7 }
        try await TestEngine.run(connector: ScriptedConnector(), rules: rules) { test in
            let refund = try await test.refund(try await test.payment(1000), 7, by: Self.ada)
            #expect(refund.status == .awaitingApproval)
            #expect(try await decide(test, refund, isApproved: true).status == .queued)
        }
    }

    @Test func `what waits for nobody cannot be approved`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await test.refund(try await test.payment(1000), 10)
            await #expect(throws: EngineFailure.rejected(.notAwaitingApproval(.queued))) {
                try await decide(test, refund, isApproved: true)
            }
            let none = DecideApproval(origin: test.operatorOrigin, refund: test.name(Refund.ID(1)), isApproved: true)
            await #expect(throws: EngineFailure.notFound(.refund, text: "")) { try await test.engine.perform(none) }
        }
    }

    @Test func `money that the payer's bank took back meanwhile is not approved`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400, policy: Self.policy)
            var footprint = Footprint()
            footprint.objects = [ObjectName(.payment, payment.raw, in: test.book)]
            for (disputed, excess) in [(100, 0), (0, 1)] as [(Int64, Int64)] {
                try await test.store.transact(footprint) { set in
                    guard var seen = set.payments[payment] else { return }
                    seen.disputed = disputed
                    seen.excess = excess
                    set.apply(.update(.payment(seen)))
                }
                let refusal: Rejection = disputed > 0 ? .paymentDisputed : .paymentInExcess
                await #expect(throws: EngineFailure.rejected(refusal)) {
                    try await decide(test, refund, isApproved: true)
                }
            }
            #expect(try await decide(test, refund, isApproved: false).status == .canceled)
        }
    }

    @Test func `two that approve at once approve once`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await test.refund(try await test.payment(1000), 400, policy: Self.policy)
            let approved = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { (try? await self.decide(test, refund, isApproved: true)) == nil ? 0 : 1 }
                }
                return await group.reduce(0, +)
            }
            #expect(approved == 1)
            #expect(try await test.events(of: refund.id) == ["refund.created", "refund.queued"])
        }
    }

    @Test func `an approval that comes too late is refused, and the wait ends by itself`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refunds = [
                try await test.refund(payment, 200, policy: Self.policy),
                try await test.refund(payment, 300, policy: Self.policy),
            ]
            test.clock.advance(by: .seconds(3600))
            await #expect(throws: EngineFailure.rejected(.approvalExpired)) {
                try await decide(test, refunds[0], isApproved: true)
            }
            try await test.advance(by: .zero)
            for refund in refunds {
                let seen = try await test.refund(refund.id)
                #expect((seen.status, seen.failure?.code, seen.dueAt) == (.canceled, .canceled, nil))
                #expect(seen.failure?.detail == "Nobody approved the refund in time.")
                #expect(try await test.events(of: refund.id) == ["refund.created", "refund.canceled"])
            }
            #expect(try await test.payment(payment).refundable == 1000)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `its requester can withdraw what waits for approval`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 200, policy: Self.policy)
            let command = CancelRefund(origin: test.origin, refund: test.name(refund.id))
            #expect(try await test.engine.perform(command).refund.status == .canceled)
            #expect(try await test.payment(payment).refundable == 1000)
            try await test.advance(by: .seconds(7200))
            #expect(try await test.events(of: refund.id) == ["refund.created", "refund.canceled"])
        }
    }

    @Test func `the account's settings are the policy`() {
        #expect(RefundPolicy(AccountSettings()) == RefundPolicy(approvalLife: .seconds(604_800)))
        let settings = AccountSettings([
            "undo_window_seconds": "30", "approval_above": "5000", "approval_expires_seconds": "60",
        ])
        let chosen = RefundPolicy(undoWindow: .seconds(30), approvalAbove: 5000, approvalLife: .seconds(60))
        #expect(RefundPolicy(settings) == chosen)
    }
}
