import Domain
import Storage

/// Rows of history in one transaction. Each sees those before it and has an outcome of its own: one that is refused
/// holds up no other.
package struct ImportHistory: Command {
    package enum Item: Sendable {
        case payment(ImportPayment)
        case refund(ImportRefund)
    }

    package let items: [Item]

    package init(_ items: [Item]) {
        self.items = items
    }

    package var footprint: Footprint {
        items.reduce(into: Footprint()) { footprint, item in
            switch item {
            case .payment(let payment): footprint.formUnion(payment.footprint)
            case .refund(let refund): footprint.formUnion(refund.footprint)
            }
        }
    }

    package var weight: Int { max(1, items.count) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<[Result<ImportOutcome, EngineFailure>]> {
        var seen = set
        var changes: [Change] = []
        var outcomes: [Result<ImportOutcome, EngineFailure>] = []
        for item in items {
            do throws(EngineFailure) {
                let decision =
                    switch item {
                    case .payment(let payment): try payment.decide(seen, &context)
                    case .refund(let refund): try refund.decide(seen, &context)
                    }
                for change in decision.changes { seen.apply(change) }
                changes += decision.changes
                outcomes.append(.success(decision.conclude(&seen)))
            } catch {
                guard error.isAboutRequest else { throw error }
                outcomes.append(.failure(error))
            }
        }
        var decision = Decision(changes, outcomes)
        decision.applied = seen
        return decision
    }
}
