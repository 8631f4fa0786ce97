import Domain
import Storage

/// A card as a request describes it, its number already gone.
package struct CardDraft: Sendable {
    package let lastFour: String
    package let brand: String
    package let country: String?
    package let funding: String?
    package let network: String?
    package let expiryMonth: Int64
    package let expiryYear: Int64
    package let holder: PersonDetails
    package let externalReference: String?
    package let fingerprint: Digest256
    package let scenario: String?
    package let keyID: String

    /// - Parameters:
    ///   - number: used for what recognises the card, and not kept.
    ///   - scenario: what a simulated processor does with it.
    package init(
        number: CardNumber,
        expiryMonth: Int64,
        expiryYear: Int64,
        country: String? = nil,
        funding: String? = nil,
        network: String? = nil,
        holder: PersonDetails = PersonDetails(),
        externalReference: String? = nil,
        scenario: String?,
        secrets: Secrets
    ) {
        lastFour = number.lastFour
        brand = number.brand
        self.country = country
        self.funding = funding
        self.network = network
        self.expiryMonth = expiryMonth
        self.expiryYear = expiryYear
        self.holder = holder
        self.externalReference = externalReference
        self.scenario = scenario
        fingerprint = secrets.fingerprint(of: number, month: expiryMonth, year: expiryYear)
        keyID = secrets.id
    }
}

/// Which card a request means.
package enum CardWish: Sendable {
    case existing(ObjectName)
    /// The same card where it is known, otherwise a new one.
    case equal(CardDraft)

    func extend(_ footprint: inout Footprint, in book: Book) {
        switch self {
        case .existing(let name): footprint.objects.insert(name)
        case .equal(let draft): footprint.naturalKeys.insert(.cardFingerprint(book, draft.fingerprint))
        }
    }

    /// - Returns: the card, and what has to be written for it.
    func resolve(
        _ set: WorkingSet,
        _ origin: Origin,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> (Card, [Change]) {
        switch self {
        case .existing(let name):
            guard let card = set.card(name) else { throw .notFound(.card, text: name.spelling?.text ?? "") }
            return (card, [])
        case .equal(let draft):
            let known = set.holder(of: .cardFingerprint(origin.book, draft.fingerprint))
            return known.flatMap { set.cards[Card.ID($0)] }.map { ($0, []) } ?? draft.create(origin, &context)
        }
    }
}

extension CardDraft {
    func create(_ origin: Origin, _ context: inout DecisionContext) -> (Card, [Change]) {
        let person = Person(id: context.newID(), book: origin.book, details: holder)
        let hasHolder = holder != PersonDetails()
        var card = Card(
            id: context.newID(),
            book: origin.book,
            createdAt: context.moment,
            lastFour: lastFour,
            brand: brand,
            country: country,
            funding: funding,
            network: network,
            expiryMonth: expiryMonth,
            expiryYear: expiryYear,
            holder: hasHolder ? person.id : nil,
            externalReference: externalReference,
            fingerprint: fingerprint,
            scenario: scenario
        )
        card.digestKeyID = keyID
        var changes: [Change] = hasHolder ? [.insert(.person(person))] : []
        changes += [.insert(.card(card)), .insert(.event(card.event("card.created", by: origin, context)))]
        return (card, changes)
    }
}

extension Card {
    func event(_ type: String, by origin: Origin, _ context: DecisionContext) -> Event {
        Event(
            book: book,
            object: ObjectReference(.card, id.raw),
            sequence: sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: eventPart
        )
    }
}
