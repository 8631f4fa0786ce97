import ConnectorKit
import Domain
import Storage

/// A person wants the processor to be asked about a refund now, not when its next turn would come.
package struct RecheckRefund: Command {
    package let origin: Origin
    package let refund: ObjectName

    package init(origin: Origin, refund: ObjectName) {
        self.origin = origin
        self.refund = refund
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.attempted = [refund]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard var move = RefundMove(refund, in: set) else {
            throw .notFound(.refund, text: refund.spelling?.text ?? "")
        }
        let status = move.refund.status
        guard let connector = context.connectors.connector(named: move.refund.connector),
            let newest = set.newestAttempt(of: move.refund.id),
            canAsk(status, connector.capabilities)
        else { throw .rejected(.notRecheckable(status)) }
        // A keyed processor is asked by sending again, which nobody may do while a call is under way.
        let dueAt = newest.isInFlight(at: context.moment) ? newest.leaseUntil : context.moment
        let changes = move.step(to: status, by: origin, context) { $0.dueAt = dueAt }
        let reference = ObjectReference(.refund, move.refund.id.raw)
        let act = origin.author.act(
            "refund.recheck_requested",
            in: origin.book,
            reference.kind.rawValue,
            reference.hexadecimal,
            [],
            context
        )
        return Decision(changes + [act]) { [origin, refund = move.refund] set in
            set.details(of: refund, dialect: origin.dialect)
        }
    }

    /// What is decided, in flight or not sent yet has nothing to be asked about. In review it is the person who
    /// wants to know more, which a processor that cannot be asked will not tell.
    private func canAsk(_ status: RefundStatus, _ capabilities: ConnectorCapabilities) -> Bool {
        switch status {
        case .inDoubt, .submitted, .requiresAction: true
        case .needsReview: capabilities.certainty != .blind
        case .awaitingApproval, .queued, .dispatching, .succeeded, .reversed, .failed, .canceled: false
        }
    }
}
