#if PostgreSQL
import Domain
import Rows
import Storage

extension FootprintLoad {
    /// The third round trip: what the rows bring along.
    func bring() throws {
        var round = Round()
        bringHistory(&round)
        bringNotes(&round)
        bringPersons(&round)
        bringAliases(&round)
        bringEndpoints(&round)
        try round.run(on: connection)
    }

    // MARK: - What was sent and heard

    private func bringHistory(_ round: inout Round) {
        var refunds = Set(footprint.attempted.compactMap(key))
        refunds.formUnion(offeredRefunds)
        for name in footprint.contested {
            guard let key = key(of: name), let payment = name.kind == .dispute ? paymentsOfDisputes[key] : key else {
                continue
            }
            for refund in set.refunds(of: Payment.ID(payment.id)) {
                refunds.insert(RowKey(refund.book, refund.id.raw))
            }
        }
        for found in footprint.found {
            guard let key = key(of: found.payment) else { continue }
            for refund in set.ownRefunds(of: Payment.ID(key.id)) { refunds.insert(RowKey(refund.book, refund.id.raw)) }
        }
        let values = refunds.filter { has(.refund, $0) }.inOrder
        guard !values.isEmpty else { return }
        let sql = """
            SELECT DISTINCT ON (t.book, t.refund) \(Attempt.columnList("t."))
            FROM unnest($1::int8[], $2::bytea[]) AS k (book, refund)
            JOIN attempt t ON t.book = k.book AND t.refund = k.refund ORDER BY t.book, t.refund, t.number DESC
            """
        round.ask(Statement(sql, statements.arrays("attempt", ["book", "refund"], values))) { [self] rows in
            for attempt in try rows.rows(Attempt.self) { set.load(.attempt(attempt)) }
        }
        round.ask(statements.selection(Evidence.self, by: ["book", "refund"], values)) { [self] rows in
            for fact in try rows.rows(Evidence.self) { set.load(.evidence(fact)) }
        }
    }

    // MARK: - Persons and texts

    private func bringNotes(_ round: inout Round) {
        let objects = Set(footprint.detailed.union(footprint.noted).compactMap(key))
        guard !objects.isEmpty else { return }
        round.ask(statements.selection(NoteRow.self, by: ["book", "object"], objects.inOrder)) { [self] rows in
            for row in try rows.rows(NoteRow.self) { set.load(.note(try row.note(sealer))) }
        }
    }

    private func bringPersons(_ round: inout Round) {
        var persons: Set<RowKey> = []
        func want(_ person: Person.ID?, in book: Book) {
            if let person { persons.insert(RowKey(book, person.raw)) }
        }
        for customer in set.customers.all { want(customer.person, in: customer.book) }
        for card in set.cards.all { want(card.holder, in: card.book) }
        for name in footprint.detailed {
            if let payment = set.payment(key(of: name)) { want(payment.payer, in: payment.book) }
        }
        guard !persons.isEmpty else { return }
        round.ask(statements.selection(PersonRow.self, by: PersonRow.keyColumns, persons.inOrder)) { [self] rows in
            for row in try rows.rows(PersonRow.self) { set.load(.person(try row.person(sealer))) }
        }
    }

    // MARK: - Ids from elsewhere

    private func bringAliases(_ round: inout Round) {
        var objects: Set<RowKey> = []
        func want(_ ids: [UInt128?], in book: Book) {
            for case let id? in ids { objects.insert(RowKey(book, id)) }
        }
        for payment in set.payments.all where payment.aliased {
            want([payment.id.raw, payment.pot?.raw, payment.customer?.raw, payment.card?.raw], in: payment.book)
        }
        for refund in set.refunds.all where refund.aliased {
            want([refund.id.raw, refund.customer?.raw], in: refund.book)
        }
        for pot in set.pots.all where pot.aliased { want([pot.id.raw, pot.owner?.raw], in: pot.book) }
        for customer in set.customers.all { want([customer.id.raw], in: customer.book) }
        for card in set.cards.all { want([card.id.raw], in: card.book) }
        for dispute in set.disputes.all where !isLocking { want([dispute.id.raw], in: dispute.book) }
        guard !objects.isEmpty else { return }
        round.ask(statements.selection(AliasRow.self, by: ["book", "object"], objects.inOrder)) { [self] rows in
            for row in try rows.rows(AliasRow.self) { set.load(.alias(row.alias)) }
        }
    }
}

extension WorkingSet {
    fileprivate func payment(_ key: RowKey?) -> Payment? {
        key.flatMap { key in payments[Payment.ID(key.id)].flatMap { $0.book == key.book ? $0 : nil } }
    }
}
#endif
