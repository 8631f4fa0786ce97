import Domain
import Storage

/// Changes what one API says about a payment for its merchant alone: no money moves, no other API sees it.
package struct LabelPayment: Command {
    package let origin: Origin
    package let payment: ObjectName
    /// The amount that the label will say, in minor units: not below what was refunded or is being refunded.
    package let amount: Int64?
    /// Gives the new text of the API's own part from the present one.
    package let edit: @Sendable (String?) -> String

    package init(
        origin: Origin,
        payment: ObjectName,
        amount: Int64?,
        edit: @Sendable @escaping (String?) -> String
    ) {
        self.origin = origin
        self.payment = payment
        self.amount = amount
        self.edit = edit
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.detailed = [payment]
        footprint.facets = [facet]
        return footprint
    }

    private var facet: FacetName { FacetName(dialect: origin.dialect, object: payment) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<PaymentDetails> {
        guard let payment = set.payment(payment), set.facet(facet)?.hiddenAt == nil else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        let taken = payment.reserved + payment.refunded
        if let amount, amount < taken { throw .rejected(.labelBelowRefunded(refunded: taken)) }
        var move = PaymentMove(payment, in: set)
        let object = ObjectReference(.payment, payment.id.raw)
        var changes = move.finish("payment.labeled", by: origin, context)
        changes.append(relabeling(object, facet: set.facet(facet), origin, edit))
        return Decision(changes) { [origin, id = payment.id] set in
            guard let payment = set.payments[id] else { preconditionFailure("what was loaded is there") }
            return set.details(of: payment, dialect: origin.dialect)
        }
    }
}
