import ConnectorKit
import Domain
import Storage

/// Changes what a merchant may change of a payment, and takes its next step if asked to.
package struct UpdatePayment: Command {
    package enum Step: Sendable, Equatable {
        case authorize
        case capture(CaptureWish)
    }

    package let origin: Origin
    package let payment: ObjectName
    package var card: CardWish?
    package var customer: CustomerWish?
    package var orderReference: String?
    package var uniqueReference: String?
    /// Free texts to set, by the names of ``Note``.
    package var notes: [String: String] = [:]
    /// Gives the new text of the API's own part from the present one.
    package var editFacet: (@Sendable (String?) -> String)?
    package var step: Step?

    package init(origin: Origin, payment: ObjectName) {
        self.origin = origin
        self.payment = payment
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.detailed = [payment]
        footprint.facets = [facetName]
        card?.extend(&footprint, in: origin.book)
        customer?.extend(&footprint, in: origin.book)
        if let uniqueReference { footprint.naturalKeys.insert(.uniqueReference(origin.book, uniqueReference)) }
        return footprint
    }

    private var facetName: FacetName { FacetName(dialect: origin.dialect, object: payment) }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<PaymentDetails> {
        guard var payment = set.payment(payment) else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        if let uniqueReference, let other = set.holder(of: .uniqueReference(origin.book, uniqueReference)),
            other != payment.id.raw
        {
            throw .rejected(.uniqueReferenceTaken(by: Payment.ID(other)))
        }
        var changes: [Change] = []
        var scenario = payment.card.flatMap { set.cards[$0] }?.scenario
        if let wish = card {
            guard payment.state == .created else { throw .rejected(.paymentStepRefused(payment.state)) }
            let (card, created) = try wish.resolve(set, origin, &context)
            payment.card = card.id
            payment.method = .card
            scenario = card.scenario
            changes += created
        }
        if let wish = customer {
            let (customer, created) = try wish.resolve(set, origin, &context)
            payment.customer = customer.id
            changes += created
        }
        payment.aliased =
            payment.aliased || set.names.contains(payment.card?.raw) || set.names.contains(payment.customer?.raw)
        payment.orderReference = orderReference ?? payment.orderReference
        payment.uniqueReference = uniqueReference ?? payment.uniqueReference
        var move = PaymentMove(payment, in: set)
        let type = try take(step, payment, scenario, &move, &context)
        changes += attachments(to: payment, set) + move.finish(type, by: origin, context)
        return Decision(changes) { [origin, id = payment.id] set in
            guard let payment = set.payments[id] else { preconditionFailure("what was loaded is there") }
            return set.details(of: payment, dialect: origin.dialect)
        }
    }

    /// - Returns: the event's type.
    private func take(
        _ step: Step?,
        _ payment: Payment,
        _ scenario: String?,
        _ move: inout PaymentMove,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> String {
        guard let step else { return "payment.updated" }
        guard let connector = context.connectors.taking(Account.mode(of: origin.book)) else {
            throw .rejected(.noProcessorConfigured)
        }
        switch (step, payment.state, payment.method) {
        case (.authorize, .created, let method?), (.capture(CaptureWish()), .created, let method?):
            let order = PaymentOrder(
                amount: payment.authorized,
                currency: payment.currency,
                method: method,
                cardScenario: scenario,
                capturesAtOnce: step != .authorize,
                settlesAtOnce: false,
                moment: context.moment
            )
            try move.follow(connector.take(order), &context)
        case (.capture(let wish), .authorized, _),
            (.capture(let wish), .captured, _) where payment.capturable > 0:
            if let amount = wish.amount, amount > payment.capturable {
                throw .rejected(.exceedsCapturable(remaining: payment.capturable))
            }
            try move.follow(connector.capture(payment, wish, at: context.moment), &context)
        case (.authorize, _, _), (.capture, _, _):
            throw .rejected(.paymentStepRefused(payment.state))
        }
        return "payment.\(move.payment.state.rawValue)"
    }

    private func attachments(to payment: Payment, _ set: WorkingSet) -> [Change] {
        let object = ObjectReference(.payment, payment.id.raw)
        var changes = notes.sorted { $0.key < $1.key }
            .map { name, text -> Change in
                let note = Note(book: origin.book, object: object, name: name, text: text)
                let isThere = set.notes[NoteKey(origin.book, object, name)] != nil
                return isThere ? .update(.note(note)) : .insert(.note(note))
            }
        if let editFacet {
            changes.append(relabeling(object, facet: set.facet(facetName), origin, editFacet))
        }
        return changes
    }
}

/// The change by which an API's own part of an object gets a new text.
func relabeling(
    _ object: ObjectReference,
    facet: Facet?,
    _ origin: Origin,
    _ edit: (String?) -> String
) -> Change {
    guard var facet else {
        return .insert(
            .facet(Facet(book: origin.book, dialect: origin.dialect, object: object, body: edit(nil)))
        )
    }
    facet.body = edit(facet.body)
    return .update(.facet(facet))
}
