import Domain
import Storage

/// Takes a payment out of one API's sight. Moves no money, cancels no refund; other APIs still see it.
package struct HidePayment: Command {
    package let origin: Origin
    package let payment: ObjectName

    package init(origin: Origin, payment: ObjectName) {
        self.origin = origin
        self.payment = payment
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [payment]
        footprint.facets = [facet]
        return footprint
    }

    private var facet: FacetName { FacetName(dialect: origin.dialect, object: payment) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard let payment = set.payment(payment), set.facet(facet)?.hiddenAt == nil else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        var move = PaymentMove(payment, in: set)
        var changes = move.finish("payment.hidden", by: origin, context)
        let object = ObjectReference(.payment, payment.id.raw)
        changes.append(hiding(object, facet: set.facet(facet), origin, context.moment))
        return Decision(changes, ())
    }
}
