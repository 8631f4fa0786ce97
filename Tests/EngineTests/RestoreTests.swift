import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

/// The books went back to a backup: what had not left by then may have left since.
@Suite struct RestoreTests {
    private static let policy = RefundPolicy(undoWindow: .seconds(600), approvalAbove: 500)

    private func doubt(_ test: TestEngine, _ kind: DueWork.Kind) async throws -> [Refund.ID] {
        let since = try #require(try await test.store.latestMoment())
        return try await test.engine.perform(DoubtRestored(kind, since: since, limit: 10))
    }

    /// As `storno restore` and the next start do it.
    private func restore(_ test: TestEngine) async throws {
        while try await !doubt(test, .refundsToSend(connector: "scripted")).isEmpty {}
        while try await !doubt(test, .refundsToApprove).isEmpty {}
        test.clock.advance(by: .seconds(60))
        while try await test.engine.perform(RecoverAttempts(limit: 10)) > 0 {}
    }

    @Test func `a refund that was paid after the backup is found, and not sent again`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400, policy: Self.policy)
            let backedUp = test.clock.now
            try await restore(test)
            #expect(try await test.refund(refund.id).firstSentAt == backedUp)
            for _ in 0..<30 { try await test.advance(by: .seconds(5)) }
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(connector.submitted.isEmpty)
            #expect(try await test.events(of: refund.id).last == "refund.succeeded")
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `one that never left is sent once its processor was asked`() async throws {
        let connector = ScriptedConnector(inquiries: Array(repeating: .absent, count: 6))
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await restore(test)
            for _ in 0..<100 { try await test.advance(by: .seconds(5)) }
            #expect(connector.asked.count > 1)
            #expect(connector.submitted.map(\.refund) == [refund.id])
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `where nobody can be asked a person has to look`() async throws {
        let connector = ScriptedConnector(
            inquiries: Array(repeating: .unknown("blind"), count: 1000),
            certainty: .blind
        )
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await restore(test)
            for _ in 0..<100 { try await test.advance(by: .seconds(3600)) }
            #expect(try await test.refund(refund.id).status == .needsReview)
            #expect(connector.submitted.isEmpty)
        }
    }

    @Test func `what waited for approval is neither sent nor called off without a person`() async throws {
        let connector = ScriptedConnector()
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 600, policy: Self.policy)
            #expect(refund.status == .awaitingApproval)
            try await restore(test)
            for _ in 0..<20 { try await test.advance(by: .seconds(86400)) }
            #expect(try await test.refund(refund.id).status == .needsReview)
            #expect(try await test.payment(payment).reserved == 600)
            #expect(connector.submitted.isEmpty)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `it cannot be withdrawn as if nothing had been sent`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await test.refund(try await test.payment(1000), 400, policy: Self.policy)
            try await restore(test)
            await #expect(throws: EngineFailure.self) {
                try await test.engine.perform(CancelRefund(origin: test.origin, refund: test.name(refund.id)))
            }
        }
    }
}
