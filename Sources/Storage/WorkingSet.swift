import Domain

/// The rows of a batch, as its decisions see and change them.
package struct WorkingSet: Sendable {
    package private(set) var payments = RowSet<Payment.ID, Payment>()
    package private(set) var refunds = RowSet<Refund.ID, Refund>()
    package private(set) var customers = RowSet<Customer.ID, Customer>()
    package private(set) var cards = RowSet<Card.ID, Card>()
    package private(set) var pots = RowSet<Pot.ID, Pot>()
    package private(set) var disputes = RowSet<Dispute.ID, Dispute>()
    /// What was due, but left out since it is damaged: for the log.
    package private(set) var damage: [String] = []
    package private(set) var persons = RowSet<Person.ID, Person>()
    package private(set) var attempts = RowSet<AttemptKey, Attempt>()
    package private(set) var facets = RowSet<FacetKey, Facet>()
    package private(set) var notes = RowSet<NoteKey, Note>()
    package private(set) var idempotency = RowSet<IdempotencyKey, IdempotencyRecord>()
    package private(set) var accounts = RowSet<String, Account>()
    package private(set) var apiKeys = RowSet<Digest256, APIKey>()

    package private(set) var endpoints = RowSet<WebhookEndpoint.ID, WebhookEndpoint>()
    package private(set) var webhookMarks = RowSet<WebhookEndpoint.ID, WebhookMark>()
    package private(set) var deliveries = RowSet<Delivery.ID, Delivery>()
    package private(set) var deliveryAttempts: [DeliveryAttempt] = []
    /// Of the footprint's books those that were ever stopped.
    package private(set) var clocks = RowSet<Book, BookClock>()

    package private(set) var captures: [Capture] = []
    package private(set) var evidence: [Evidence] = []
    package private(set) var entries: [LedgerEntry] = []
    package private(set) var events: [Event] = []
    package private(set) var aliases: [Alias] = []
    package private(set) var acts: [AuditAct] = []
    package private(set) var auditEntries: [AuditEntry] = []
    package private(set) var tallies: [Tally: Int64] = [:]

    private var resolved: [ObjectName: UInt128] = [:]
    /// Objects that got a name from elsewhere in this batch.
    private var named: [NewName: UInt128] = [:]
    private var natural: [NaturalKey: UInt128] = [:]
    private var refundsOfPayment: [Payment.ID: [Refund.ID]] = [:]
    private var ownRefundsOfPayment: [Payment.ID: [Refund.ID]] = [:]
    private var externalRefunds: [ExternalKey: Refund.ID] = [:]
    private var disputesOfPayment: [Payment.ID: [Dispute.ID]] = [:]
    private var newestAttempts: [Refund.ID: AttemptKey] = [:]
    private var evidenceOfRefund: [Refund.ID: [Evidence]] = [:]
    private var dueWork: [DueWork: [UInt128]] = [:]
    private var auditHeads: [Book: AuditHead] = [:]
    private var deliveriesOfLane: [Lane: [Delivery.ID]] = [:]
    var booksWithoutEvents: Set<Book> = []
    package private(set) var names = Names()
    /// How many accounts there are; the next one's number.
    package var accountsCount: Int64 = 0
    /// The instant of the decisions. A store keeps the latest, so that time does not go back over a restart.
    package var moment: Moment?
    /// To be kept with it, for the next process.
    package var mark: TimeMark?

    package init() {}
}

// MARK: - Looking

extension WorkingSet {
    package func id(_ name: ObjectName) -> UInt128? {
        if let id = resolved[name] { return id }
        guard let spelling = name.spelling else { return name.id }
        return named[NewName(book: name.book, kind: name.kind, spelling: spelling)]
    }

    // A batch may hold rows of several books: a name finds only those of its own.

    package func payment(_ name: ObjectName) -> Payment? {
        id(name).flatMap { payments[Payment.ID($0)] }.flatMap { $0.book == name.book ? $0 : nil }
    }

