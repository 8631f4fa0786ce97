import Domain
import Storage

extension Tables {
    /// The footprint's rows, with what each brings along.
    package func workingSet(_ footprint: Footprint) -> WorkingSet {
        var loader = Loader(tables: self)
        for book in footprint.testBooks {
            if let clock = clocks[book] { loader.set.load(.bookClock(clock)) }
        }
        for book in footprint.clocks where !eventLog.contains(where: { $0.book == book }) {
            loader.set.setUntouched(book)
        }
        for name in footprint.objects { loader.object(name) }
        for name in footprint.attempted { loader.attempted(name) }
        for name in footprint.detailed { loader.detailed(name) }
        for name in footprint.noted { loader.noted(name) }
        for name in footprint.contested { loader.contested(name) }
        for found in footprint.found { loader.found(found) }
        for key in footprint.naturalKeys { loader.holder(of: key) }
        for key in footprint.idempotencyKeys {
            if let record = idempotency[key] { loader.set.load(.idempotency(record)) }
        }
        for name in footprint.facets { loader.facet(name) }
        for work in footprint.due { loader.due(work) }
        for lane in footprint.lanes { loader.lane(lane) }
        for telling in footprint.tellings { loader.telling(telling) }
        for name in footprint.webhookMarks {
            if let mark = webhookMarks[name] { loader.set.load(.webhookMark(mark)) }
        }
        for endpoint in endpoints.all where footprint.endpointsOf.contains(endpoint.book) {
            loader.set.load(.webhookEndpoint(endpoint))
        }
        for key in apiKeys where footprint.apiKeys.contains(key.hash) { loader.set.load(.apiKey(key)) }
        for account in accounts where footprint.accounts.contains(account.name) {
            loader.set.load(.account(account))
        }
        for book in footprint.auditHeads { loader.set.resolve(auditHead(of: book) ?? .beginning(of: book)) }
        loader.set.accountsCount = Int64(accounts.count)
        return loader.set
    }

    package func alias(_ spelling: Spelling, _ kind: ObjectKind, _ book: Book) -> UInt128? {
        aliases.first { $0.book == book && $0.spelling == spelling && $0.object.kind == kind }?.object.id
    }

    package func exists(_ kind: ObjectKind, _ id: UInt128, _ book: Book) -> Bool {
        switch kind {
        case .payment: payments[id, book] != nil
        case .refund: refunds[id, book] != nil
        case .customer: customers[id, book] != nil
        case .card: cards[id, book] != nil
        case .pot: pots[id, book] != nil
        case .dispute: disputes[id, book] != nil
        case .webhookEndpoint: endpoints[id, book] != nil
        case .delivery: deliveries[id, book] != nil
        }
    }

    /// The due moment and the id of everything of a kind that has one, oldest first.
    package func due(_ kind: DueWork.Kind, of book: Book? = nil) -> [(at: Moment, book: Book, id: UInt128)] {
        let found: [(at: Moment, book: Book, id: UInt128)]
        if let rows = dueDeliveries(kind) {
            found = rows.compactMap { row in row.dueAt.map { ($0, row.book, row.raw) } }
        } else if kind == .payments {
            found = payments.all.filter { isBy($0.isOnClock, $0.book, book) }
                .compactMap { row in row.dueAt.map { ($0, row.book, row.raw) } }
        } else {
            found = refunds.all.compactMap { row in
                guard let dueAt = row.dueAt, Tables.isWork(row, of: kind), isBy(row.isOnClock, row.book, book) else {
                    return nil
                }
                return (dueAt, row.book, row.raw)
            }
        }
        return found.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    package func nextDue(_ kind: DueWork.Kind) -> Moment? {
        var first: Moment?
        func consider(_ dueAt: Moment?) {
            if let dueAt, first.map({ dueAt < $0 }) ?? true { first = dueAt }
        }
        if let rows = dueDeliveries(kind) {
            for row in rows { consider(row.dueAt) }
        } else if kind == .payments {
            payments.visit { if !$0.isOnClock { consider($0.dueAt) } }
        } else {
            refunds.visit { if !$0.isOnClock, Tables.isWork($0, of: kind) { consider($0.dueAt) } }
        }
        return first
    }

    /// Whether a row is of that book, which has a time of its own; without one, of any that has none.
    private func isBy(_ isOnClock: Bool, _ book: Book, _ wanted: Book?) -> Bool {
        wanted.map { isOnClock && $0 == book } ?? !isOnClock
    }

    package func nextDue(in book: Book, after moment: Moment) -> Moment? {
        let refunds = refunds.all.filter { $0.book == book && $0.isOnClock }.compactMap(\.dueAt)
        let payments = payments.all.filter { $0.book == book && $0.isOnClock }.compactMap(\.dueAt)
        return (refunds + payments).filter { $0 > moment }.min()
    }

    package var clockWork: [ClockWork] {
        clocks.values.filter(\.isSet).sorted { $0.book < $1.book }
            .map { ClockWork(clock: $0, nextDue: nextDue(in: $0.book, after: Moment(milliseconds: .min))) }
    }

    /// `nil` for a kind of other work.
    private func dueDeliveries(_ kind: DueWork.Kind) -> [Delivery]? {
        switch kind {
        case .deliveries(let book, let endpoint): deliveries.all.filter { $0.book == book && $0.endpoint == endpoint }
        case .deliveriesInFlight: deliveries.all.filter { $0.state == .sending }
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight, .payments: nil
        }
    }

    private static func isWork(_ refund: Refund, of kind: DueWork.Kind) -> Bool {
        switch kind {
        case .refundsToSend(let connector): refund.connector == connector && refund.status == .queued
        case .refundsToFollow(let connector):
            refund.connector == connector && refund.status != .queued && refund.status != .awaitingApproval
        case .refundsToApprove: refund.status == .awaitingApproval
        case .refundsInFlight: refund.status == .dispatching
        case .payments, .deliveries, .deliveriesInFlight: false
        }
    }
}

private struct Loader {
    let tables: Tables
    var set = WorkingSet()
    private var heard: Set<Refund.ID> = []

