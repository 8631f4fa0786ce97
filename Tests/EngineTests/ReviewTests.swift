import ConnectorKit
import Domain
import Engine
import Rows
import Storage
import TestSupport
import Testing

@Suite struct ReviewTests {
    private static let contradiction = SubmissionOutcome.answered(
        ProcessorAnswer(claim: .succeeded, reference: "ref", amount: 1)
    )

    /// A refund of 400 in review, since its processor spoke of another amount.
    private func inReview(
        _ inquiries: [InquiryOutcome] = [],
        certainty: ConnectorCapabilities.Certainty = .queryable,
        _ body: @Sendable @escaping (TestEngine, Payment.ID, ClaimedRefund) async throws -> Void
    ) async throws {
        let connector = ScriptedConnector(inquiries: inquiries, certainty: certainty)
        try await TestEngine.run(connector: connector) { test in
            let payment = try await test.payment(1000)
            let refund = try await test.refund(payment, 400)
            let claims = try await test.engine.perform(
                ClaimRefunds(connector: "scripted", at: test.clock.now, limit: 1)
            )
            let claim = try #require(claims.first)
            try await test.engine.perform(RecordSubmission(claim: claim, outcome: Self.contradiction))
            #expect(try await test.refund(refund.id).status == .needsReview)
            try await body(test, payment, claim)
            #expect(try await test.store.verify().allSatisfy { $0.check == "payment_excess" })
        }
    }

    private func resolve(
        _ test: TestEngine,
        _ claim: ClaimedRefund,
        _ decision: Resolution,
        _ note: String = "seen on the bank's statement"
    ) async throws(EngineFailure) -> Refund {
        let command = ResolveRefund(
            origin: test.operatorOrigin,
            refund: test.name(claim.order.refund),
            decision: decision,
            note: note
        )
        return try await test.engine.perform(command).refund
    }

    private func tell(_ test: TestEngine, _ claim: ClaimedRefund, _ outcome: InquiryOutcome) async throws -> Refund {
        try await test.engine.perform(RecordInquiry(claim: claim, outcome: outcome))
        return try await test.refund(claim.order.refund)
    }

    @Test(
        arguments: [
            (.succeeded, .succeeded, nil, 600), (.failed, .failed, .declined, 1000),
            (.reversed, .reversed, .reversed, 1000), (.canceled, .canceled, .canceled, 1000),
        ] as [(Resolution, RefundStatus, FailureCode?, Int64)]
    )
    func `a person's decision ends the review`(
        decision: Resolution,
        status: RefundStatus,
        failure: FailureCode?,
        left: Int64
    ) async throws {
        try await inReview { test, payment, claim in
            let resolved = try await resolve(test, claim, decision)
            #expect((resolved.status, resolved.failure?.code, resolved.dueAt) == (status, failure, nil))
            #expect(try await test.payment(payment).refundable == left)
            let facts = try await test.store.evidence(of: claim.order.refund, in: test.book)
            #expect(facts.last?.source == .operator)
            let events = try await test.store.events(
                of: ObjectReference(.refund, claim.order.refund.raw),
                in: test.book
            )
            #expect(events.last?.type == "refund.\(status.rawValue)")
            #expect(events.last?.actor == Actor(.operator, "ada"))
            #expect(try await test.store.notes(of: claim.order.refund.raw, in: test.book).map(\.name) == ["resolution"])
        }
    }

