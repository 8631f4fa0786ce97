import Domain
import Storage

extension Tables {
    /// Writes what decisions left in a working set, or nothing of it.
    package mutating func write(_ set: WorkingSet) throws(StoreFailure) {
        var tables = self
        try tables.writeOwners(set)
        try tables.writeMoney(set)
        try tables.writeJournal(set)
        try tables.writeWebhooks(set)
        self = tables
    }

    private mutating func writeOwners(_ set: WorkingSet) throws(StoreFailure) {
        accounts += set.accounts.insertedRows
        for account in set.accounts.updatedRows {
            accounts = accounts.map { $0.number == account.number ? account : $0 }
        }
        apiKeys += set.apiKeys.insertedRows
        for key in set.apiKeys.updatedRows { apiKeys = apiKeys.map { $0.hash == key.hash ? key : $0 } }
        for person in set.persons.insertedRows { persons[person.id] = person }
        for customer in set.customers.insertedRows + set.customers.updatedRows {
            let twin = customers.first { other in
                other.id != customer.id && other.book == customer.book && other.deletedAt == nil
                    && other.identity != nil && other.identity == customer.identity
            }
            try check(customer.deletedAt != nil || twin == nil, "customer_by_identity")
        }
        try insert(set.customers, into: \.customers)
        for card in set.cards.insertedRows + set.cards.updatedRows {
            let twin = cards.first { other in
                other.id != card.id && other.book == card.book && other.deletedAt == nil
                    && other.fingerprint != nil && other.fingerprint == card.fingerprint
            }
            try check(card.deletedAt != nil || twin == nil, "card_by_fingerprint")
        }
        try insert(set.cards, into: \.cards)
        try insert(set.pots, into: \.pots)
    }

    private mutating func writeMoney(_ set: WorkingSet) throws(StoreFailure) {
        for payment in set.payments.insertedRows + set.payments.updatedRows { try check(payment) }
        try insert(set.payments, into: \.payments)
        captures += set.captures
        for refund in set.refunds.insertedRows {
            try check(refund.amount > 0, "refund.amount")
            try check(payments[refund.payment.raw, refund.book] != nil, "refund.payment")
            refundsOfPayment[refund.payment, default: []].append(refund.id)
        }
        for refund in set.refunds.insertedRows where refund.kind == .external {
            let twins = (refundsOfPayment[refund.payment] ?? []).compactMap { refunds[$0.raw] }
                .filter { $0.kind == .external && $0.processorReference == refund.processorReference }
            try check(refund.processorReference == nil || twins.isEmpty, "refund_found_once")
        }
        try insert(set.refunds, into: \.refunds)
        for attempt in set.attempts.insertedRows {
            try check(refunds[attempt.refund.raw, attempt.book] != nil, "attempt.refund")
            try check(!(attempts[attempt.refund] ?? []).contains { $0.number == attempt.number }, "attempt.number")
            attempts[attempt.refund, default: []].append(attempt)
        }
        for attempt in set.attempts.updatedRows {
            attempts[attempt.refund] = attempts[attempt.refund]?
                .map { $0.number == attempt.number ? attempt : $0 }
        }
        for fact in set.evidence {
            try check(refunds[fact.refund.raw, fact.book] != nil, "evidence.refund")
            evidence[fact.refund, default: []].append(fact)
        }
        for dispute in set.disputes.insertedRows {
            try check(payments[dispute.payment.raw, dispute.book] != nil, "dispute.payment")
            let twins = (disputesOfPayment[dispute.payment] ?? []).compactMap { disputes[$0.raw] }
                .filter { $0.reference == dispute.reference }
            try check(dispute.reference == nil || twins.isEmpty, "dispute_known_once")
            disputesOfPayment[dispute.payment, default: []].append(dispute.id)
        }
        try insert(set.disputes, into: \.disputes)
    }

