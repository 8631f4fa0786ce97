import Domain
import GRDB
import Rows
import Storage

extension WorkingSet {
    /// The footprint's rows, read inside the write transaction.
    static func loading(
        _ footprint: Footprint,
        from db: Database,
        _ sealer: Sealer,
        _ leftOut: LeftOut
    ) throws -> WorkingSet {
        var loader = Loader(db: db, sealer: sealer, leftOut: leftOut)
        for book in footprint.testBooks { try loader.clock(of: book) }
        for book in footprint.clocks where try !db.hasEvents(book) { loader.set.setUntouched(book) }
        for name in footprint.objects { try loader.object(name) }
        for name in footprint.attempted { try loader.attempted(name) }
        for name in footprint.detailed { try loader.detailed(name) }
        for name in footprint.contested { try loader.contested(name) }
        for name in footprint.noted { try loader.noted(name) }
        for key in footprint.naturalKeys { try loader.holder(of: key) }
        for key in footprint.idempotencyKeys { try loader.idempotency(key) }
        for name in footprint.facets { try loader.facet(name) }
        for work in footprint.due { try loader.due(work) }
        for lane in footprint.lanes { try loader.lane(lane) }
        for telling in footprint.tellings { try loader.telling(telling) }
        for name in footprint.webhookMarks { try loader.mark(name) }
        for book in footprint.endpointsOf { try loader.endpoints(of: book) }
        for hash in footprint.apiKeys {
            if let row = try APIKeyRow.find(db, .shared, [.digest(hash)]) { loader.set.load(.apiKey(row.key)) }
        }
        for book in footprint.auditHeads { loader.set.resolve(try db.auditHead(of: book) ?? .beginning(of: book)) }
        if !footprint.accounts.isEmpty { try loader.accounts(footprint.accounts) }
        // Behind everything that is shown: nobody shows the names of these.
        loader.bringsNames = false
        for found in footprint.found { try loader.found(found) }
        return loader.set
    }
}

/// Reads rows into a working set by key, with what each brings along.
private struct Loader {
    let db: Database
    let sealer: Sealer
    let leftOut: LeftOut
    var set = WorkingSet()
    /// Whether payments and pots bring the names that they have elsewhere.
    var bringsNames = true
    private var heard: Set<Refund.ID> = []
    private var asked: Set<Payment.ID> = []
    private let texts = StatementTexts.shared

    init(db: Database, sealer: Sealer, leftOut: LeftOut) {
        self.db = db
        self.sealer = sealer
        self.leftOut = leftOut
    }

    @discardableResult
    mutating func object(_ name: ObjectName) throws -> UInt128? {
        guard let id = try identify(name) else { return nil }
        set.resolve(name, to: id)
        return id
    }

    /// By id where such a row exists, else by alias.
    private mutating func identify(_ name: ObjectName) throws -> UInt128? {
        if let id = name.id, try load(name.kind, id, name.book) { return id }
        guard let spelling = name.spelling, let id = try db.alias(spelling, name.kind, name.book) else { return nil }
        return try load(name.kind, id, name.book) ? id : nil
    }

    /// - Returns: whether there is such a row.
    private mutating func load(_ kind: ObjectKind, _ id: UInt128, _ book: Book) throws -> Bool {
        switch kind {
        case .payment: try payment(Identifier(id), book) != nil
        case .refund: try refund(Identifier(id), book) != nil
        case .customer: try customer(Identifier(id), book)
        case .card: try card(Identifier(id), book)
        case .pot: try pot(Identifier(id), book)
        case .dispute: try dispute(Identifier(id), book)
        case .webhookEndpoint: try endpoint(Identifier(id), book)
        case .delivery: try delivery(Identifier(id), book)
        }
    }

    private mutating func payment(_ id: Payment.ID, _ book: Book) throws -> Payment? {
        if let known = set.payments[id] { return known.book == book ? known : nil }
        guard let payment = try Payment.find(db, texts, [.book(book), .id(id)]) else { return nil }
        set.load(.payment(payment))
        if let id = payment.pot { _ = try pot(id, book) }
        if payment.aliased, bringsNames {
            try aliases(of: [payment.id.raw, payment.pot?.raw, payment.customer?.raw, payment.card?.raw], book)
        }
        return payment
    }

    private mutating func refund(_ id: Refund.ID, _ book: Book) throws -> Refund? {
        if let known = set.refunds[id] { return known.book == book ? known : nil }
        guard let refund = try Refund.find(db, texts, [.book(book), .id(id)]) else { return nil }
        set.load(.refund(refund))
        _ = try payment(refund.payment, book)
        if refund.aliased { try aliases(of: [refund.id.raw, refund.customer?.raw], book) }
        return refund
    }

