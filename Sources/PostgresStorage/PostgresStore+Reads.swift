#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    func reading<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) throws -> Value
    ) async throws(StoreFailure) -> Value {
        do {
            return try await readers.run(body)
        } catch {
            throw StoreFailure(error)
        }
    }

    /// The rows that a footprint names, as they are at one moment, unlocked.
    func loading<Value: Sendable>(
        _ footprint: Footprint,
        _ read: @Sendable (WorkingSet) -> Value
    ) async throws(StoreFailure) -> Value {
        try await reading { [rows, sealer, leftOut] connection in
            let load = FootprintLoad(footprint, on: connection, rows, sealer, leftOut)
            let set = try load.run()
            try connection.execute(Statement("COMMIT"))
            return read(set)
        }
    }

    /// All rows of a kind that have this in those columns.
    private func all<Row: StoredRow & Sendable>(
        _ type: Row.Type,
        by columns: [String],
        _ values: [StoredValue]
    ) async throws(StoreFailure) -> [Row] {
        try await reading { [rows] connection in
            try connection.execute(rows.selection(Row.self, by: columns, [values])).rows(Row.self)
        }
    }

    package func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128? {
        try await reading { [rows] connection in
            var round = Round()
            var found: UInt128?
            if let spelling = name.spelling, !spelling.text.utf8.contains(0) {
                let key: [StoredValue] = [
                    .book(name.book), .text(spelling.dialect), .word(name.kind), .text(spelling.text),
                ]
                round.ask(rows.selection(AliasRow.self, by: AliasRow.keyColumns, [key])) { answer in
                    found = try answer.rows(AliasRow.self).first?.alias.object.id
                }
            }
            if let id = name.id {
                let sql = "SELECT id FROM \(name.kind.rawValue) WHERE book = ? AND id = ?"
                round.ask(Statement(marked: sql, [.book(name.book), .id(id)])) { answer in
                    found = try answer.map(of: name.kind.rawValue) { try $0.raw() }.first ?? found
                }
            }
            try round.run(on: connection)
            return found
        }
    }

    /// The text that one name has in a row's metadata. A NUL, which metadata could hold once, would fail the whole walk.
    static let metadataText = """
        (CASE WHEN strpos(metadata, '\\u0000') > 0 THEN NULL ELSE metadata::jsonb ->> ? END)
        """

    /// PostgreSQL chooses the index by itself.
    static let listings = ListingQuery.Style(metadata: metadataText) { _ in "" }

    package func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        let query = ListingQuery(listing, range, Self.listings)
        return try await reading { connection in
            try connection.execute(Statement(marked: query.sql, query.arguments)).map(of: "an index") { try $0.raw() }
        }
    }

    package func key(_ most: Int, of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> UInt128? {
        let query = ListingQuery(endOf: listing, range, after: most, Self.listings)
        return try await reading { connection in
            try connection.execute(Statement(marked: query.sql, query.arguments)).map(of: "an index") { try $0.raw() }
                .first
        }
    }

    // MARK: - Objects with what an answer shows

    package func payments(
        _ ids: [Payment.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [PaymentDetails] {
        var footprint = Footprint()
        footprint.detailed = Set(ids.map { ObjectName(.payment, $0.raw, in: book) })
        footprint.facets = Set(footprint.detailed.map { FacetName(dialect: dialect, object: $0) })
        return try await loading(footprint) { set in
            ids.compactMap { set.payments[$0].map { set.details(of: $0, dialect: dialect) } }
        }
    }

    package func refunds(
        _ ids: [Refund.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [RefundDetails] {
        var footprint = Footprint()
        footprint.noted = Set(ids.map { ObjectName(.refund, $0.raw, in: book) })
        footprint.facets = Set(footprint.noted.map { FacetName(dialect: dialect, object: $0) })
        return try await loading(footprint) { set in
            ids.compactMap { set.refunds[$0].map { set.details(of: $0, dialect: dialect) } }
        }
    }

    package func customers(_ ids: [Customer.ID], in book: Book) async throws(StoreFailure) -> [CustomerDetails] {
        var footprint = Footprint()
        footprint.objects = Set(ids.map { ObjectName(.customer, $0.raw, in: book) })
        return try await loading(footprint) { set in
            ids.compactMap { id in
                guard let customer = set.customers[id], customer.deletedAt == nil else { return nil }
                let person = customer.person.flatMap { set.persons[$0] }
                return CustomerDetails(customer: customer, person: person, names: set.names)
            }
        }
    }

    package func cards(_ ids: [Card.ID], in book: Book) async throws(StoreFailure) -> [CardDetails] {
        var footprint = Footprint()
        footprint.objects = Set(ids.map { ObjectName(.card, $0.raw, in: book) })
        return try await loading(footprint) { set in
            ids.compactMap { id in
                guard let card = set.cards[id], card.deletedAt == nil else { return nil }
                return CardDetails(card: card, holder: card.holder.flatMap { set.persons[$0] }, names: set.names)
            }
        }
    }

    package func pots(_ ids: [Pot.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [PotDetails] {
        var footprint = Footprint()
        footprint.objects = Set(ids.map { ObjectName(.pot, $0.raw, in: book) })
        footprint.facets = Set(footprint.objects.map { FacetName(dialect: dialect, object: $0) })
        return try await loading(footprint) { set in
            ids.compactMap { id in
                guard let pot = set.pots[id], pot.deletedAt == nil else { return nil }
                let facet = set.facet(FacetName(dialect: dialect, object: ObjectName(.pot, id.raw, in: book)))
                return PotDetails(pot: pot, facet: facet, names: set.names)
            }
        }
    }

    package func disputes(_ ids: [Dispute.ID], in book: Book) async throws(StoreFailure) -> [DisputeDetails] {
        var footprint = Footprint()
        footprint.objects = Set(ids.map { ObjectName(.dispute, $0.raw, in: book) })
        return try await loading(footprint) { set in
            ids.compactMap { id in
                guard let dispute = set.disputes[id], let payment = set.payments[dispute.payment] else { return nil }
                return DisputeDetails(
                    dispute: dispute,
                    orderReference: payment.orderReference,
                    names: set.names
                )
            }
        }
    }

    // MARK: - Rows as they are

    package func captures(of payment: Payment.ID, in book: Book) async throws(StoreFailure) -> [Capture] {
        try await all(Capture.self, by: ["book", "payment"], [.book(book), .id(payment)])
    }

    package func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt] {
        try await all(Attempt.self, by: ["book", "refund"], [.book(book), .id(refund)])
    }

    package func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence] {
        try await all(Evidence.self, by: ["book", "refund"], [.book(book), .id(refund)])
    }

    package func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event] {
        try await all(Event.self, by: ["book", "object"], [.book(book), .id(object.id)])
    }

    package func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry] {
        try await all(LedgerEntry.self, by: ["book", "cause"], [.book(book), .id(object.id)])
    }

    package func accounts() async throws(StoreFailure) -> [Account] {
        try await reading { connection in
            var (round, found) = (Round(), [Account]())
            Accounts.ask(&round) { found = $0 }
            try round.run(on: connection)
            return found
        }
    }

    package func apiKeys() async throws(StoreFailure) -> [APIKey] {
        try await reading { connection in
            let sql = "SELECT \(APIKeyRow.columnList()) FROM api_key ORDER BY created_at, name"
            return try connection.execute(Statement(sql)).rows(APIKeyRow.self).map(\.key)
        }
    }

    package func notes(of object: UInt128, in book: Book) async throws(StoreFailure) -> [Note] {
        try await reading { [rows, sealer] connection in
            let values: [StoredValue] = [.book(book), .id(object)]
            let found = try connection.execute(rows.selection(NoteRow.self, by: ["book", "object"], [values]))
            return try found.rows(NoteRow.self).map { try $0.note(sealer) }.sorted { $0.name < $1.name }
        }
    }
}
#endif
