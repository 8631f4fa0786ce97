import ConnectorKit
import Domain
import Storage

/// After a restart: every attempt that was in flight ended without an answer.
package struct RecoverAttempts: DueCommand {
    package let due: DueWork

    /// - Parameter book: one with a time of its own; `nil` for all others.
    package init(of book: Book? = nil, limit: Int) {
        due = DueWork(.refundsInFlight, of: book, at: Moment(milliseconds: .max), limit: limit)
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
