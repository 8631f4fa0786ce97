import ConnectorKit
import Domain
import Storage

/// Takes the simulated processor's next step for payments that are due.
package struct AdvancePayments: Command {
    package let due: DueWork

    package init(at moment: Moment, limit: Int) {
        due = DueWork(.payments, at: moment, limit: limit)
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.due = [due]
        return footprint
    }

    /// - Returns: how many were due.
    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Int> {
        var changes: [Change] = []
        // Payments of one pot meet in it: each step has to see the one before.
        var seen = set
        for id in set.due(due) {
            guard let payment = set.payments[Payment.ID(id)],
                let connector = context.connectors.taking(Account.mode(of: payment.book)),
                connector.name == payment.connector
            else { continue }
            var move = PaymentMove(payment, in: seen)
            try move.follow(connector.advance(payment, at: context.moment), &context)
            let type = "payment.\(move.payment.state.rawValue)"
            let steps = move.finish(type, by: .system(payment.book, connector.name), context)
            for change in steps { seen.apply(change) }
            changes += steps
        }
        return Decision(changes, set.due(due).count)
    }
}
