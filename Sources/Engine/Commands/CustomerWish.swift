import Domain
import Storage

/// Somebody new, as a request describes them, with the digests that recognise them.
package struct CustomerDraft: Sendable {
    package let person: PersonDetails
    package let externalReference: String?
    package let metadata: Metadata
    package let identity: Digest256
    package let emailDigest: Digest256?
    package let keyID: String
    /// Whether they come with imported history.
    package var isPast = false

    package init(person: PersonDetails, externalReference: String?, metadata: Metadata = [:], secrets: Secrets) {
        self.person = person
        self.externalReference = externalReference
        self.metadata = metadata
        identity = secrets.identity(of: person, externalReference: externalReference)
        emailDigest = person.email.map { secrets.email($0) }
        keyID = secrets.id
    }
}

/// Which customer a request means.
package enum CustomerWish: Sendable {
    case existing(ObjectName)
    /// An equal one where there is one, otherwise a new one.
    case equal(CustomerDraft)
    /// Whoever has that e-mail address, otherwise a new one.
    case withEmail(CustomerDraft)

    func extend(_ footprint: inout Footprint, in book: Book) {
        switch self {
        case .existing(let name): footprint.objects.insert(name)
        case .equal(let draft): footprint.naturalKeys.insert(.customerIdentity(book, draft.identity))
        case .withEmail(let draft):
            footprint.naturalKeys.insert(.customerIdentity(book, draft.identity))
            if let email = draft.emailDigest { footprint.naturalKeys.insert(.customerEmail(book, email)) }
        }
    }

    /// - Returns: the customer, and what has to be written for it.
    func resolve(
        _ set: WorkingSet,
        _ origin: Origin,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> (Customer, [Change]) {
        switch self {
        case .existing(let name):
            guard let customer = set.customer(name) else {
                throw .notFound(.customer, text: name.spelling?.text ?? "")
            }
            return (customer, [])
        case .equal(let draft):
            return known(.customerIdentity(origin.book, draft.identity), set).map { ($0, []) }
                ?? draft.create(set, origin, &context)
        case .withEmail(let draft):
            return draft.emailDigest.flatMap { known(.customerEmail(origin.book, $0), set) }.map { ($0, []) }
                ?? draft.create(set, origin, &context)
        }
    }

    private func known(_ key: NaturalKey, _ set: WorkingSet) -> Customer? {
        set.holder(of: key).flatMap { set.customers[Customer.ID($0)] }
    }
}

extension CustomerDraft {
    /// Two customers may say the same of themselves where an API allows it; only the first is found by that.
    func create(_ set: WorkingSet, _ origin: Origin, _ context: inout DecisionContext) -> (Customer, [Change]) {
        let person = Person(id: context.newID(), book: origin.book, details: person)
        var customer = Customer(
            id: context.newID(),
            book: origin.book,
            createdAt: context.moment,
            person: person.id,
            externalReference: externalReference,
            metadata: metadata,
            identity: set.holder(of: .customerIdentity(origin.book, identity)) == nil ? identity : nil,
            emailDigest: emailDigest
        )
        customer.digestKeyID = keyID
        let changes: [Change] = [
            .insert(.person(person)), .insert(.customer(customer)),
            .insert(.event(customer.event(isPast ? "customer.imported" : "customer.created", by: origin, context))),
        ]
        return (customer, changes)
    }
}

extension Customer {
    func event(_ type: String, by origin: Origin, _ context: DecisionContext) -> Event {
        Event(
            book: book,
            object: ObjectReference(.customer, id.raw),
            sequence: sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: eventPart
        )
    }
}
