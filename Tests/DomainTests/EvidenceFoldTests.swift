import Domain
import TestSupport
import Testing

@Suite struct EvidenceFoldTests {
    private let fold = EvidenceFold()
    private let lifecycle = RefundLifecycle()

    private struct Said: Sendable {
        let source: EvidenceSource
        let claim: EvidenceClaim
        var attempt: Int64 = 1
        var seconds: Int64?
    }

    private func fact(_ said: Said, _ number: Int) -> Evidence {
        Evidence(
            id: Evidence.ID(UInt128(number)),
            book: Book(1),
            refund: Refund.ID(1),
            attempt: said.attempt,
            source: said.source,
            claim: said.claim,
            processorTime: said.seconds.map { Moment(seconds: $0) },
            arrivedAt: Moment(seconds: Int64(number))
        )
    }

    /// The status after hearing everything in this order, step by step, as the engine does.
    private func status(_ order: [Said], from start: RefundStatus = .dispatching, attempt: Int64 = 1) -> RefundStatus {
        var facts: [Evidence] = []
        var status = start
        for (number, said) in order.enumerated() {
            facts.append(fact(said, number))
            let happening = fold.happening(facts, attempt: attempt, trustsNotifications: false)
            status = lifecycle.next(status, on: happening) ?? status
        }
        return status
    }

    private static let palette: [Said] = [
        Said(source: .silence, claim: .none), Said(source: .reply, claim: .accepted),
        Said(source: .reply, claim: .succeeded, seconds: 10), Said(source: .inquiry, claim: .succeeded, seconds: 10),
        Said(source: .inquiry, claim: .succeeded), Said(source: .reply, claim: .refused),
        Said(source: .inquiry, claim: .refused, seconds: 5), Said(source: .settlement, claim: .refused, seconds: 20),
        Said(source: .inquiry, claim: .returned, seconds: 30), Said(source: .inquiry, claim: .actionRequired),
        Said(source: .inquiry, claim: .contradicted), Said(source: .notification, claim: .succeeded),
        Said(source: .inquiry, claim: .absent), Said(source: .inquiry, claim: .accepted),
        Said(source: .settlement, claim: .succeeded, seconds: 10),
    ]

    @Test func `the order in which evidence comes does not matter`() throws {
        try Property("evidence_order")
            .holds(in: 6000) { random in
                let count = Int.random(in: 2...5, using: &random)
                let said = (0..<count).map { _ in Self.palette[Int.random(in: 0..<Self.palette.count, using: &random)] }
                let first = status(said)
                for _ in 0..<6 {
                    let shuffled = said.shuffled(using: &random)
                    let other = status(shuffled)
                    try require(
                        first == other,
                        "\(said.map(\.claim)) gave \(first), \(shuffled.map(\.claim)) gave \(other)"
                    )
                }
            }
    }

    @Test(
        arguments: [
            ([Said(source: .silence, claim: .none)], RefundStatus.inDoubt),
            ([Said(source: .reply, claim: .accepted)], .submitted),
            ([Said(source: .reply, claim: .refused)], .failed),
            ([Said(source: .notification, claim: .succeeded)], .inDoubt),
            ([Said(source: .reply, claim: .refused), Said(source: .inquiry, claim: .succeeded)], .needsReview),
            (
                [
                    Said(source: .reply, claim: .succeeded, seconds: 1),
                    Said(source: .inquiry, claim: .refused, seconds: 2),
                ], .reversed
            ),
            (
                [
                    Said(source: .reply, claim: .succeeded, seconds: 2),
                    Said(source: .inquiry, claim: .refused, seconds: 1),
                ], .needsReview
            ),
            ([Said(source: .inquiry, claim: .returned)], .reversed),
            ([Said(source: .reply, claim: .contradicted), Said(source: .inquiry, claim: .succeeded)], .needsReview),
            ([Said(source: .silence, claim: .none), Said(source: .inquiry, claim: .absent)], .queued),
        ] as [([Said], RefundStatus)]
    )
    private func `evidence means what it should`(said: [Said], expected: RefundStatus) {
        #expect(status(said) == expected)
    }

    @Test func `an operator's decision covers what came before and not what comes after`() {
        let contradiction = [Said(source: .reply, claim: .refused), Said(source: .inquiry, claim: .succeeded)]
        let decided = contradiction + [Said(source: .operator, claim: .succeeded)]
        #expect(status(decided) == .succeeded)
        #expect(status(decided + [Said(source: .inquiry, claim: .returned)]) == .reversed)
        #expect(status(contradiction + [Said(source: .operator, claim: .refused)]) == .failed)
        let late =
            contradiction + [Said(source: .operator, claim: .refused), Said(source: .settlement, claim: .succeeded)]
        #expect(status(late) == .needsReview)
        #expect(status(contradiction + [Said(source: .operator, claim: .withdrawn)]) == .canceled)
    }

    @Test(
        arguments: [
            (.succeeded, .refused, .needsReview), (.succeeded, .absent, .needsReview),
            (.succeeded, .succeeded, .succeeded), (.succeeded, .accepted, .succeeded), (.succeeded, .none, .succeeded),
            (.refused, .succeeded, .needsReview), (.refused, .accepted, .needsReview),
            (.refused, .returned, .needsReview), (.refused, .refused, .failed), (.refused, .absent, .failed),
            (.withdrawn, .succeeded, .needsReview), (.withdrawn, .actionRequired, .needsReview),
            (.withdrawn, .refused, .canceled), (.withdrawn, .absent, .canceled),
            (.returned, .succeeded, .needsReview), (.returned, .returned, .reversed), (.returned, .refused, .reversed),
        ] as [(EvidenceClaim, EvidenceClaim, RefundStatus)]
    )
    func `what is heard after a decision agrees with it or leads back to a person`(
        decision: EvidenceClaim,
        heard: EvidenceClaim,
        expected: RefundStatus
    ) {
        let before = [Said(source: .reply, claim: .contradicted), Said(source: .operator, claim: decision)]
        let after = status(before + [Said(source: .inquiry, claim: heard)])
        #expect(after == expected)
        // A person who looks again decides again.
        let again = before + [Said(source: .inquiry, claim: heard), Said(source: .operator, claim: .succeeded)]
        if expected == .needsReview { #expect(status(again) == .succeeded) }
    }

    @Test func `a success from before the money came back goes with a person's word that it did`() {
        let before = [Said(source: .reply, claim: .contradicted), Said(source: .operator, claim: .returned)]
        #expect(status(before + [Said(source: .inquiry, claim: .succeeded, seconds: 1)]) == .reversed)
        #expect(status(before + [Said(source: .inquiry, claim: .succeeded, seconds: 9)]) == .needsReview)
    }

    @Test func `a notification counts only where nothing can be asked`() {
        let facts = [fact(Said(source: .notification, claim: .succeeded), 1)]
        #expect(fold.happening(facts, attempt: 1, trustsNotifications: true) == .succeeded)
        #expect(fold.happening(facts, attempt: 1, trustsNotifications: false) == .silenced)
    }

    @Test func `what an older attempt left open no longer counts`() {
        let facts = [
            fact(Said(source: .silence, claim: .none), 1), fact(Said(source: .inquiry, claim: .absent), 2),
            fact(Said(source: .silence, claim: .none, attempt: 2), 3),
        ]
        #expect(fold.happening(facts, attempt: 2, trustsNotifications: false) == .silenced)
        #expect(fold.happening(facts, attempt: 1, trustsNotifications: false) == .provenAbsent)
    }
}