    package func refund(_ name: ObjectName) -> Refund? {
        id(name).flatMap { refunds[Refund.ID($0)] }.flatMap { $0.book == name.book ? $0 : nil }
    }

    package func customer(_ name: ObjectName) -> Customer? {
        id(name).flatMap { customers[Customer.ID($0)] }
            .flatMap { $0.book == name.book && $0.deletedAt == nil ? $0 : nil }
    }

    package func card(_ name: ObjectName) -> Card? {
        id(name).flatMap { cards[Card.ID($0)] }.flatMap { $0.book == name.book && $0.deletedAt == nil ? $0 : nil }
    }

    package func pot(_ name: ObjectName) -> Pot? {
        id(name).flatMap { pots[Pot.ID($0)] }.flatMap { $0.book == name.book && $0.deletedAt == nil ? $0 : nil }
    }

    package func dispute(_ name: ObjectName) -> Dispute? {
        id(name).flatMap { disputes[Dispute.ID($0)] }.flatMap { $0.book == name.book ? $0 : nil }
    }

    package func endpoint(_ name: ObjectName) -> WebhookEndpoint? {
        id(name).flatMap { endpoints[WebhookEndpoint.ID($0)] }
            .flatMap { $0.book == name.book && $0.deletedAt == nil ? $0 : nil }
    }

    /// How many endpoints a book has. Only for books named in `Footprint.endpointsOf`.
    package func endpointCount(of book: Book) -> Int {
        endpoints.all.count { $0.book == book && $0.deletedAt == nil }
    }

    package func delivery(_ name: ObjectName) -> Delivery? {
        id(name).flatMap { deliveries[Delivery.ID($0)] }.flatMap { $0.book == name.book ? $0 : nil }
    }

    /// The one of a lane that is being sent, or that is next. Only for lanes named in `Footprint.lanes`.
    package func head(of lane: Lane) -> Delivery? {
        (deliveriesOfLane[lane] ?? []).compactMap { deliveries[$0] }.first { $0.dueAt != nil }
    }

    /// The earliest that waits in a lane. Only for lanes named in `Footprint.lanes`.
    package func firstWaiting(in lane: Lane) -> Delivery? {
        (deliveriesOfLane[lane] ?? []).compactMap { deliveries[$0] }.filter { $0.state == .waiting }
            .min { $0.sequence < $1.sequence }
    }

    /// Only for what `Footprint.tellings` names.
    package func delivery(_ telling: Telling) -> Delivery? {
        (deliveriesOfLane[telling.lane] ?? []).compactMap { deliveries[$0] }
            .first { $0.sequence == telling.sequence }
    }

    package func facet(_ name: FacetName) -> Facet? {
        id(name.object).flatMap { facets[FacetKey(name.book, name.dialect, ObjectReference(name.object.kind, $0))] }
    }

    /// The object that has this key, deleted ones aside.
    package func holder(of key: NaturalKey) -> UInt128? { natural[key] }

    package func due(_ work: DueWork) -> [UInt128] { dueWork[work] ?? [] }

    /// Where a book's chain ends, for who may go on with it; `nil` while another process does.
    package func auditHead(of book: Book) -> AuditHead? { auditHeads[book] }

    package func evidence(of refund: Refund.ID) -> [Evidence] { evidenceOfRefund[refund] ?? [] }

    /// In the order in which they were made. Only for payments named in `Footprint.contested` or `.detailed`.
    package func refunds(of payment: Payment.ID) -> [Refund] {
        (refundsOfPayment[payment] ?? []).compactMap { refunds[$0] }
    }

    /// Those that were asked for here, in the order in which they were made. Only for payments named in `Footprint.found`.
    package func ownRefunds(of payment: Payment.ID) -> [Refund] {
        (ownRefundsOfPayment[payment] ?? []).compactMap { refunds[$0] }
    }

