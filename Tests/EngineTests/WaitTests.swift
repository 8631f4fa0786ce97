import ConnectorKit
import Domain
import Engine
import Storage
import TestSupport
import Testing

/// How long a refund may stay undecided, and since when it counts as sent.
@Suite struct WaitTests {
    private static let day = Duration.seconds(86400)
    private static let accepted = InquiryOutcome.found(ProcessorAnswer(claim: .accepted, reference: "ref"))

    private func days(_ count: Int, _ test: TestEngine) async throws {
        for _ in 0..<count { try await test.advance(by: Self.day) }
    }

    @Test func `an accepted refund that its processor no longer knows goes to a person after three days`() async throws
    {
        let connector = ScriptedConnector(inquiries: Array(repeating: .absent, count: 100))
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            try await test.advance(by: .seconds(1))
            try await days(2, test)
            #expect(try await test.refund(refund.id).status == .submitted)
            try await days(2, test)
            #expect(try await test.refund(refund.id).status == .needsReview)
            #expect(try await test.payment(payment).reserved == 400)
            #expect(connector.submitted.count == 1)
        }
    }

    @Test func `a processor that finds it again is believed`() async throws {
        let inquiries = Array(repeating: InquiryOutcome.absent, count: 2) + Array(repeating: Self.accepted, count: 100)
        try await TestEngine.run(connector: ScriptedConnector(inquiries: inquiries)) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await days(6, test)
            #expect(try await test.refund(refund.id).status == .submitted)
        }
    }

    @Test func `an accepted refund without an outcome goes to a person after thirty days`() async throws {
        let connector = ScriptedConnector(inquiries: Array(repeating: Self.accepted, count: 1000))
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await days(29, test)
            #expect(try await test.refund(refund.id).status == .submitted)
            try await days(2, test)
            #expect(try await test.refund(refund.id).status == .needsReview)
            #expect(try await test.events(of: refund.id).last == "refund.needs_review")
        }
    }

    @Test(arguments: [nil, 40])
    func `a payer who never acts is waited for as long as the processor does`(until: Int64?) async throws {
        let end = until.map { Moment(seconds: 1_767_323_045).adding(.seconds($0 * 86400)) }
        let asks = ProcessorAnswer(claim: .actionRequired, reference: "ref", until: end)
        let connector = ScriptedConnector(
            submissions: [.answered(asks)],
            inquiries: Array(repeating: .found(asks), count: 2000)
        )
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await days(29, test)
            #expect(try await test.refund(refund.id).status == .requiresAction)
            try await days(2, test)
            #expect(try await test.refund(refund.id).status == (until == nil ? .needsReview : .requiresAction))
            try await days(10, test)
            #expect(try await test.refund(refund.id).status == .needsReview)
        }
    }

    @Test func `what never left was not sent, and its first sending is the one that left`() async throws {
        let connector = ScriptedConnector(submissions: [.unsent("refused"), .unsent("refused")])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            var seen = try await test.refund(refund.id)
            #expect((seen.status, seen.attempts, seen.firstSentAt) == (.queued, 1, nil))
            try await test.advance(by: .seconds(1))
            seen = try await test.refund(refund.id)
            #expect((seen.status, seen.attempts, seen.firstSentAt) == (.queued, 2, nil))
            try await test.advance(by: .seconds(1))
            seen = try await test.refund(refund.id)
            #expect((seen.status, seen.firstSentAt) == (.submitted, test.clock.now))
        }
    }

    @Test func `what was sent once stays sent, whatever became of later attempts`() async throws {
        let connector = ScriptedConnector(
            submissions: [.unknown("reset"), .unsent("refused")],
            inquiries: [.absent]
        )
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            let sentAt = test.clock.now
            #expect(try await test.refund(refund.id).firstSentAt == sentAt)
            for _ in 0..<2 { try await test.advance(by: .seconds(1)) }
            let seen = try await test.refund(refund.id)
            #expect((seen.status, seen.attempts, seen.firstSentAt) == (.queued, 2, sentAt))
        }
    }

    @Test func `a call that nobody saw end may have been sent`() async throws {
        try await TestEngine.run(connector: ScriptedConnector(inquiries: [.unknown("down")])) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            let claim = ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 1)
            #expect(try await test.engine.perform(claim).count == 1)
            #expect(try await test.refund(refund.id).firstSentAt == nil)
            let sentAt = test.clock.now
            try await test.advance(by: .seconds(60))
            let seen = try await test.refund(refund.id)
            #expect((seen.status, seen.firstSentAt) == (.inDoubt, sentAt))
        }
    }

    @Test func `what can never be sent goes to a person as well, without counting as sent`() async throws {
        let connector = ScriptedConnector(submissions: Array(repeating: .unsent("refused"), count: 1000))
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await days(4, test)
            let seen = try await test.refund(refund.id)
            #expect((seen.status, seen.firstSentAt) == (.needsReview, nil))
        }
    }
}
