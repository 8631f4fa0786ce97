import ConnectorKit
import Domain
import Storage

/// The books went back to a backup. What waited in it may have been sent afterwards, and the books that knew are
/// lost: it is treated as a call that was never seen to end, so that the processor is asked before anything is sent.
/// What waited for approval may have been approved and sent: a person has to look.
package struct DoubtRestored: DueCommand {
    package let due: DueWork
    private let since: Moment

    /// - Parameters:
    ///   - kind: queued refunds, or those that wait for approval.
    ///   - book: one with a time of its own; `nil` for all others.
    ///   - since: the backup's last moment, after which it may have been sent.
    package init(_ kind: DueWork.Kind, of book: Book? = nil, since: Moment, limit: Int) {
        due = DueWork(kind, of: book, at: Moment(milliseconds: .max), limit: limit)
        self.since = since
    }

    /// - Returns: which were found.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<[Refund.ID]> {
        var changes: [Change] = []
        var doubted: [Refund.ID] = []
        for id in set.due(due) {
            guard let refund = set.refunds[Refund.ID(id)],
                let next = context.rules.lifecycle(refund.status, .restored),
                var move = RefundMove(ObjectName(.refund, id, in: refund.book), in: set)
            else { continue }
            let attempt = context.connectors.connector(named: refund.connector)
                .map { Attempt(next: refund, $0, set, context) }
            if let attempt { changes.append(.insert(.attempt(attempt))) }
            changes += move.step(to: next, by: .system(refund.book, "restore"), context) { refund in
                refund.attempts = attempt?.number ?? refund.attempts
                refund.firstSentAt = refund.firstSentAt ?? since
                refund.pendingReason = nil
                refund.dueAt = next == .dispatching ? attempt?.leaseUntil : nil
            }
            doubted.append(refund.id)
        }
        return Decision(changes, doubted)
    }
}