    /// The one that was found at the processor under this reference. Only for what `Footprint.found` names.
    package func externalRefund(of payment: Payment.ID, reference: String) -> Refund? {
        externalRefunds[ExternalKey(payment, reference)].flatMap { refunds[$0] }
    }

    /// In the order in which they were opened. Only for payments named in `Footprint.contested`.
    package func disputes(of payment: Payment.ID) -> [Dispute] {
        (disputesOfPayment[payment] ?? []).compactMap { disputes[$0] }
    }

    package func newestAttempt(of refund: Refund.ID) -> Attempt? { newestAttempts[refund].flatMap { attempts[$0] } }
}

// MARK: - Deciding

extension WorkingSet {
    package mutating func apply(_ change: Change) {
        switch change {
        case .insert(let row): insert(row)
        case .update(let row): update(row)
        }
    }

    private mutating func insert(_ row: WorkingRow) {
        switch row {
        case .payment(var payment):
            payment.isOnClock = isOnClock(payment.book)
            payments.insert(payment, for: payment.id)
            for key in payment.naturalKeys { natural[key] = payment.id.raw }
            tallies[Tally(payment.book, .payments), default: 0] += 1
            if isPast(payment.createdAt, in: payment.book) { countLoss(in: payment.book) }
        case .refund(var refund):
            refund.isOnClock = isOnClock(refund.book)
            refunds.insert(refund, for: refund.id)
            refundsOfPayment[refund.payment, default: []].append(refund.id)
            if refund.kind != .external { ownRefundsOfPayment[refund.payment, default: []].append(refund.id) }
            if let key = ExternalKey(refund) { externalRefunds[key] = refund.id }
            tallies[Tally(refund.book, .refunds), default: 0] += 1
            if isPast(refund.createdAt, in: refund.book) { countLoss(in: refund.book) }
        case .customer(let customer):
            customers.insert(customer, for: customer.id)
            index(customer)
        case .card(let card):
            cards.insert(card, for: card.id)
            index(card)
        case .pot(let pot): pots.insert(pot, for: pot.id)
        case .dispute(let dispute):
            disputes.insert(dispute, for: dispute.id)
            disputesOfPayment[dispute.payment, default: []].append(dispute.id)
        case .attempt(let attempt):
            attempts.insert(attempt, for: AttemptKey(attempt))
            newestAttempts[attempt.refund] = AttemptKey(attempt)
        case .facet(let facet):
            facets.insert(facet, for: FacetKey(facet.book, facet.dialect, facet.object))
            if facet.hiddenAt != nil { countHidden(facet) }
        case .note(let note): notes.insert(note, for: NoteKey(note.book, note.object, note.name))
        case .person(let person): persons.insert(person, for: person.id)
        case .capture(let capture): captures.append(capture)
        case .evidence(let fact):
            evidence.append(fact)
            evidenceOfRefund[fact.refund, default: []].append(fact)
        case .entry(let entry): entries.append(entry)
        case .event(let event): events.append(event)
        case .alias(let alias):
            aliases.append(alias)
            names.add(alias.spelling, for: alias.object.id)
            named[NewName(alias)] = alias.object.id
        case .idempotency(let record): idempotency.insert(record, for: record.key)
        case .account(let account):
            accounts.insert(account, for: account.name)
            accountsCount += 1
        case .apiKey(let key): apiKeys.insert(key, for: key.hash)
        case .act(let act): acts.append(act)
        case .auditEntry(let entry):
            auditEntries.append(entry)
            auditHeads[entry.book] = AuditHead(book: entry.book, number: entry.number, hash: entry.hash)
        case .webhookEndpoint(let endpoint): endpoints.insert(endpoint, for: endpoint.id)
        case .webhookMark(let mark): webhookMarks.insert(mark, for: mark.endpoint)
        case .delivery(let delivery):
            deliveries.insert(delivery, for: delivery.id)
            deliveriesOfLane[Lane(of: delivery), default: []].append(delivery.id)
        case .deliveryAttempt(let attempt): deliveryAttempts.append(attempt)
        case .bookClock(let clock): clocks.insert(clock, for: clock.book)
        }
    }

