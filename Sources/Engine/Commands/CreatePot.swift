import Domain
import Storage

package struct CreatePot: Command {
    package let origin: Origin
    package let name: String
    package let currency: Currency
    package let owner: ObjectName?
    package let metadata: Metadata
    /// What the API keeps for itself, as JSON.
    package let facet: String?

    package init(
        origin: Origin,
        name: String,
        currency: Currency,
        owner: ObjectName?,
        metadata: Metadata,
        facet: String?
    ) {
        self.origin = origin
        self.name = name
        self.currency = currency
        self.owner = owner
        self.metadata = metadata
        self.facet = facet
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.addedTo = [origin.book]
        if let owner { footprint.objects = [owner] }
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<PotDetails> {
        let owner = try self.owner.map { name throws(EngineFailure) -> Customer in
            guard let customer = set.customer(name) else {
                throw .notFound(.customer, text: name.spelling?.text ?? "")
            }
            return customer
        }
        var pot = Pot(
            id: context.newID(),
            book: origin.book,
            createdAt: context.moment,
            name: name,
            currency: currency,
            owner: owner?.id,
            metadata: metadata
        )
        pot.aliased = set.names.contains(owner?.id.raw)
        let object = ObjectReference(.pot, pot.id.raw)
        let event = Event(
            book: origin.book,
            object: object,
            sequence: pot.sequence,
            type: "pot.created",
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: pot.eventPart
        )
        let facet = facet.map { Facet(book: origin.book, dialect: origin.dialect, object: object, body: $0) }
        var changes: [Change] = [.insert(.pot(pot)), .insert(.event(event))]
        if let facet { changes.append(.insert(.facet(facet))) }
        return Decision(changes) { set in PotDetails(pot: pot, facet: facet, names: set.names) }
    }
}
