import Domain
import Storage

/// Answers to queries, as every store gives them.
extension Tables {
    package func identify(_ name: ObjectName) -> UInt128? {
        if let id = name.id, exists(name.kind, id, name.book) { return id }
        return name.spelling.flatMap { alias($0, name.kind, name.book) }
    }

    package func keys(of listing: Listing, in range: KeyRange) -> [UInt128] {
        guard let most = range.mostLookedAt, listing.isFiltered else {
            return Array(walk(listing, range).prefix(range.limit))
        }
        let looked = Set(walk(listing.unfiltered, range).prefix(most))
        return Array(walk(listing, range).filter { looked.contains($0) }.prefix(range.limit))
    }

    package func key(_ most: Int, of listing: Listing, in range: KeyRange) -> UInt128? {
        walk(listing.unfiltered, range).dropFirst(most - 1).first
    }

    private func walk(_ listing: Listing, _ range: KeyRange) -> [UInt128] {
        let isDescending = range.order == .newestFirst
        let ids = isDescending ? ids(of: listing).reversed() : ids(of: listing)
        return ids.filter { id in
            let isBehind = range.after.map { isDescending ? id < $0 : id > $0 } ?? true
            let isWithin = range.through.map { isDescending ? id >= $0 : id <= $0 } ?? true
            return isBehind && isWithin && range.notBefore.map { id >= $0 } ?? true
        }
    }

    private func ids(of listing: Listing) -> [UInt128] {
        switch listing {
        case .refunds(let book, let payment, let customer, let pot, let dialect, let filter):
            return refunds.all
                .filter { row in
                    row.book == book && payment.map { row.payment == $0 } ?? true
                        && customer.map { row.customer == $0 } ?? true && pot.map { row.pot == $0 } ?? true
                        && isShown(ObjectReference(.refund, row.raw), book, dialect)
                        && filter.takes(row.status, row.reasonCode, row.amount, row.metadata)
                }
                .map(\.raw)
        case .payments(
            let book,
            let order,
            let unique,
            let includingUnbegun,
            let customer,
            let pot,
            let dialect,
            let filter
        ):
            return payments.all
                .filter { row in
                    row.book == book && order.map { row.orderReference == $0 } ?? true
                        && unique.map { row.uniqueReference == $0 } ?? true
                        && customer.map { row.customer == $0 } ?? true && pot.map { row.pot == $0 } ?? true
                        && (includingUnbegun || row.state.isBegun)
                        && filter.takes(row.state, nil, row.authorized, row.metadata)
                        && isShown(ObjectReference(.payment, row.raw), book, dialect)
                }
                .map(\.raw)
        case .customers(let book): return customers.all.filter { $0.book == book && $0.deletedAt == nil }.map(\.raw)
        case .cards(let book): return cards.all.filter { $0.book == book && $0.deletedAt == nil }.map(\.raw)
        case .pots(let book): return pots.all.filter { $0.book == book && $0.deletedAt == nil }.map(\.raw)
        case .disputes(let book, let payment):
            return disputes.all.filter { row in row.book == book && payment.map { row.payment == $0 } ?? true }
                .map(\.raw)
        case .webhookEndpoints(let book):
            return endpoints.all.filter { $0.book == book && $0.deletedAt == nil }.map(\.raw)
        case .deliveries(let book, let endpoint, let states):
            return deliveries.all
                .filter { row in
                    row.book == book && row.endpoint == endpoint && (states.isEmpty || states.contains(row.state))
                }
                .map(\.raw)
        }
    }

    package var webhookWork: [WebhookWork] {
        endpoints.all.filter(\.isActive)
            .compactMap { endpoint in
                let name = WebhookName(endpoint.book, endpoint.id)
                return webhookMarks[name]
                    .map { mark in
                        WebhookWork(
                            name: name,
                            mark: EventPlace(transaction: mark.transaction, number: mark.number),
                            heldUntil: endpoint.heldUntil,
                            nextDue: nextDue(.deliveries(endpoint.book, endpoint.id))
                        )
                    }
            }
    }

    package func placedEvents(in range: EventRange) -> [PlacedEvent] {
        let all = eventLog.enumerated()
            .map { PlacedEvent(place: EventPlace(transaction: 0, number: Int64($0.offset) + 1), event: $0.element) }
        let isDescending = range.order == .newestFirst
        return Array(
            (isDescending ? all.reversed() : all)
                .filter { $0.event.book == range.book && range.takes($0.event.type) }
                .filter { placed in range.after.map { isDescending ? placed.place < $0 : placed.place > $0 } ?? true }
                .prefix(range.limit)
        )
    }

    private func isShown(_ object: ObjectReference, _ book: Book, _ dialect: String) -> Bool {
        facets[FacetKey(book, dialect, object)]?.hiddenAt == nil
    }

    private func names(of ids: [UInt128?], _ book: Book) -> Names {
        var names = Names()
        for case let id? in ids {
            for alias in aliases where alias.book == book && alias.object.id == id {
                names.add(alias.spelling, for: id)
            }
        }
        return names
    }

