import ConnectorKit
import Domain
import Storage

/// A refund that a worker has claimed, with what it needs to act on it.
package struct ClaimedRefund: Sendable {
    package let order: RefundOrder
    package let connector: String
    package let attempt: Int64
    /// A worker that comes back with an older number than the attempt's is too late.
    package let fencing: Int64
    package let processorReference: String?
    package let claimedAt: Moment
    /// The refund's version once it was claimed: another one later means that something was heard meanwhile.
    package let version: Int64
    /// A worker that did not get round to the call by then must leave it.
    package let sendBefore: Moment
    /// To be sent again under the same key, which is how this processor is asked.
    package var isResend = false
}

/// Takes queued refunds whose time has come and writes down the attempt that is about to be made.
package struct ClaimRefunds: DueCommand {
    package let due: DueWork

    package init(connector: String, of book: Book? = nil, at moment: Moment, limit: Int) {
        due = DueWork(.refundsToSend(connector: connector), of: book, at: moment, limit: limit)
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<[ClaimedRefund]> {
        var changes: [Change] = []
        var claimed: [ClaimedRefund] = []
        // A refund that is called off frees what the next one of its payment may need.
        var seen = set
        for id in set.due(due) {
            guard let refund = seen.refunds[Refund.ID(id)], let dueAt = refund.dueAt, dueAt <= due.moment,
                let payment = seen.payments[refund.payment],
                let next = context.rules.lifecycle(refund.status, .claimed),
                let connector = context.connectors.connector(named: refund.connector)
            else { continue }
            guard context.rules.sending.mayLeave(payment) else {
                let steps = callOff(refund, payment, connector, seen, context)
                for change in steps { seen.apply(change) }
                changes += steps
                continue
            }
            let attempt = Attempt(next: refund, connector, set, context)
            var move = RefundMove(ObjectName(.refund, id, in: refund.book), in: seen)
            let steps = move?
                .step(to: next, by: .system(refund.book, "dispatcher"), context) { refund in
                    refund.attempts = attempt.number
                    refund.pendingReason = nil
                    refund.dueAt = attempt.leaseUntil
                }
            changes += [.insert(.attempt(attempt))] + (steps ?? [])
            claimed.append(
                ClaimedRefund(
                    order: RefundOrder(refund, attempt, payment, context),
                    connector: refund.connector,
                    attempt: attempt.number,
                    fencing: attempt.fencing,
                    processorReference: refund.processorReference,
                    claimedAt: context.moment,
                    version: move?.refund.version ?? refund.version,
                    sendBefore: attempt.sendBefore(connector)
                )
            )
        }
        return Decision(changes, claimed)
    }

    /// The payment's money went elsewhere while the refund waited. What can have left a person has to look at.
    private func callOff(
        _ refund: Refund,
        _ payment: Payment,
        _ connector: any Connector,
        _ set: WorkingSet,
        _ context: DecisionContext
    ) -> [Change] {
        if let settled = unheardUntil(refund, connector, set, context) {
            var move = RefundMove(ObjectName(.refund, refund.id.raw, in: refund.book), in: set)
            return move?
                .step(to: refund.status, by: .system(refund.book, "dispatcher"), context) {
                    $0.dueAt = settled
                } ?? []
        }
        let newest = set.evidence(of: refund.id).filter { $0.attempt == refund.attempts }
        let happening: RefundHappening =
            if refund.firstSentAt == nil {
                .cancelRequested
            } else if newest.contains(where: { $0.claim == .absent || $0.claim == .postponed }) {
                .refused
            } else {
                .givenUp
            }
        guard let next = context.rules.lifecycle(refund.status, happening),
            var move = RefundMove(ObjectName(.refund, refund.id.raw, in: refund.book), in: set)
        else { return [] }
        return move.step(to: next, by: .system(refund.book, "dispatcher"), context) { refund in
            refund.pendingReason = nil
            refund.dueAt = nil
            guard next != .needsReview else { return }
            refund.failure =
                payment.isDisputed
                ? RefundFailure(.disputed)
                : RefundFailure(.invalid, detail: "The payment's money was given back elsewhere.")
        }
    }
}

extension ClaimRefunds {
    /// Until when an earlier call of which nothing was heard may yet arrive, whatever a later one was answered;
    /// `nil` once none can.
    private func unheardUntil(
        _ refund: Refund,
        _ connector: any Connector,
        _ set: WorkingSet,
        _ context: DecisionContext
    ) -> Moment? {
        let unheard = set.evidence(of: refund.id).last { $0.claim == .none && $0.source == .silence }
        guard let unheard else { return nil }
        let delay = SteadyTime.ensuring(connector.capabilities.visibilityDelay) + SendingRules.clockTolerance
        let settled = max(unheard.arrivedAt, context.knownSince).adding(delay)
        return context.moment < settled ? settled : nil
    }
}

extension RefundOrder {
    init(_ refund: Refund, _ attempt: Attempt, _ payment: Payment, _ context: DecisionContext) {
        self.init(
            refund: refund,
            processorKey: attempt.processorKey,
            payment: payment,
            at: context.moment,
            isOnClock: context.clock != nil
        )
    }
}

extension Attempt {
    /// The refund's next attempt.
    init(next refund: Refund, _ connector: any Connector, _ set: WorkingSet, _ context: DecisionContext) {
        self.init(
            book: refund.book,
            refund: refund.id,
            number: refund.attempts + 1,
            leg: .payer,
            connector: refund.connector,
            processorKey: context.rules.sending.processorKey(refund, refund.attempts + 1),
            leaseUntil: context.rules.sending.lease(context.moment, connector.capabilities),
            fencing: (set.newestAttempt(of: refund.id)?.fencing ?? 0) + 1,
            startedAt: context.moment
        )
    }

    /// A call that begins before this ends within the lease.
    func sendBefore(_ connector: any Connector) -> Moment {
        leaseUntil.adding(.zero - SteadyTime.ensuring(connector.capabilities.callTimeout))
    }
}
