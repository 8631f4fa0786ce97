import Domain
import Storage

package struct CreateCard: Command {
    package let origin: Origin
    package let draft: CardDraft

    package init(origin: Origin, draft: CardDraft) {
        self.origin = origin
        self.draft = draft
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.naturalKeys = [.cardFingerprint(origin.book, draft.fingerprint)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<CardDetails> {
        if let other = set.holder(of: .cardFingerprint(origin.book, draft.fingerprint)) {
            throw .rejected(.cardExists(Card.ID(other)))
        }
        let (card, changes) = draft.create(origin, &context)
        return Decision(changes) { set in set.cardDetails(card) }
    }
}

/// Says something else about a card. Members that are `nil` stay as they are. Its number never changes; a
/// new expiry takes its fingerprint away, since that was made of both.
package struct UpdateCard: Command {
    package let origin: Origin
    package let card: ObjectName
    package let holder: PersonDetails
    package let expiryMonth: Int64?
    package let expiryYear: Int64?
    package let network: String?
    package let externalReference: String?

    package init(
        origin: Origin,
        card: ObjectName,
        holder: PersonDetails,
        expiryMonth: Int64?,
        expiryYear: Int64?,
        network: String?,
        externalReference: String?
    ) {
        self.origin = origin
        self.card = card
        self.holder = holder
        self.expiryMonth = expiryMonth
        self.expiryYear = expiryYear
        self.network = network
        self.externalReference = externalReference
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [card]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<CardDetails> {
        guard var card = set.card(card) else { throw .notFound(.card, text: self.card.spelling?.text ?? "") }
        var changes: [Change] = []
        if holder != PersonDetails() {
            let known = card.holder.flatMap { set.persons[$0] }?.details ?? PersonDetails()
            let person = Person(id: context.newID(), book: origin.book, details: known.updated(with: holder))
            card.holder = person.id
            changes.append(.insert(.person(person)))
        }
        let month = expiryMonth ?? card.expiryMonth
        let year = expiryYear ?? card.expiryYear
        if month != card.expiryMonth || year != card.expiryYear { card.fingerprint = nil }
        card.expiryMonth = month
        card.expiryYear = year
        card.network = network ?? card.network
        card.externalReference = externalReference ?? card.externalReference
        card.updatedAt = context.moment
        card.version += 1
        card.sequence += 1
        changes += [.update(.card(card)), .insert(.event(card.event("card.updated", by: origin, context)))]
        return Decision(changes) { set in set.cardDetails(card) }
    }
}

package struct DeleteCard: Command {
    package let origin: Origin
    package let card: ObjectName

    package init(origin: Origin, card: ObjectName) {
        self.origin = origin
        self.card = card
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [card]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard var card = set.card(card) else { throw .notFound(.card, text: self.card.spelling?.text ?? "") }
        card.deletedAt = context.moment
        card.updatedAt = context.moment
        card.version += 1
        card.sequence += 1
        let event = card.event("card.deleted", by: origin, context)
        return Decision([.update(.card(card)), .insert(.event(event))], ())
    }
}