    private mutating func update(_ row: WorkingRow) {
        switch row {
        case .payment(var payment):
            payment.isOnClock = isOnClock(payment.book)
            let before = payments[payment.id]
            for key in before?.naturalKeys ?? [] { natural[key] = nil }
            if let before, !before.isInSameLists(as: payment) { countLoss(in: payment.book) }
            payments.update(payment, for: payment.id)
            for key in payment.naturalKeys { natural[key] = payment.id.raw }
        case .refund(var refund):
            refund.isOnClock = isOnClock(refund.book)
            refunds.update(refund, for: refund.id)
        case .customer(let customer):
            if let before = customers[customer.id] { unindex(before) }
            if customer.deletedAt != nil { countLoss(in: customer.book) }
            customers.update(customer, for: customer.id)
            index(customer)
        case .card(let card):
            if let fingerprint = cards[card.id]?.fingerprint {
                natural[.cardFingerprint(card.book, fingerprint)] = nil
            }
            if card.deletedAt != nil { countLoss(in: card.book) }
            cards.update(card, for: card.id)
            index(card)
        case .pot(let pot):
            if pot.deletedAt != nil { countLoss(in: pot.book) }
            pots.update(pot, for: pot.id)
        case .dispute(let dispute): disputes.update(dispute, for: dispute.id)
        case .attempt(let attempt): attempts.update(attempt, for: AttemptKey(attempt))
        case .facet(let facet):
            let key = FacetKey(facet.book, facet.dialect, facet.object)
            if facets[key]?.hiddenAt == nil, facet.hiddenAt != nil { countHidden(facet) }
            facets.update(facet, for: key)
        case .note(let note): notes.update(note, for: NoteKey(note.book, note.object, note.name))
        case .account(let account): accounts.update(account, for: account.name)
        case .apiKey(let key): apiKeys.update(key, for: key.hash)
        case .webhookEndpoint(let endpoint): endpoints.update(endpoint, for: endpoint.id)
        case .webhookMark(let mark): webhookMarks.update(mark, for: mark.endpoint)
        case .delivery(let delivery): deliveries.update(delivery, for: delivery.id)
        case .bookClock(let clock): clocks.update(clock, for: clock.book)
        case .person, .capture, .evidence, .entry, .event, .alias, .idempotency, .act, .auditEntry,
            .deliveryAttempt:
            preconditionFailure("what was written down once is never changed")
        }
    }

    private mutating func index(_ customer: Customer) {
        guard customer.deletedAt == nil else { return }
        if let identity = customer.identity { natural[.customerIdentity(customer.book, identity)] = customer.id.raw }
        if let email = customer.emailDigest, natural[.customerEmail(customer.book, email)] == nil {
            natural[.customerEmail(customer.book, email)] = customer.id.raw
        }
    }

    private mutating func unindex(_ customer: Customer) {
        if let identity = customer.identity { natural[.customerIdentity(customer.book, identity)] = nil }
        if let email = customer.emailDigest, natural[.customerEmail(customer.book, email)] == customer.id.raw {
            natural[.customerEmail(customer.book, email)] = nil
        }
    }

    private mutating func index(_ card: Card) {
        guard card.deletedAt == nil, let fingerprint = card.fingerprint else { return }
        natural[.cardFingerprint(card.book, fingerprint)] = card.id.raw
    }

    /// What happened before it is written down comes into the middle of lists.
    private func isPast(_ createdAt: Moment, in book: Book) -> Bool {
        guard let moment else { return false }
        return createdAt < (clocks[book]?.moment(moment) ?? moment)
    }

    private mutating func countLoss(in book: Book) { tallies[Tally(book, .losses), default: 0] += 1 }

