import Domain
import Storage

/// Gives an object an id that came from elsewhere; from then on it is shown under it in that API.
package struct AddAlias: Command {
    package let object: ObjectName
    package let spelling: Spelling
    package let author: Author

    package init(object: ObjectName, spelling: Spelling, by author: Author = .storno) {
        self.object = object
        self.spelling = spelling
        self.author = author
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [object]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard let id = set.id(object) else { throw .notFound(object.kind, text: spelling.text) }
        let alias = Alias(book: object.book, spelling: spelling, object: ObjectReference(object.kind, id))
        // Not the text: nobody knows what it says elsewhere.
        let act = author.act(
            "alias.added",
            in: object.book,
            object.kind.rawValue,
            alias.object.hexadecimal,
            [("dialect", .text(spelling.dialect))],
            context
        )
        var changes: [Change] = [.insert(.alias(alias)), act]
        switch object.kind {
        case .payment:
            guard var payment = set.payment(object) else { throw .notFound(.payment, text: spelling.text) }
            payment.aliased = true
            changes.append(.update(.payment(payment)))
        case .refund:
            guard var refund = set.refund(object) else { throw .notFound(.refund, text: spelling.text) }
            refund.aliased = true
            changes.append(.update(.refund(refund)))
        case .pot:
            guard var pot = set.pot(object) else { throw .notFound(.pot, text: spelling.text) }
            pot.aliased = true
            changes.append(.update(.pot(pot)))
        case .customer: if set.customer(object) == nil { throw .notFound(.customer, text: spelling.text) }
        case .card: if set.card(object) == nil { throw .notFound(.card, text: spelling.text) }
        case .dispute: break
        case .webhookEndpoint, .delivery: preconditionFailure("no API but ours names it")
        }
        return Decision(changes, ())
    }
}
