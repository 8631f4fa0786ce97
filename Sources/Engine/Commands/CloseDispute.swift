import Domain
import Storage

/// Writes down how a dispute ended. A won one gives its amount back; a lost one keeps it, and takes it again if the
/// dispute had been won before. That is a fact each time, as after a second chargeback or an arbitration.
package struct CloseDispute: Command {
    package let origin: Origin
    package let dispute: ObjectName
    package let state: DisputeState

    /// - Parameter state: won or lost.
    package init(origin: Origin, dispute: ObjectName, state: DisputeState) {
        precondition(state != .open, "a dispute closes as won or lost")
        self.origin = origin
        self.dispute = dispute
        self.state = state
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [dispute]
        footprint.contested = [dispute]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Dispute> {
        guard let dispute = set.dispute(dispute) else {
            throw .notFound(.dispute, text: self.dispute.spelling?.text ?? "")
        }
        guard let payment = set.payments[dispute.payment] else { throw .notFound(.payment, text: "") }
        var move = DisputeMove(dispute, of: payment)
        let changes = move.close(as: state, by: origin, context)
        return move.decision(changes, in: set, context)
    }
}
