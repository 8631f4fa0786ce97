import Domain
import Storage

/// Withdraws a refund that nothing was sent for yet.
package struct CancelRefund: Command {
    package let origin: Origin
    package let refund: ObjectName
    /// Whether the API that asks shows it no longer.
    package let hides: Bool

    package init(origin: Origin, refund: ObjectName, hides: Bool = false) {
        self.origin = origin
        self.refund = refund
        self.hides = hides
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [refund]
        footprint.facets = [facet]
        return footprint
    }

    private var facet: FacetName { FacetName(dialect: origin.dialect, object: refund) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard var move = RefundMove(refund, in: set), set.facet(facet)?.hiddenAt == nil else {
            throw .notFound(.refund, text: refund.spelling?.text ?? "")
        }
        guard context.rules.sending.mayWithdraw(move.refund), move.refund.status != .canceled,
            let next = context.rules.lifecycle(move.refund.status, .cancelRequested)
        else { throw .rejected(.alreadySent) }
        var changes = move.step(to: next, by: origin, context) { refund in
            refund.failure = RefundFailure(.canceled)
            refund.pendingReason = nil
            refund.dueAt = nil
        }
        let refund = move.refund
        if hides {
            changes.append(
                hiding(ObjectReference(.refund, refund.id.raw), facet: set.facet(facet), origin, context.moment)
            )
        }
        return Decision(changes) { [origin] set in set.details(of: refund, dialect: origin.dialect) }
    }
}

/// The change by which one API stops to show an object.
func hiding(_ object: ObjectReference, facet: Facet?, _ origin: Origin, _ moment: Moment) -> Change {
    guard var facet else {
        return .insert(
            .facet(Facet(book: origin.book, dialect: origin.dialect, object: object, body: "{}", hiddenAt: moment))
        )
    }
    facet.hiddenAt = moment
    return .update(.facet(facet))
}
