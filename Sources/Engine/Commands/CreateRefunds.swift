import Domain
import Storage

/// Several refunds in one transaction. Each sees those before it and has an outcome of its own: one that is refused
/// holds up no other.
package struct CreateRefunds: Command {
    package let refunds: [CreateRefund]

    package init(_ refunds: [CreateRefund]) {
        self.refunds = refunds
    }

    package var footprint: Footprint {
        refunds.reduce(into: Footprint()) { $0.formUnion($1.footprint) }
    }

    package var weight: Int { max(1, refunds.count) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundBatch> {
        var seen = set
        var changes: [Change] = []
        var outcomes: [Result<RefundDetails, EngineFailure>] = []
        for refund in refunds {
            do throws(EngineFailure) {
                let decision = try refund.decide(seen, &context)
                for change in decision.changes { seen.apply(change) }
                changes += decision.changes
                outcomes.append(.success(decision.conclude(&seen)))
            } catch {
                guard error.isAboutRequest else { throw error }
                outcomes.append(.failure(error))
            }
        }
        return Decision(changes, RefundBatch(id: context.newID(), outcomes: outcomes))
    }
}

/// What became of each refund of a batch, in the order in which they were asked for.
package struct RefundBatch: AboutObject, Sendable {
    /// For the answer that is kept: a batch is nothing by itself.
    let id: Identifier<RefundBatch>
    package let outcomes: [Result<RefundDetails, EngineFailure>]

    package var subject: AnswerSubject { AnswerSubject(kind: "refund_batch", id: id.raw) }
}

extension EngineFailure {
    /// Whether it is an answer to what was asked, not a failure of ours.
    var isAboutRequest: Bool {
        switch self {
        case .notFound, .rejected: true
        case .idempotencyMismatch, .idempotencyInProgress, .pageOutOfReach, .keyInvalid, .clockRefused, .busy,
            .storageUnavailable, .fault:
            false
        }
    }
}