    private func notes(of object: ObjectReference, _ book: Book) -> [String: String] {
        var texts: [String: String] = [:]
        for name in Note.names { texts[name] = notes[NoteKey(book, object, name)]?.text }
        return texts
    }

    package func totals(of book: Book?) -> [AccountTotal] {
        let books = Set(entries.map(\.book)).filter { book == nil || $0 == book }.sorted()
        return books.flatMap { book in
            let lines = entries.filter { $0.book == book }
            let currencies = Set(lines.map(\.currency)).sorted { $0.code < $1.code }
            return currencies.flatMap { currency in
                let own = lines.filter { $0.currency == currency }
                return LedgerAccount.allCases.compactMap { account -> AccountTotal? in
                    let debit = own.filter { $0.debit == account }.map(\.amount)
                    let credit = own.filter { $0.credit == account }.map(\.amount)
                    guard !debit.isEmpty || !credit.isEmpty else { return nil }
                    return AccountTotal(
                        book: book,
                        currency: currency,
                        account: account,
                        debit: debit.reduce(0, +),
                        credit: credit.reduce(0, +)
                    )
                }
            }
        }
    }

    package func customer(_ id: Customer.ID, _ book: Book) -> CustomerDetails? {
        guard let row = customers[id.raw, book], row.deletedAt == nil else { return nil }
        return CustomerDetails(
            customer: row,
            person: row.person.flatMap { persons[$0] },
            names: names(of: [id.raw], book)
        )
    }

    package func card(_ id: Card.ID, _ book: Book) -> CardDetails? {
        guard let row = cards[id.raw, book], row.deletedAt == nil else { return nil }
        return CardDetails(
            card: row,
            holder: row.holder.flatMap { persons[$0] },
            names: names(of: [id.raw], book)
        )
    }

    package func pot(_ id: Pot.ID, _ book: Book, _ dialect: String) -> PotDetails? {
        guard let row = pots[id.raw, book], row.deletedAt == nil else { return nil }
        return PotDetails(
            pot: row,
            facet: facets[FacetKey(book, dialect, ObjectReference(.pot, id.raw))],
            names: names(of: [id.raw, row.owner?.raw], book)
        )
    }

    package func dispute(_ id: Dispute.ID, _ book: Book) -> DisputeDetails? {
        guard let row = disputes[id.raw, book], let payment = payments[row.payment.raw, book] else { return nil }
        return DisputeDetails(
            dispute: row,
            orderReference: payment.orderReference,
            names: names(of: [id.raw, payment.raw], book)
        )
    }

    package func refund(_ id: Refund.ID, _ book: Book, _ dialect: String) -> RefundDetails? {
        guard let row = refunds[id.raw, book], let payment = payments[row.payment.raw, book] else { return nil }
        let object = ObjectReference(.refund, id.raw)
        return RefundDetails(
            refund: row,
            paymentCaptured: payment.captured,
            comment: notes[NoteKey(book, object, "comment")]?.text,
            isHidden: !isShown(object, book, dialect),
            names: names(of: [id.raw, payment.raw, row.pot?.raw, row.customer?.raw], book)
        )
    }

    package func payment(_ id: Payment.ID, _ book: Book, _ dialect: String) -> PaymentDetails? {
        guard let row = payments[id.raw, book] else { return nil }
        let object = ObjectReference(.payment, id.raw)
        let refunds = (refundsOfPayment[id] ?? []).sorted().compactMap { self.refunds[$0.raw] }
        return PaymentDetails(
            payment: row,
            card: row.card.flatMap { card($0, book) },
            customer: row.customer.flatMap { customer($0, book) },
            payer: row.payer.flatMap { persons[$0] },
            refunds: refunds,
            facet: facets[FacetKey(book, dialect, object)],
            notes: notes(of: object, book),
            names: names(of: [id.raw, row.pot?.raw, row.customer?.raw, row.card?.raw] + refunds.map(\.raw), book)
        )
    }
}

extension Listing {
    fileprivate var unfiltered: Listing {
        switch self {
        case .refunds(let book, let payment, let customer, let pot, let dialect, _):
            .refunds(book, payment: payment, customer: customer, pot: pot, hiddenIn: dialect)
        case .payments(let book, let order, let unique, let unbegun, let customer, let pot, let dialect, _):
            .payments(
                book,
                orderReference: order,
                uniqueReference: unique,
                includingUnbegun: unbegun,
                customer: customer,
                pot: pot,
                hiddenIn: dialect
            )
        case .deliveries(let book, let endpoint, _): .deliveries(book, endpoint, in: [])
        case .customers, .cards, .pots, .disputes, .webhookEndpoints: self
        }
    }
}

extension Filter {
    func takes(_ state: State, _ reason: String?, _ amount: Int64, _ metadata: Metadata) -> Bool {
        (states.isEmpty || states.contains(state)) && (self.reason == nil || self.reason == reason)
            && self.amount?.contains(amount) ?? true && self.metadata.allSatisfy { metadata[$0.key] == $0.value }
    }
}
