import ConnectorKit
import Domain
import Storage

/// Takes sent refunds that it is time to ask about, and pushes their next turn back so that nobody else asks
/// meanwhile.
package struct ClaimInquiries: DueCommand {
    package let due: DueWork

    package init(connector: String, of book: Book? = nil, at moment: Moment, limit: Int) {
        due = DueWork(.refundsToFollow(connector: connector), of: book, at: moment, limit: limit)
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<[ClaimedRefund]> {
        var changes: [Change] = []
        var claimed: [ClaimedRefund] = []
        for id in set.due(due) {
            guard let refund = set.refunds[Refund.ID(id)], let payment = set.payments[refund.payment],
                let dueAt = refund.dueAt, dueAt <= due.moment, refund.status != .queued,
                let attempt = set.newestAttempt(of: refund.id),
                let connector = context.connectors.connector(named: refund.connector),
                var move = RefundMove(ObjectName(.refund, id, in: refund.book), in: set)
            else { continue }
            let isAbandoned = refund.status == .dispatching
            let status = isAbandoned ? context.rules.lifecycle(refund.status, .silenced) : refund.status
            let age = context.rules.sending.age(refund.firstSentAt ?? attempt.startedAt, context)
            let isResend = context.rules.sending.resends(status ?? refund.status, connector.capabilities, age)
            if isResend, attempt.isInFlight(at: context.moment) {
                // To ask would be to send it a second time at once.
                changes += move.step(to: refund.status, by: .system(refund.book, "reconciler"), context) {
                    $0.dueAt = attempt.leaseUntil
                }
                continue
            }
            let asked = isResend ? Attempt(next: refund, connector, set, context) : attempt
            let pause = connector.capabilities.callTimeout
            changes += isResend ? [.insert(.attempt(asked))] : []
            changes += move.step(to: status ?? refund.status, by: .system(refund.book, "reconciler"), context) {
                $0.attempts = asked.number
                // Nobody saw the call end: it may have been sent.
                $0.firstSentAt = $0.firstSentAt ?? attempt.startedAt
                $0.dueAt = isResend ? asked.leaseUntil : context.moment.adding(pause)
            }
            claimed.append(
                ClaimedRefund(
                    order: RefundOrder(refund, asked, payment, context),
                    connector: refund.connector,
                    attempt: asked.number,
                    fencing: asked.fencing,
                    processorReference: refund.processorReference,
                    claimedAt: context.moment,
                    version: move.refund.version,
                    sendBefore: asked.sendBefore(connector),
                    isResend: isResend
                )
            )
        }
        return Decision(changes, claimed)
    }
}
