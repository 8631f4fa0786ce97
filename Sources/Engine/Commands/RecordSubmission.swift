import ConnectorKit
import Domain
import Storage

/// Writes down how a call to a processor ended, and what follows from it.
package struct RecordSubmission: Command {
    package let claim: ClaimedRefund
    package let outcome: SubmissionOutcome

    package init(claim: ClaimedRefund, outcome: SubmissionOutcome) {
        self.claim = claim
        self.outcome = outcome
    }

    private var name: ObjectName { ObjectName(.refund, claim.order.refund.raw, in: claim.order.book) }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.attempted = [name]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard let move = RefundMove(name, in: set), let newest = set.newestAttempt(of: move.refund.id) else {
            throw .notFound(.refund, text: "")
        }
        let isCurrent = context.rules.sending.isCurrent(newest, claim)
        var hearing = Hearing(
            move: move,
            attempt: claim.attempt,
            source: source,
            isUndisturbed: move.refund.version == claim.version,
            set,
            context
        )
        let claimed = context.rules.hearing.claim(outcome)
        if case .answered(let answer) = outcome {
            hearing.hear(answer, &context)
        } else {
            hearing.note(claimed, &context)
        }
        var changes = hearing.changes
        if isCurrent {
            var attempt = newest
            attempt.endedAt = context.moment
            attempt.outcome = attemptOutcome
            changes.append(.update(.attempt(attempt)))
        }
        return Decision(changes, ())
    }

    private var source: EvidenceSource {
        if case .answered = outcome { .reply } else { .silence }
    }

    private var attemptOutcome: AttemptOutcome {
        switch outcome {
        case .answered(let answer): answer.claim == .refused ? .refused : .answered
        case .unsent: .unsent
        case .unknown: .unknown
        }
    }
}