    private mutating func writeJournal(_ set: WorkingSet) throws(StoreFailure) {
        for facet in set.facets.insertedRows + set.facets.updatedRows {
            facets[FacetKey(facet.book, facet.dialect, facet.object)] = facet
        }
        for note in set.notes.insertedRows + set.notes.updatedRows {
            notes[NoteKey(note.book, note.object, note.name)] = note
        }
        aliases += set.aliases
        for record in set.idempotency.insertedRows {
            try check(idempotency.updateValue(record, forKey: record.key) == nil, "idempotency.key")
        }
        for entry in set.entries {
            let twin = (entriesByCause[entry.cause] ?? [])
                .contains {
                    $0.book == entry.book && $0.sequence == entry.sequence && $0.debit == entry.debit
                        && $0.credit == entry.credit
                }
            try check(!twin, "entry.sequence")
            entries.append(entry)
            entriesByCause[entry.cause, default: []].append(entry)
        }
        for event in set.events {
            let twin = (events[event.object] ?? []).contains { $0.sequence == event.sequence }
            try check(!twin, "event_by_object")
            events[event.object, default: []].append(event)
            eventLog.append(event)
            if !set.isOnClock(event.book) { latestMoment = max(latestMoment ?? event.at, event.at) }
        }
        acts += set.acts
        for entry in set.auditEntries {
            let next = (auditHead(of: entry.book)?.number ?? 0) + 1
            try check(entry.number == next, "audit_entry.number")
            guard let record = record(entry.source, in: entry.book) else { throw .constraint("audit_entry.source") }
            let isKnown = auditEntries[entry.book]?.contains { $0.entry.source == entry.source } ?? false
            try check(!isKnown, "audit_entry.source")
            auditEntries[entry.book, default: []].append(AuditedRecord(entry: entry, record: record))
        }
        for clock in set.clocks.insertedRows + set.clocks.updatedRows {
            try check(Account.mode(of: clock.book) == .test, "test_clock.book")
            try check(clock.frozenAt == nil || clock.ahead == 0, "test_clock.ahead")
            clocks[clock.book] = clock
        }
        for (book, isOnClock) in set.clockTurns { turn(book, isOnClock) }
        if set.isSilent, let moment = set.moment { latestMoment = max(latestMoment ?? moment, moment) }
        timeMark = set.mark ?? timeMark
        for (tally, amount) in set.tallies { tallies[tally, default: 0] += amount }
    }

    private mutating func turn(_ book: Book, _ isOnClock: Bool) {
        for var refund in refunds.all where refund.book == book && refund.dueAt != nil {
            refund.isOnClock = isOnClock
            refunds.update(refund)
        }
        for var payment in payments.all where payment.book == book && payment.dueAt != nil {
            payment.isOnClock = isOnClock
            payments.update(payment)
        }
    }

    private mutating func writeWebhooks(_ set: WorkingSet) throws(StoreFailure) {
        try insert(set.endpoints, into: \.endpoints)
        for mark in set.webhookMarks.insertedRows + set.webhookMarks.updatedRows {
            try check(endpoints[mark.endpoint.raw, mark.book] != nil, "webhook_mark.endpoint")
            webhookMarks[WebhookName(mark.book, mark.endpoint)] = mark
        }
        for delivery in set.deliveries.insertedRows {
            try check(endpoints[delivery.endpoint.raw, delivery.book] != nil, "delivery.endpoint")
            try check(deliveries.first { Telling(of: $0) == Telling(of: delivery) } == nil, "delivery_told_once")
        }
        try insert(set.deliveries, into: \.deliveries)
        for delivery in set.deliveries.insertedRows + set.deliveries.updatedRows {
            let isDue = delivery.state == .pending || delivery.state == .sending
            try check(isDue == (delivery.dueAt != nil), "delivery.due_at")
            try check(delivery.state.isOpen == (delivery.endedAt == nil), "delivery.ended_at")
            let heads = deliveries.all.count { Lane(of: $0) == Lane(of: delivery) && $0.dueAt != nil }
            try check(heads <= 1, "delivery_head")
        }
        for attempt in set.deliveryAttempts {
            try check(deliveries[attempt.delivery.raw, attempt.book] != nil, "delivery_attempt.delivery")
            let twin = (deliveryAttempts[attempt.delivery] ?? []).contains { $0.number == attempt.number }
            try check(!twin, "delivery_attempt.number")
            deliveryAttempts[attempt.delivery, default: []].append(attempt)
        }
    }

    private mutating func insert<ID, Row: BookRow>(
        _ rows: RowSet<ID, Row>,
        into table: WritableKeyPath<Tables, Table<Row>>
    ) throws(StoreFailure) {
        for row in rows.insertedRows { try check(self[keyPath: table].insert(row), "\(Row.self).id") }
        for row in rows.updatedRows { self[keyPath: table].update(row) }
    }

    /// What the schema says about a payment's amounts.
    private func check(_ payment: Payment) throws(StoreFailure) {
        let amounts = [
            payment.authorized, payment.captured, payment.voided, payment.reserved, payment.refunded,
            payment.disputed, payment.excess,
        ]
        try check(amounts.allSatisfy { $0 >= 0 }, "payment amounts are not negative")
        try check(payment.captured + payment.voided <= payment.authorized, "captured + voided <= authorized")
        let taken = payment.reserved + payment.refunded + payment.disputed
        try check(taken <= payment.captured + payment.excess, "reserved + refunded + disputed <= captured + excess")
        if let reference = payment.uniqueReference {
            let twin = payments.first {
                $0.id != payment.id && $0.book == payment.book && $0.uniqueReference == reference
            }
            try check(twin == nil, "payment_by_unique_reference")
        }
        if let reference = payment.processorReference {
            let twin = payments.first {
                $0.id != payment.id && $0.book == payment.book && $0.connector == payment.connector
                    && $0.connectorAccount == payment.connectorAccount && $0.processorReference == reference
            }
            try check(twin == nil, "payment_by_processor_reference")
        }
    }

    private func check(_ holds: Bool, _ rule: String) throws(StoreFailure) {
        guard holds else { throw .constraint(rule) }
    }
}
