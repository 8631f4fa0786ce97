import ConnectorKit
import Domain
import Storage

/// Writes down what a processor said when it was asked, and what follows from it.
package struct RecordInquiry: Command {
    package let claim: ClaimedRefund
    package let outcome: InquiryOutcome

    package init(claim: ClaimedRefund, outcome: InquiryOutcome) {
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
        guard let move = RefundMove(name, in: set) else { throw .notFound(.refund, text: "") }
        var hearing = Hearing(
            move: move,
            attempt: claim.attempt,
            source: .inquiry,
            isUndisturbed: move.refund.version == claim.version,
            set,
            context
        )
        switch outcome {
        case .found(let answer): hearing.hear(answer, &context)
        case .absent: hearing.hearAbsence(askedAt: claim.claimedAt, &context)
        case .unknown: hearing.wait(context)
        }
        return Decision(hearing.changes, ())
    }
}
