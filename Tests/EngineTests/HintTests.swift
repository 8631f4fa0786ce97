import ConnectorKit
import Domain
import Engine
import Storage
import TestSupport
import Testing

/// A notification is a hint: it is never believed, and never lost. Each of these was once otherwise, and found by
/// the simulator.
@Suite struct HintTests {
    private static let refused = SubmissionOutcome.answered(ProcessorAnswer(claim: .refused, reference: "ref"))
    private static let paid = ProcessorAnswer(claim: .succeeded, reference: "forged")

    private func tell(_ test: TestEngine, _ refund: Refund, _ answer: ProcessorAnswer = paid) async throws {
        let notification = ProcessorNotification(book: test.book, refund: refund.id, answer: answer)
        try await test.engine.perform(RecordNotification(notification))
    }

    /// A refund whose call has ended as the connector's script says.
    private func sent(_ test: TestEngine) async throws -> Refund {
        let refund = try await test.refund(try await test.payment(1000), 400)
        try await test.advance(by: .seconds(1))
        return refund
    }

    @Test func `a question that fails is asked again, also about what was decided`() async throws {
        let connector = ScriptedConnector(submissions: [Self.refused], inquiries: [.unknown("reset"), .unknown("500")])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await sent(test)
            #expect(try await test.refund(refund.id).status == .failed)
            try await tell(test, refund)
            for _ in 0..<8 { try await test.advance(by: .seconds(20)) }
            #expect(try await test.refund(refund.id).status == .needsReview)
        }
    }

    @Test func `a late answer does not take a hint's turn away`() async throws {
        let connector = ScriptedConnector(submissions: [Self.refused])
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            let claims = try await test.engine.perform(
                ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 10)
            )
            let claim = try #require(claims.first)
            try await test.engine.perform(RecordSubmission(claim: claim, outcome: Self.refused))
            try await tell(test, refund)
            try await test.engine.perform(RecordSubmission(claim: claim, outcome: .unknown("late")))
            try await test.advance(by: .seconds(2))
            #expect(try await test.refund(refund.id).status == .needsReview)
        }
    }

    @Test func `the answer to a question asked before a hint does not take its turn away`() async throws {
        try await TestEngine.run(connector: ScriptedConnector(submissions: [.unknown("reset")])) { test in
            let refund = try await sent(test)
            test.clock.advance(by: .seconds(2))
            let claims = try await test.engine.perform(
                ClaimInquiries(connector: "scripted", at: test.clock.now, limit: 10)
            )
            let claim = try #require(claims.first)
            try await tell(test, refund)
            let old = InquiryOutcome.found(ProcessorAnswer(claim: .refused, reference: "ref"))
            try await test.engine.perform(RecordInquiry(claim: claim, outcome: old))
            #expect(try await test.refund(refund.id).status == .failed)
            try await test.advance(by: .seconds(20))
            #expect(try await test.refund(refund.id).status == .needsReview)
        }
    }

    @Test func `what a hint calls a refund is not what it is asked by`() async throws {
        try await TestEngine.run(connector: ScriptedConnector()) { test in
            let refund = try await sent(test)
            try await tell(test, refund)
            #expect(try await test.refund(refund.id).processorReference == "ref")
        }
    }

    @Test func `a hint moves nothing, but what it speaks of is not sent again`() async throws {
        let connector = ScriptedConnector(
            submissions: [.unknown("reset")],
            inquiries: [.absent] + Array(repeating: .absent, count: 200)
        )
        try await TestEngine.run(connector: connector) { test in
            let refund = try await sent(test)
            test.clock.advance(by: .seconds(2))
            let claims = try await test.engine.perform(
                ClaimInquiries(connector: "scripted", at: test.clock.now, limit: 10)
            )
            try await test.engine.perform(RecordInquiry(claim: try #require(claims.first), outcome: .absent))
            #expect(try await test.refund(refund.id).status == .queued)
            try await tell(test, refund)
            #expect(try await test.refund(refund.id).status == .inDoubt)
            for _ in 0..<4 { try await test.advance(by: .seconds(86400)) }
            #expect(try await test.refund(refund.id).status == .needsReview)
            #expect(connector.submitted.count == 1)
        }
    }

    @Test func `absence is not proven by a question that something else was heard after`() async throws {
        try await TestEngine.run(connector: ScriptedConnector(submissions: [.unknown("reset")])) { test in
            let refund = try await sent(test)
            test.clock.advance(by: .seconds(2))
            let claims = try await test.engine.perform(
                ClaimInquiries(connector: "scripted", at: test.clock.now, limit: 10)
            )
            let claim = try #require(claims.first)
            try await test.engine.perform(RecordInquiry(claim: claim, outcome: .unknown("reset")))
            try await test.engine.perform(RecordInquiry(claim: claim, outcome: .absent))
            #expect(try await test.refund(refund.id).status == .inDoubt)
        }
    }

    @Test func `a worker that comes back late and never sent puts the refund into the queue again`() async throws {
        for certainty in [ConnectorCapabilities.Certainty.queryable, .blind] {
            try await TestEngine.run(connector: ScriptedConnector(certainty: certainty)) { test in
                let refund = try await test.refund(try await test.payment(1000), 400)
                let claims = try await test.engine.perform(
                    ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 10)
                )
                let claim = try #require(claims.first)
                test.clock.advance(by: .seconds(16))
                _ = try await test.engine.perform(
                    ClaimInquiries(connector: "scripted", at: test.clock.now, limit: 10)
                )
                #expect(try await test.refund(refund.id).status == .inDoubt)
                try await test.engine.perform(RecordSubmission(claim: claim, outcome: .unsent("too late")))
                #expect(try await test.refund(refund.id).status == .queued)
            }
        }
    }

    @Test func `a restart counts a call as under way for another lease`() async throws {
        let connector = ScriptedConnector(inquiries: [.absent])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            _ = try await test.engine.perform(
                ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 10)
            )
            test.clock.advance(by: .seconds(14))
            #expect(try await test.engine.perform(RecoverAttempts(limit: 10)) == 1)
            try await test.advance(by: .seconds(5))
            #expect(try await test.refund(refund.id).status == .inDoubt)
            #expect(connector.submitted.isEmpty)
        }
    }
}