    private mutating func countHidden(_ facet: Facet) {
        countLoss(in: facet.book)
        switch facet.object.kind {
        case .payment: tallies[Tally(facet.book, .hiddenPayments(facet.dialect)), default: 0] += 1
        case .refund: tallies[Tally(facet.book, .hiddenRefunds(facet.dialect)), default: 0] += 1
        case .dispute, .customer, .card, .pot, .webhookEndpoint, .delivery: break
        }
    }
}

extension Payment {
    fileprivate var naturalKeys: [NaturalKey] {
        [
            uniqueReference.map { .uniqueReference(book, $0) },
            processorReference.map { .processorReference(book, connector, connectorAccount, $0) },
        ]
        .compactMap { $0 }
    }

    fileprivate func isInSameLists(as other: Payment) -> Bool {
        state.isBegun == other.state.isBegun && orderReference == other.orderReference
            && uniqueReference == other.uniqueReference
    }
}

// MARK: - Loading, by a store

extension WorkingSet {
    package mutating func load(_ row: WorkingRow) {
        switch row {
        case .payment(let payment): payments.load(payment, for: payment.id)
        case .refund(let refund):
            refunds.load(refund, for: refund.id)
            if let key = ExternalKey(refund) { externalRefunds[key] = refund.id }
        case .customer(let customer): customers.load(customer, for: customer.id)
        case .card(let card): cards.load(card, for: card.id)
        case .pot(let pot): pots.load(pot, for: pot.id)
        case .dispute(let dispute): disputes.load(dispute, for: dispute.id)
        case .attempt(let attempt):
            attempts.load(attempt, for: AttemptKey(attempt))
            if newestAttempts[attempt.refund] == nil { newestAttempts[attempt.refund] = AttemptKey(attempt) }
        case .facet(let facet): facets.load(facet, for: FacetKey(facet.book, facet.dialect, facet.object))
        case .note(let note): notes.load(note, for: NoteKey(note.book, note.object, note.name))
        case .person(let person): persons.load(person, for: person.id)
        case .evidence(let fact): evidenceOfRefund[fact.refund, default: []].append(fact)
        case .alias(let alias): names.add(alias.spelling, for: alias.object.id)
        case .idempotency(let record): idempotency.load(record, for: record.key)
        case .account(let account): accounts.load(account, for: account.name)
        case .apiKey(let key): apiKeys.load(key, for: key.hash)
        case .webhookEndpoint(let endpoint): endpoints.load(endpoint, for: endpoint.id)
        case .webhookMark(let mark): webhookMarks.load(mark, for: mark.endpoint)
        case .delivery(let delivery):
            guard deliveries[delivery.id] == nil else { return }
            deliveries.load(delivery, for: delivery.id)
            deliveriesOfLane[Lane(of: delivery), default: []].append(delivery.id)
        case .bookClock(let clock): clocks.load(clock, for: clock.book)
        case .capture, .entry, .event, .act, .auditEntry, .deliveryAttempt:
            preconditionFailure("the journal is not loaded for decisions")
        }
    }

    package mutating func resolve(_ head: AuditHead) { auditHeads[head.book] = head }

    package mutating func tell(of damage: String) { self.damage.append(damage) }

    package mutating func resolve(_ name: ObjectName, to id: UInt128) { resolved[name] = id }

    package mutating func resolve(_ key: NaturalKey, to id: UInt128) { natural[key] = id }

    package mutating func resolve(_ work: DueWork, to ids: [UInt128]) { dueWork[work] = ids }

    package mutating func setRefunds(_ ids: [Refund.ID], of payment: Payment.ID) { refundsOfPayment[payment] = ids }

    package mutating func setOwnRefunds(_ ids: [Refund.ID], of payment: Payment.ID) {
        ownRefundsOfPayment[payment] = ids
    }

    package mutating func setDisputes(_ ids: [Dispute.ID], of payment: Payment.ID) {
        disputesOfPayment[payment] = ids
    }
}
