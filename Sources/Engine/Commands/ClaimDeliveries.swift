import Domain
import Storage

/// Takes deliveries to one endpoint whose time has come. What a worker that is gone left behind is among them, once its
/// lease is over.
package struct ClaimDeliveries: DueCommand {
    package let due: DueWork

    package init(_ endpoint: WebhookName, at moment: Moment, limit: Int) {
        due = DueWork(.deliveries(endpoint.book, endpoint.endpoint), at: moment, limit: limit)
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<[ClaimedDelivery]> {
        var changes: [Change] = []
        var claimed: [ClaimedDelivery] = []
        for id in set.due(due) {
            guard var delivery = set.deliveries[Delivery.ID(id)], let dueAt = delivery.dueAt,
                dueAt <= min(due.moment, context.moment),
                let endpoint = set.endpoints[delivery.endpoint], endpoint.isActive,
                endpoint.heldUntil.map({ $0 <= context.moment }) ?? true,
                // One that was overloaded is asked by one call first.
                endpoint.throttles == 0 || claimed.isEmpty
            else { continue }
            if delivery.state == .sending {
                changes.append(.insert(.deliveryAttempt(delivery.interruption(context))))
            }
            let lease = context.rules.delivery.lease(context.moment)
            delivery.state = .sending
            delivery.attempts += 1
            delivery.fencing += 1
            delivery.dueAt = lease
            changes.append(.update(.delivery(delivery)))
            claimed.append(
                ClaimedDelivery(
                    delivery: delivery,
                    endpoint: endpoint,
                    isOnClock: context.clock != nil,
                    claimedAt: context.moment,
                    sendBefore: lease.adding(.zero - context.rules.delivery.timeout)
                )
            )
        }
        return Decision(changes, claimed)
    }
}