    init(tables: Tables) {
        self.tables = tables
    }

    @discardableResult
    mutating func object(_ name: ObjectName) -> UInt128? {
        guard let id = identify(name) else { return nil }
        set.resolve(name, to: id)
        return id
    }

    private mutating func identify(_ name: ObjectName) -> UInt128? {
        if let id = name.id, load(name.kind, id, name.book) { return id }
        guard let spelling = name.spelling, let id = tables.alias(spelling, name.kind, name.book) else { return nil }
        return load(name.kind, id, name.book) ? id : nil
    }

    private mutating func load(_ kind: ObjectKind, _ id: UInt128, _ book: Book) -> Bool {
        guard tables.exists(kind, id, book) else { return false }
        switch kind {
        case .payment: payment(id, book)
        case .refund: refund(id, book)
        case .customer:
            if let customer = tables.customers[id, book] {
                set.load(.customer(customer))
                person(customer.person)
            }
        case .card:
            if let card = tables.cards[id, book] {
                set.load(.card(card))
                person(card.holder)
            }
        case .pot: if let pot = tables.pots[id, book] { set.load(.pot(pot)) }
        case .dispute:
            if let dispute = tables.disputes[id, book] {
                set.load(.dispute(dispute))
                payment(dispute.payment.raw, book)
            }
        case .webhookEndpoint: if let endpoint = tables.endpoints[id, book] { set.load(.webhookEndpoint(endpoint)) }
        case .delivery: if let delivery = tables.deliveries[id, book] { set.load(.delivery(delivery)) }
        }
        for alias in tables.aliases where alias.object.id == id { set.load(.alias(alias)) }
        return true
    }

    private mutating func payment(_ id: UInt128, _ book: Book) {
        guard set.payments[Payment.ID(id)] == nil, let payment = tables.payments[id, book] else { return }
        set.load(.payment(payment))
        if let pot = payment.pot { _ = load(.pot, pot.raw, book) }
    }

    private mutating func refund(_ id: UInt128, _ book: Book) {
        guard let refund = tables.refunds[id, book] else { return }
        set.load(.refund(refund))
        payment(refund.payment.raw, book)
    }

    private mutating func person(_ id: Person.ID?) {
        if let id, let person = tables.persons[id] { set.load(.person(person)) }
    }

    mutating func attempted(_ name: ObjectName) {
        guard let raw = object(name) else { return }
        attempts(of: Refund.ID(raw))
    }

    private mutating func attempts(of refund: Refund.ID) {
        guard heard.insert(refund).inserted else { return }
        if let newest = tables.attempts[refund]?.max(by: { $0.number < $1.number }) { set.load(.attempt(newest)) }
        let facts = (tables.evidence[refund] ?? []).sorted { $0.id < $1.id }
        for fact in facts { set.load(.evidence(fact)) }
    }

    mutating func detailed(_ name: ObjectName) {
        guard let payment = relatives(of: name) else { return }
        if let card = payment.card { _ = load(.card, card.raw, name.book) }
        if let customer = payment.customer { _ = load(.customer, customer.raw, name.book) }
        person(payment.payer)
        for (key, note) in tables.notes where key.object == ObjectReference(.payment, payment.id.raw) {
            set.load(.note(note))
        }
    }

