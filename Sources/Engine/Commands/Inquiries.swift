import ConnectorKit
import Domain
import Storage

/// Takes sent refunds that it is time to ask about, and pushes their next turn back so that nobody else asks
/// meanwhile.
package struct ClaimInquiries: Command {
    package let due: DueWork

    package init(connector: String, at moment: Moment, limit: Int) {
        due = DueWork(.refundsToFollow(connector: connector), at: moment, limit: limit)
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.due = [due]
        return footprint
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
            let age = context.moment.since(refund.firstSentAt ?? attempt.startedAt)
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
                    order: RefundOrder(refund: refund, processorKey: asked.processorKey, payment: payment),
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
        case .absent: hearing.hearAbsence(set.newestAttempt(of: move.refund.id), askedAt: claim.claimedAt, &context)
        case .unknown: hearing.wait(context)
        }
        return Decision(hearing.changes, ())
    }
}

/// Writes down what a processor told without being asked. It is a hint: the refund is asked about at once.
package struct RecordNotification: Command {
    package let notification: ProcessorNotification

    package init(_ notification: ProcessorNotification) {
        self.notification = notification
    }

    private var name: ObjectName { ObjectName(.refund, notification.refund.raw, in: notification.book) }

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
        var hearing = Hearing(move: move, attempt: nil, source: .notification, set, context)
        hearing.hear(notification.answer, &context)
        return Decision(hearing.changes, ())
    }
}

/// After a restart: every attempt that was in flight ended without an answer.
package struct RecoverAttempts: Command {
    package let due: DueWork

    package init(limit: Int) {
        due = DueWork(.refundsInFlight, at: Moment(milliseconds: .max), limit: limit)
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.due = [due]
        return footprint
    }

    /// - Returns: how many were found.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Int> {
        var changes: [Change] = []
        var recovered = 0
        for id in set.due(due) {
            guard let refund = set.refunds[Refund.ID(id)],
                refund.status == .dispatching,
                let move = RefundMove(ObjectName(.refund, id, in: refund.book), in: set)
            else { continue }
            var hearing = Hearing(move: move, attempt: refund.attempts, source: .silence, set, context)
            hearing.loseTrack(&context)
            guard hearing.refund.status != .dispatching else { continue }
            recovered += 1
            changes += stillUnderWay(refund, set, context) + hearing.changes
        }
        return Decision(changes, recovered)
    }

    /// What was sent may arrive yet, and how much time has gone by is not known after a start: a lease begins anew.
    private func stillUnderWay(_ refund: Refund, _ set: WorkingSet, _ context: DecisionContext) -> [Change] {
        guard var attempt = set.newestAttempt(of: refund.id), attempt.outcome == nil,
            let connector = context.connectors.connector(named: refund.connector)
        else { return [] }
        attempt.leaseUntil = max(
            attempt.leaseUntil,
            context.rules.sending.lease(context.moment, connector.capabilities)
        )
        return [.update(.attempt(attempt))]
    }
}
