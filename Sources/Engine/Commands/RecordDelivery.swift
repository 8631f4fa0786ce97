import Domain
import Storage

/// Writes down how a call to an endpoint ended, and what follows: the next event of that object, another try, or the end of
/// it; and whether the endpoint wants to be left alone.
package struct RecordDelivery: Command {
    package let claim: ClaimedDelivery
    package let answer: DeliveryAnswer

    package init(claim: ClaimedDelivery, answer: DeliveryAnswer) {
        self.claim = claim
        self.answer = answer
    }

    private var name: ObjectName { ObjectName(.delivery, claim.delivery.id.raw, in: claim.delivery.book) }
    private var endpoint: ObjectName { ObjectName(.webhookEndpoint, claim.endpoint.id.raw, in: claim.endpoint.book) }

    /// Most answers say nothing about the endpoint itself: they leave its row, which others want too, alone.
    private var isAboutEndpoint: Bool {
        answer.outcome == .delivered ? claim.endpoint.throttles > 0 || claim.endpoint.heldUntil != nil : true
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = isAboutEndpoint ? [name, endpoint] : [name]
        footprint.lanes = [Lane(of: claim.delivery)]
        return footprint
    }

    /// - Returns: the state that the delivery has now; `nil` for an answer that comes too late.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<DeliveryState?> {
        let rules = context.rules.delivery
        guard var delivery = set.delivery(name), rules.isCurrent(delivery, claim) else { return Decision([], nil) }
        var changes: [Change] = [.insert(.deliveryAttempt(attempt(context)))]
        switch answer.outcome {
        case .delivered: delivery.end(.delivered, context)
        case .interrupted: delivery.wait(until: context.moment)
        case .refused, .timedOut, .unreachable, .blocked:
            delivery.failures += 1
            if let wait = rules.wait(rules, delivery) {
                delivery.wait(until: context.moment.adding(max(wait, rules.hold(answer, 0) ?? .zero)))
            } else {
                delivery.end(.givenUp, context)
            }
        }
        changes.append(.update(.delivery(delivery)))
        if !delivery.state.isOpen, var next = set.firstWaiting(in: Lane(of: delivery)) {
            next.wait(until: context.moment)
            changes.append(.update(.delivery(next)))
        }
        if let endpoint = set.endpoint(endpoint) { changes += consequences(for: endpoint, rules, context) }
        return Decision(changes, delivery.state)
    }

    private func attempt(_ context: DecisionContext) -> DeliveryAttempt {
        DeliveryAttempt(
            book: claim.delivery.book,
            delivery: claim.delivery.id,
            number: claim.delivery.attempts,
            // A time that stands still stood still while it was waited for.
            startedAt: claim.isOnClock
                ? claim.claimedAt : context.moment.adding(.milliseconds(-answer.durationMilliseconds)),
            durationMilliseconds: answer.durationMilliseconds,
            outcome: answer.outcome,
            status: answer.status,
            reason: answer.reason,
            answer: answer.body
        )
    }

    private func consequences(
        for endpoint: WebhookEndpoint,
        _ rules: DeliveryRules,
        _ context: DecisionContext
    ) -> [Change] {
        var changed = endpoint
        if answer.isGone, endpoint.status == .enabled {
            changed.status = .disabled
            changed.disabledReason = .gone
            return changed.changes("webhook_endpoint.disabled", by: .system(endpoint.book, "deliverer"), context)
        }
        // Calls that were under way together say it once.
        let isHeld = endpoint.heldUntil.map { $0 > context.moment } ?? false
        if let hold = rules.hold(answer, isHeld ? 0 : endpoint.throttles) {
            changed.heldUntil = max(endpoint.heldUntil ?? context.moment, context.moment.adding(hold))
            changed.throttles += isHeld ? 0 : 1
        } else if answer.outcome == .delivered {
            changed.heldUntil = nil
            changed.throttles = 0
        }
        return changed == endpoint ? [] : [.update(.webhookEndpoint(changed))]
    }
}
