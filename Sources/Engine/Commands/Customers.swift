import Domain
import Storage

package struct CreateCustomer: Command {
    package let origin: Origin
    package let draft: CustomerDraft
    /// Whether an equal customer is a reason to refuse.
    package let refusesEqual: Bool

    package init(origin: Origin, draft: CustomerDraft, refusesEqual: Bool) {
        self.origin = origin
        self.draft = draft
        self.refusesEqual = refusesEqual
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.naturalKeys = [.customerIdentity(origin.book, draft.identity)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<CustomerDetails> {
        if refusesEqual, let other = set.holder(of: .customerIdentity(origin.book, draft.identity)) {
            throw .rejected(.customerExists(Customer.ID(other)))
        }
        let (customer, changes) = draft.create(set, origin, &context)
        return Decision(changes) { set in set.customerDetails(customer) }
    }
}

/// Says something else about a customer. Members that are `nil` stay as they are.
package struct UpdateCustomer: Command {
    package let origin: Origin
    package let customer: ObjectName
    package let person: PersonDetails
    package let externalReference: String?
    /// What is known no longer.
    package let forgotten: Set<Forgettable>
    package let secrets: Secrets
    /// The identity that the customer will have if nobody else changes it meanwhile.
    package let expectedIdentity: Digest256

    package enum Forgettable: String, CaseIterable, Sendable {
        case name
        case email
        case externalReference = "external_reference"
    }

    /// - Parameter known: the customer as it was read just before.
    package init(
        origin: Origin,
        customer: ObjectName,
        known: CustomerDetails,
        person: PersonDetails,
        externalReference: String?,
        forgotten: Set<Forgettable> = [],
        secrets: Secrets
    ) {
        self.origin = origin
        self.customer = customer
        self.person = person
        self.externalReference = externalReference
        self.forgotten = forgotten
        self.secrets = secrets
        let details = (known.person?.details ?? PersonDetails()).forgetting(forgotten).updated(with: person)
        let kept = forgotten.contains(.externalReference) ? nil : known.customer.externalReference
        expectedIdentity = secrets.identity(of: details, externalReference: externalReference ?? kept)
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [customer]
        footprint.naturalKeys = [.customerIdentity(origin.book, expectedIdentity)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<CustomerDetails> {
        guard var customer = set.customer(customer) else {
            throw .notFound(.customer, text: self.customer.spelling?.text ?? "")
        }
        let known = customer.person.flatMap { set.persons[$0] }?.details ?? PersonDetails()
        let details = known.forgetting(forgotten).updated(with: person)
        let updated = Person(id: context.newID(), book: origin.book, details: details)
        customer.person = updated.id
        if forgotten.contains(.externalReference) { customer.externalReference = nil }
        customer.externalReference = externalReference ?? customer.externalReference
        customer.identity = identity(of: customer, updated, set)
        customer.emailDigest = updated.email.map { secrets.email($0) }
        customer.digestKeyID = secrets.id
        customer.updatedAt = context.moment
        customer.version += 1
        customer.sequence += 1
        let changes: [Change] = [
            .insert(.person(updated)), .update(.customer(customer)),
            .insert(.event(customer.event("customer.updated", by: origin, context))),
        ]
        return Decision(changes) { set in set.customerDetails(customer) }
    }

    /// Whoever equals another customer now is not found by what it says: the first one is.
    private func identity(of customer: Customer, _ person: Person, _ set: WorkingSet) -> Digest256? {
        let identity = secrets.identity(of: person.details, externalReference: customer.externalReference)
        guard identity == expectedIdentity else { return nil }
        let holder = set.holder(of: .customerIdentity(origin.book, identity))
        return holder == nil || holder == customer.id.raw ? identity : nil
    }
}

package struct DeleteCustomer: Command {
    package let origin: Origin
    package let customer: ObjectName

    package init(origin: Origin, customer: ObjectName) {
        self.origin = origin
        self.customer = customer
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [customer]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Void> {
        guard var customer = set.customer(customer) else {
            throw .notFound(.customer, text: self.customer.spelling?.text ?? "")
        }
        customer.deletedAt = context.moment
        customer.updatedAt = context.moment
        customer.version += 1
        customer.sequence += 1
        let event = customer.event("customer.deleted", by: origin, context)
        return Decision([.update(.customer(customer)), .insert(.event(event))], ())
    }
}

extension WorkingSet {
    func customerDetails(_ customer: Customer) -> CustomerDetails {
        CustomerDetails(customer: customer, person: customer.person.flatMap { persons[$0] }, names: names)
    }

    func cardDetails(_ card: Card) -> CardDetails {
        CardDetails(card: card, holder: card.holder.flatMap { persons[$0] }, names: names)
    }
}

extension PersonDetails {
    fileprivate func forgetting(_ members: Set<UpdateCustomer.Forgettable>) -> PersonDetails {
        var details = self
        if members.contains(.name) { (details.name, details.firstName, details.lastName) = (nil, nil, nil) }
        if members.contains(.email) { details.email = nil }
        return details
    }

    /// With every member that `other` names.
    func updated(with other: PersonDetails) -> PersonDetails {
        PersonDetails(
            name: other.name ?? name,
            firstName: other.firstName ?? firstName,
            lastName: other.lastName ?? lastName,
            email: other.email ?? email,
            mobile: other.mobile ?? mobile,
            postalCode: other.postalCode ?? postalCode
        )
    }
}
