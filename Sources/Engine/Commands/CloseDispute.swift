import Domain
import Storage

/// Writes down how a dispute ended. A won one gives its amount back, once; a lost one keeps it.
package struct CloseDispute: Command {
    package let origin: Origin
    package let state: DisputeState
    private let dispute: Name

    private enum Name: Sendable {
        case object(ObjectName)
        /// As the processor knows it.
        case reference(String, payment: ObjectName)
    }

    /// - Parameter state: won or lost.
    package init(origin: Origin, dispute: ObjectName, state: DisputeState) {
        precondition(state != .open, "a dispute closes as won or lost")
        self.origin = origin
        self.state = state
        self.dispute = .object(dispute)
    }

    /// By the processor's reference.
    package init(origin: Origin, payment: ObjectName, reference: String, state: DisputeState) {
        precondition(state != .open, "a dispute closes as won or lost")
        self.origin = origin
        self.state = state
        dispute = .reference(reference, payment: payment)
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        switch dispute {
        case .object(let name): footprint.objects = [name]
        case .reference(_, let payment): footprint.contested = [payment]
        }
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Dispute> {
        let dispute = try find(in: set)
        guard let payment = set.payments[dispute.payment] else { throw .notFound(.payment, text: "") }
        guard dispute.state != state else { return Decision([], dispute) }
        guard dispute.state == .open else { throw .rejected(.disputeClosed(dispute.state)) }
        var move = DisputeMove(dispute, of: payment)
        var changes = move.close(as: state, by: origin, context)
        changes.append(move.paymentChange)
        return Decision(changes, move.dispute)
    }

    private func find(in set: WorkingSet) throws(EngineFailure) -> Dispute {
        switch dispute {
        case .object(let name):
            guard let dispute = set.dispute(name) else {
                throw .notFound(.dispute, text: name.spelling?.text ?? "")
            }
            return dispute
        case .reference(let reference, let payment):
            let disputes = set.payment(payment).map { set.disputes(of: $0.id) } ?? []
            guard let dispute = disputes.first(where: { $0.reference == reference }) else {
                throw .notFound(.dispute, text: reference)
            }
            return dispute
        }
    }
}
