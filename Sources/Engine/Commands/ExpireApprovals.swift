import Domain
import Storage

/// Calls off the refunds that nobody approved in time.
package struct ExpireApprovals: DueCommand {
    package let due: DueWork

    package init(of book: Book? = nil, at moment: Moment, limit: Int) {
        due = DueWork(.refundsToApprove, of: book, at: moment, limit: limit)
    }

    /// - Returns: how many were called off.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Int> {
        var changes: [Change] = []
        // Refunds of one payment give back to the same row: each has to see the one before.
        var seen = set
        var expired = 0
        for id in set.due(due) {
            guard let refund = seen.refunds[Refund.ID(id)], let dueAt = refund.dueAt, dueAt <= due.moment,
                let next = context.rules.lifecycle(refund.status, .expired), refund.status == .awaitingApproval,
                var move = RefundMove(ObjectName(.refund, id, in: refund.book), in: seen)
            else { continue }
            let steps = move.step(to: next, by: .system(refund.book, "approvals"), context) { refund in
                refund.failure = RefundFailure(.canceled, detail: "Nobody approved the refund in time.")
                refund.dueAt = nil
            }
            for change in steps { seen.apply(change) }
            changes += steps
            expired += 1
        }
        return Decision(changes, expired)
    }
}
