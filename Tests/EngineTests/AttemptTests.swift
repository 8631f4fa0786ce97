import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct AttemptTests {
    @Test func `an answer that was lost is asked for, not guessed`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("timeout")])
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            try await test.advance(by: .seconds(1))
            #expect(try await test.refund(refund.id).status == .inDoubt)
            #expect(try await test.payment(payment).reserved == 400)
            try await test.advance(by: .seconds(2))
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(connector.submitted.count == 1)
            #expect(try await test.store.verify().isEmpty)
        }
    }

    @Test func `what the processor never heard of is sent again under the same key`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("reset")], inquiries: [.absent])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            for _ in 0..<4 { try await test.advance(by: .seconds(2)) }
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(connector.submitted.count == 2)
            #expect(Set(connector.submitted.map(\.processorKey)).count == 1)
            let attempts = try await test.store.attempts(of: refund.id, in: test.book)
            #expect(attempts.map(\.number) == [1, 2])
            #expect(attempts.map(\.outcome) == [.unknown, .answered])
        }
    }

    @Test func `absence proves nothing before it could be seen`() async throws {
        let connector = ScriptedConnector(
            submissions: [.unknown("reset")],
            inquiries: [.absent, .absent],
            visibilityDelay: .seconds(3600)
        )
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await test.advance(by: .seconds(2))
            #expect(try await test.refund(refund.id).status == .inDoubt)
            #expect(connector.submitted.count == 1)
        }
    }

    @Test func `an answer about another amount goes to a person and keeps the reference`() async throws {
        let wrong = ProcessorAnswer(claim: .succeeded, reference: "ref_wrong", amount: 1)
        try await TestEngine.run(connector: ScriptedConnector(submissions: [.answered(wrong)])) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            try await test.advance(by: .seconds(1))
            let seen = try await test.refund(refund.id)
            #expect(seen.status == .needsReview)
            #expect(seen.processorReference == "ref_wrong")
            #expect(try await test.payment(payment).reserved == 400)
        }
    }

    @Test func `a call that never left is made again`() async throws {
        let connector = ScriptedConnector(submissions: [.unsent("refused")])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            for _ in 0..<3 { try await test.advance(by: .seconds(2)) }
            #expect(try await test.refund(refund.id).status == .succeeded)
            #expect(connector.submitted.count == 2)
        }
    }

    @Test func `an attempt is written down before the call`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            let claims = try await test.engine.perform(
                ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 10)
            )
            #expect(claims.map(\.order.refund) == [refund.id])
            let attempts = try await test.store.attempts(of: refund.id, in: test.book)
            #expect(attempts.map(\.outcome) == [nil])
            #expect(try await test.refund(refund.id).status == .dispatching)
            #expect(
                try await test.engine.perform(ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 10))
                    .isEmpty
            )
            #expect(try await test.engine.perform(RecoverAttempts(limit: 10)) == 1)
            #expect(try await test.refund(refund.id).status == .inDoubt)
        }
    }

    @Test func `every change of status is one event, numbered without gaps`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("timeout")], inquiries: [.unknown("down"), .absent])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            for _ in 0..<8 { try await test.advance(by: .seconds(2)) }
            let events = try await test.store.events(of: ObjectReference(.refund, refund.id.raw), in: test.book)
            #expect(
                events.map(\.type) == [
                    "refund.created", "refund.dispatching", "refund.in_doubt", "refund.queued", "refund.dispatching",
                    "refund.submitted", "refund.succeeded",
                ]
            )
            #expect(events.map(\.sequence) == Array(1...7))
        }
    }
}