    private mutating func customer(_ id: Customer.ID, _ book: Book) throws -> Bool {
        if let known = set.customers[id] { return known.book == book }
        guard let customer = try Customer.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.customer(customer))
        if let person = customer.person { try load(person, book) }
        try aliases(of: [id.raw], book)
        return true
    }

    private mutating func card(_ id: Card.ID, _ book: Book) throws -> Bool {
        if let known = set.cards[id] { return known.book == book }
        guard let card = try Card.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.card(card))
        if let holder = card.holder { try load(holder, book) }
        try aliases(of: [id.raw], book)
        return true
    }

    private mutating func pot(_ id: Pot.ID, _ book: Book) throws -> Bool {
        if let known = set.pots[id] { return known.book == book }
        guard let pot = try Pot.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.pot(pot))
        if pot.aliased, bringsNames { try aliases(of: [id.raw, pot.owner?.raw], book) }
        return true
    }

    private mutating func dispute(_ id: Dispute.ID, _ book: Book) throws -> Bool {
        guard let dispute = try Dispute.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.dispute(dispute))
        _ = try payment(dispute.payment, book)
        return true
    }

    private mutating func load(_ person: Person.ID, _ book: Book) throws {
        if let row = try db.person(person, book, sealer) { set.load(.person(row)) }
    }

    private mutating func aliases(of objects: [UInt128?], _ book: Book) throws {
        for case let object? in objects {
            for alias in try db.aliases(of: object, in: book) { set.load(.alias(alias)) }
        }
    }

    mutating func attempted(_ name: ObjectName) throws {
        guard let raw = try object(name) else { return }
        try attempts(of: Refund.ID(raw), name.book)
    }

    private mutating func attempts(of refund: Refund.ID, _ book: Book) throws {
        guard heard.insert(refund).inserted else { return }
        if let attempt = try db.newestAttempt(of: refund, in: book) { set.load(.attempt(attempt)) }
        for fact in try db.evidence(of: refund, in: book) { set.load(.evidence(fact)) }
    }

    mutating func detailed(_ name: ObjectName) throws {
        guard let raw = try object(name), let payment = set.payments[Payment.ID(raw)] else { return }
        if let id = payment.card { _ = try card(id, name.book) }
        if let id = payment.customer { _ = try customer(id, name.book) }
        if let payer = payment.payer { try load(payer, name.book) }
        let refunds = try db.refunds(of: payment.id, in: name.book)
        for refund in refunds { set.load(.refund(refund)) }
        try aliases(of: refunds.filter(\.aliased).map(\.id.raw), name.book)
        set.setRefunds(refunds.map(\.id), of: payment.id)
        for note in try db.notes(of: payment.id.raw, in: name.book, sealer) { set.load(.note(note)) }
    }

    mutating func noted(_ name: ObjectName) throws {
        guard let raw = try object(name) else { return }
        for note in try db.notes(of: raw, in: name.book, sealer) { set.load(.note(note)) }
    }

    mutating func contested(_ name: ObjectName) throws {
        guard let raw = try object(name) else { return }
        let id = name.kind == .dispute ? set.disputes[Dispute.ID(raw)]?.payment : Payment.ID(raw)
        guard let payment = id.flatMap({ set.payments[$0] }) else { return }
        let refunds = try db.refunds(of: payment.id, in: name.book)
        for refund in refunds {
            set.load(.refund(refund))
            try attempts(of: refund.id, name.book)
        }
        set.setRefunds(refunds.map(\.id), of: payment.id)
        let disputes = try db.disputes(of: payment.id, in: name.book)
        for dispute in disputes { set.load(.dispute(dispute)) }
        set.setDisputes(disputes.map(\.id), of: payment.id)
    }

    mutating func found(_ found: RefundFinding) throws {
        let book = found.payment.book
        guard let raw = try object(found.payment) else { return }
        let payment = Payment.ID(raw)
        if asked.insert(payment).inserted {
            let own = try db.ownRefunds(of: payment, in: book)
            for refund in own {
                set.load(.refund(refund))
                try attempts(of: refund.id, book)
            }
            set.setOwnRefunds(own.map(\.id), of: payment)
        }
        if let refund = try db.externalRefund(of: payment, reference: found.reference, in: book) {
            set.load(.refund(refund))
        }
    }

    mutating func holder(of key: NaturalKey) throws {
        let (kind, book, sql, values): (ObjectKind, Book, String, [StoredValue]) =
            switch key {
            case .cardFingerprint(let book, let digest):
                (.card, book, "card WHERE book = ? AND fingerprint = ? AND deleted_at IS NULL", [.digest(digest)])
            case .customerIdentity(let book, let digest):
                (.customer, book, "customer WHERE book = ? AND identity = ? AND deleted_at IS NULL", [.digest(digest)])
            case .customerEmail(let book, let digest):
                (
                    .customer, book,
                    "customer INDEXED BY customer_by_email WHERE book = ? AND email_digest = ? AND deleted_at IS NULL ORDER BY id LIMIT 1",
                    [.digest(digest)]
                )
            case .uniqueReference(let book, let text):
                (.payment, book, "payment WHERE book = ? AND unique_reference = ?", [.text(text)])
            case .processorReference(let book, let connector, let account, let text):
                (
                    .payment, book,
                    "payment WHERE book = ? AND connector = ? AND connector_account = ? AND processor_reference = ?",
                    [.text(connector), .text(account), .text(text)]
                )
            }
        guard let id = try db.oneID("SELECT id FROM \(sql)", [.book(book)] + values) else { return }
        _ = try load(kind, id, book)
        set.resolve(key, to: id)
    }

    mutating func idempotency(_ key: IdempotencyKey) throws {
        if let record = try db.idempotency(key, sealer) { set.load(.idempotency(record)) }
    }

    mutating func facet(_ name: FacetName) throws {
        guard let id = try object(name.object) else { return }
        if let row = try FacetRow.find(db, texts, [.book(name.book), .text(name.dialect), .id(id)]) {
            set.load(.facet(row.facet))
        }
    }

    mutating func clock(of book: Book) throws {
        if let clock = try BookClock.find(db, texts, [.book(book)]) { set.load(.bookClock(clock)) }
    }

    mutating func due(_ work: DueWork) throws {
        let candidates = try db.references(
            "SELECT book, id FROM \(work.source) AND due_at <= ? ORDER BY due_at LIMIT ?",
            work.arguments + [.moment(work.moment), .integer(work.limit + leftOut.count)]
        )
        var found: [UInt128] = []
        for (book, id) in candidates where found.count < work.limit && !leftOut.contains(id) {
            do {
                try due(work.kind, id, book)
                found.append(id)
            } catch let damage as DamagedRow {
                leftOut.add(id)
                set.tell(of: "\(damage)")
            }
        }
        set.resolve(work, to: found)
    }

    private mutating func due(_ kind: DueWork.Kind, _ id: UInt128, _ book: Book) throws {
        switch kind {
        case .refundsToSend, .refundsToFollow, .refundsToApprove, .refundsInFlight:
            _ = try refund(Identifier(id), book)
            try attempts(of: Identifier(id), book)
        case .payments: _ = try payment(Identifier(id), book)
        case .deliveries, .deliveriesInFlight:
            guard try delivery(Identifier(id), book), let found = set.deliveries[Identifier(id)] else { return }
            _ = try endpoint(found.endpoint, book)
        }
    }

    // MARK: - Webhooks

    private mutating func endpoint(_ id: WebhookEndpoint.ID, _ book: Book) throws -> Bool {
        if let known = set.endpoints[id] { return known.book == book }
        guard let row = try WebhookEndpointRow.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.webhookEndpoint(try row.endpoint(sealer)))
        return true
    }

    private mutating func delivery(_ id: Delivery.ID, _ book: Book) throws -> Bool {
        if let known = set.deliveries[id] { return known.book == book }
        guard let delivery = try Delivery.find(db, texts, [.book(book), .id(id)]) else { return false }
        set.load(.delivery(delivery))
        return true
    }

    mutating func lane(_ lane: Lane) throws {
        for sql in [LaneQuery.head, LaneQuery.firstWaiting] {
            let key: [StoredValue] = [.book(lane.book), .id(lane.endpoint), .id(lane.object)]
            if let delivery = try Delivery.one(db, sql, key) { set.load(.delivery(delivery)) }
        }
    }

    mutating func telling(_ telling: Telling) throws {
        let lane = telling.lane
        let key: [StoredValue] = [
            .book(lane.book), .id(lane.endpoint), .id(lane.object), .integer(telling.sequence),
        ]
        if let delivery = try Delivery.one(db, LaneQuery.telling, key) { set.load(.delivery(delivery)) }
    }

    mutating func mark(_ name: WebhookName) throws {
        if let mark = try WebhookMark.find(db, texts, [.book(name.book), .id(name.endpoint)]) {
            set.load(.webhookMark(mark))
        }
    }

    mutating func endpoints(of book: Book) throws {
        for row in try WebhookEndpointRow.all(db, LaneQuery.endpoints, [.book(book)]) {
            set.load(.webhookEndpoint(try row.endpoint(sealer)))
        }
    }

    mutating func accounts(_ names: Set<String>) throws {
        let all = try db.allAccounts()
        for account in all where names.contains(account.name) { set.load(.account(account)) }
        set.accountsCount = Int64(all.count)
    }
}

/// What is asked about webhooks by something else than a key.
private enum LaneQuery {
    private static let lane =
        "SELECT \(Delivery.columnList()) FROM delivery WHERE book = ? AND endpoint = ? AND object = ?"
    static let head = "\(lane) AND due_at IS NOT NULL"
    static let firstWaiting = "\(lane) AND state = 'waiting' ORDER BY sequence LIMIT 1"
    static let telling = "\(lane) AND sequence = ?"
    static let endpoints =
        "SELECT \(WebhookEndpointRow.columnList()) FROM webhook_endpoint WHERE book = ? AND deleted_at IS NULL"
}
