import Domain
import Storage

/// After a restart: every call that was under way was never seen to end, and is made again at once. Only where no other
/// process is at work.
package struct RecoverDeliveries: DueCommand {
    package let due: DueWork

    package init(limit: Int) {
        due = DueWork(.deliveriesInFlight, at: Moment(milliseconds: .max), limit: limit)
    }

    /// - Returns: how many were found.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Int> {
        let lost = set.due(due).compactMap { set.deliveries[Delivery.ID($0)] }.filter { $0.state == .sending }
        let changes = lost.flatMap { delivery -> [Change] in
            var again = delivery
            again.state = .pending
            // When it was claimed, whichever clock that was by: now is later by either.
            again.dueAt = min(context.moment, delivery.claimedAt(context.rules.delivery) ?? context.moment)
            return [.insert(.deliveryAttempt(delivery.interruption(context))), .update(.delivery(again))]
        }
        return Decision(changes, lost.count)
    }
}