    mutating func noted(_ name: ObjectName) {
        guard let raw = object(name) else { return }
        let object = ObjectReference(name.kind, raw)
        for (key, note) in tables.notes where key.object == object && key.book == name.book {
            set.load(.note(note))
        }
    }

    mutating func contested(_ name: ObjectName) {
        guard let payment = relatives(of: name) else { return }
        for refund in tables.refundsOfPayment[payment.id] ?? [] { attempts(of: refund) }
        let disputes = (tables.disputesOfPayment[payment.id] ?? []).sorted()
        for id in disputes { _ = load(.dispute, id.raw, name.book) }
        set.setDisputes(disputes, of: payment.id)
    }

    mutating func found(_ found: RefundFinding) {
        guard let raw = object(found.payment), let payment = set.payments[Payment.ID(raw)] else { return }
        let refunds = (tables.refundsOfPayment[payment.id] ?? []).sorted()
            .compactMap { tables.refunds[$0.raw, payment.book] }
        let own = refunds.filter { $0.kind != .external }
        for refund in own {
            _ = load(.refund, refund.id.raw, payment.book)
            attempts(of: refund.id)
        }
        set.setOwnRefunds(own.map(\.id), of: payment.id)
        for refund in refunds where refund.kind == .external && refund.processorReference == found.reference {
            _ = load(.refund, refund.id.raw, payment.book)
        }
    }

    /// A payment with all its refunds; a dispute stands for its payment.
    private mutating func relatives(of name: ObjectName) -> Payment? {
        guard let raw = object(name) else { return nil }
        let id = name.kind == .dispute ? set.disputes[Dispute.ID(raw)]?.payment : Payment.ID(raw)
        guard let payment = id.flatMap({ set.payments[$0] }) else { return nil }
        let refunds = (tables.refundsOfPayment[payment.id] ?? []).sorted()
        for id in refunds { _ = load(.refund, id.raw, name.book) }
        set.setRefunds(refunds, of: payment.id)
        return payment
    }

    mutating func holder(of key: NaturalKey) {
        let found: (ObjectKind, any BookRow)? =
            switch key {
            case .cardFingerprint(let book, let digest):
                tables.cards.first { $0.book == book && $0.fingerprint == digest && $0.deletedAt == nil }
                    .map { (.card, $0) }
            case .customerIdentity(let book, let digest):
                tables.customers.first { $0.book == book && $0.identity == digest && $0.deletedAt == nil }
                    .map { (.customer, $0) }
            case .customerEmail(let book, let digest):
                tables.customers.first { $0.book == book && $0.emailDigest == digest && $0.deletedAt == nil }
                    .map { (.customer, $0) }
            case .uniqueReference(let book, let text):
                tables.payments.first { $0.book == book && $0.uniqueReference == text }.map { (.payment, $0) }
            case .processorReference(let book, let connector, let account, let text):
                tables.payments
                    .first {
                        $0.book == book && $0.connector == connector && $0.connectorAccount == account
                            && $0.processorReference == text
                    }
                    .map { (.payment, $0) }
            }
        guard let (kind, row) = found else { return }
        _ = load(kind, row.raw, row.book)
        set.resolve(key, to: row.raw)
    }

    mutating func facet(_ name: FacetName) {
        guard let id = object(name.object) else { return }
        let key = FacetKey(name.book, name.dialect, ObjectReference(name.object.kind, id))
        if let facet = tables.facets[key] { set.load(.facet(facet)) }
    }

    private func delivery(_ kind: DueWork.Kind, _ id: UInt128, _ book: Book) -> Delivery? {
        switch kind {
        case .deliveries, .deliveriesInFlight: tables.deliveries[id, book]
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight, .payments: nil
        }
    }

    mutating func lane(_ lane: Lane) {
        let open = tables.deliveries.all.filter { Lane(of: $0) == lane && $0.state.isOpen }
        for delivery in open where delivery.dueAt != nil { set.load(.delivery(delivery)) }
        let waiting = open.filter { $0.state == .waiting }.min { $0.sequence < $1.sequence }
        if let waiting { set.load(.delivery(waiting)) }
    }

    mutating func telling(_ telling: Telling) {
        for delivery in tables.deliveries.all where Telling(of: delivery) == telling { set.load(.delivery(delivery)) }
    }

    mutating func due(_ work: DueWork) {
        let found = tables.due(work.kind, of: work.book).prefix { $0.at <= work.moment }.prefix(work.limit)
        for (_, book, id) in found {
            if let delivery = delivery(work.kind, id, book) {
                set.load(.delivery(delivery))
                _ = load(.webhookEndpoint, delivery.endpoint.raw, book)
            } else if work.kind == .payments {
                payment(id, book)
            } else {
                refund(id, book)
                attempts(of: Refund.ID(id))
            }
        }
        set.resolve(work, to: found.map(\.id))
    }
}
