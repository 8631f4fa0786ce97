import ConnectorKit
import Domain
import Storage

/// Takes the simulated processor's next step for payments that are due.
package struct AdvancePayments: DueCommand {
    package let due: DueWork

    package init(of book: Book? = nil, at moment: Moment, limit: Int) {
        due = DueWork(.payments, of: book, at: moment, limit: limit)
    }

    /// - Returns: how many took a step.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Int> {
        var changes: [Change] = []
        // Payments of one pot meet in it: each step has to see the one before.
        var seen = set
        var moved = 0
        for id in set.due(due) {
            guard let payment = seen.payments[Payment.ID(id)], let dueAt = payment.dueAt, dueAt <= due.moment,
                let connector = context.connectors.taking(Account.mode(of: payment.book)),
                connector.name == payment.connector
            else { continue }
            var move = PaymentMove(payment, in: seen)
            let answer = connector.advance(payment, at: context.moment)
            // What cannot be taken stays as it is, without holding up the others.
            guard (try? move.follow(answer, &context)) != nil else { continue }
            moved += 1
            // A captured payment's last step is the end of what was still authorized.
            let type = payment.state == .captured ? "payment.released" : "payment.\(move.payment.state.rawValue)"
            let steps = move.finish(type, by: .system(payment.book, connector.name), context)
            for change in steps { seen.apply(change) }
            changes += steps
        }
        return Decision(changes, moved)
    }
}