    @Test func `a decision needs a reason, and a review`() async throws {
        try await inReview { test, _, claim in
            await #expect(throws: EngineFailure.rejected(.reasonMissing)) {
                try await resolve(test, claim, .failed, " \n")
            }
            _ = try await resolve(test, claim, .failed)
            await #expect(throws: EngineFailure.rejected(.notInReview(.failed))) {
                try await resolve(test, claim, .succeeded)
            }
        }
    }

    @Test(
        arguments: [
            (.succeeded, .refused), (.failed, .succeeded), (.failed, .accepted), (.failed, .returned),
            (.canceled, .succeeded), (.canceled, .accepted), (.reversed, .succeeded),
        ] as [(Resolution, EvidenceClaim)]
    )
    func `what contradicts a decision later brings the refund back to a person`(
        decision: Resolution,
        heard: EvidenceClaim
    ) async throws {
        try await inReview { test, payment, claim in
            _ = try await resolve(test, claim, decision)
            let told = try await tell(test, claim, .found(ProcessorAnswer(claim: heard)))
            #expect(told.status == .needsReview)
            #expect(try await test.payment(payment).reserved == 400)
            _ = try await resolve(test, claim, .succeeded, "and the processor's page says so")
            let notes = try await test.store.notes(of: claim.order.refund.raw, in: test.book)
            #expect(notes.map(\.text) == ["seen on the bank's statement\nand the processor's page says so"])
        }
    }

    @Test(
        arguments: [
            (.succeeded, .succeeded), (.succeeded, .accepted), (.failed, .refused), (.canceled, .refused),
            (.reversed, .returned),
        ] as [(Resolution, EvidenceClaim)]
    )
    func `what agrees with a decision later changes nothing`(decision: Resolution, heard: EvidenceClaim) async throws {
        try await inReview { test, _, claim in
            let resolved = try await resolve(test, claim, decision)
            let events = try await test.events(of: claim.order.refund)
            for answer in [InquiryOutcome.found(ProcessorAnswer(claim: heard)), .unknown("down")] {
                let told = try await tell(test, claim, answer)
                #expect((told.status, told.failure) == (resolved.status, resolved.failure))
            }
            #expect(try await test.events(of: claim.order.refund) == events)
        }
    }

    @Test func `money that comes back after a person saw it leave is a reversal`() async throws {
        try await inReview { test, _, claim in
            _ = try await resolve(test, claim, .succeeded)
            #expect(
                try await tell(test, claim, .found(ProcessorAnswer(claim: .returned))).status == .reversed
            )
        }
    }

    @Test func `what a person wants to know is asked for now, and decides nothing by itself`() async throws {
        let answer = InquiryOutcome.found(ProcessorAnswer(claim: .succeeded, reference: "later"))
        try await inReview([answer]) { test, _, claim in
            try await test.advance(by: .seconds(86400))
            #expect(try await test.store.evidence(of: claim.order.refund, in: test.book).count == 1)
            let command = RecheckRefund(origin: test.operatorOrigin, refund: test.name(claim.order.refund))
            #expect(try await test.engine.perform(command).refund.dueAt == test.clock.now)
            try await test.advance(by: .zero)
            let seen = try await test.refund(claim.order.refund)
            #expect((seen.status, seen.processorReference, seen.dueAt) == (.needsReview, "later", nil))
            #expect(
                try await test.store.evidence(of: claim.order.refund, in: test.book).map(\.source) == [
                    .reply, .inquiry,
                ]
            )
        }
    }

    @Test func `a doubtful refund is asked about before its turn`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("t")], inquiries: [.unknown("t")])
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            try await test.advance(by: .seconds(400))
            #expect(connector.asked.count == 1)
            let command = RecheckRefund(origin: test.operatorOrigin, refund: test.name(refund.id))
            _ = try await test.engine.perform(command)
            try await test.advance(by: .zero)
            #expect(connector.asked.count == 2)
            #expect(try await test.refund(refund.id).status == .succeeded)
            await #expect(throws: EngineFailure.rejected(.notRecheckable(.succeeded))) {
                try await test.engine.perform(command)
            }
        }
    }

    @Test func `nothing is sent again while a call is under way, whoever asks for it`() async throws {
        let connector = ScriptedConnector(submissions: [.unknown("t")], certainty: .keyed)
        try await TestEngine.run(connector: connector) { test in
            let refund = try await test.refund(try await test.payment(1000), 400)
            try await test.advance(by: .seconds(1))
            test.clock.advance(by: .seconds(2))
            let claim = ClaimInquiries(connector: "scripted", at: test.clock.now, limit: 1)
            #expect(try await test.engine.perform(claim).map(\.isResend) == [true])
            let leaseUntil = try await test.store.attempts(of: refund.id, in: test.book).last?.leaseUntil
            let command = RecheckRefund(origin: test.operatorOrigin, refund: test.name(refund.id))
            #expect(try await test.engine.perform(command).refund.dueAt == leaseUntil)
            let answer = ProcessorAnswer(claim: .succeeded)
            let hint = ProcessorNotification(book: test.book, refund: refund.id, answer: answer)
            try await test.engine.perform(RecordNotification(hint))
            #expect(try await test.refund(refund.id).dueAt == leaseUntil)
            #expect(try await test.store.attempts(of: refund.id, in: test.book).count == 2)
        }
    }

    @Test func `a processor that cannot be asked is not asked`() async throws {
        try await inReview(certainty: .blind) { test, _, claim in
            await #expect(throws: EngineFailure.rejected(.notRecheckable(.needsReview))) {
                try await test.engine.perform(
                    RecheckRefund(origin: test.operatorOrigin, refund: test.name(claim.order.refund))
                )
            }
        }
    }
}
