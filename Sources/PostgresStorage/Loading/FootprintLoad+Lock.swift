#if PostgreSQL
import Domain
import Rows
import Storage

extension FootprintLoad {
    /// The second round trip: the rows, locked in one order on every node.
    func lock() throws {
        var round = Round()
        lockRows(Pot.self, .pot, &round) { .pot($0) }
        lockRows(Payment.self, .payment, &round) { .payment($0) }
        lockOffered(&round)
        let (detailed, contested) = (payments(of: footprint.detailed), payments(of: footprint.contested))
        lockRefunds(of: detailed.union(contested), &round)
        lockFoundRefunds(&round)
        lockRows(Dispute.self, .dispute, &round) { .dispute($0) }
        lockDisputes(of: contested, &round)
        lockReferred(Customer.self, .customer, by: detailed, &round) { .customer($0) }
        lockReferred(Card.self, .card, by: detailed, &round) { .card($0) }
        lookForFacets(&round)
        lockWebhooks(&round)
        try round.run(on: connection)
    }

    /// The payments that names stand for; a dispute stands for its payment. Not all of them need be there.
    private func payments(of names: Set<ObjectName>) -> Set<RowKey> {
        var found: Set<RowKey> = []
        for name in names {
            for key in [name.id.map { RowKey(name.book, $0) }, alias(of: name)].compactMap(\.self) {
                if let payment = name.kind == .dispute ? paymentsOfDisputes[key] : key { found.insert(payment) }
            }
        }
        return found
    }

    func lockRows<Row: StoredRow>(
        _ type: Row.Type,
        _ kind: ObjectKind,
        _ round: inout Round,
        _ loaded: @escaping (Row) -> WorkingRow
    ) {
        guard let keys = wanted[kind], !keys.isEmpty else { return }
        round.ask(statements.selection(Row.self, by: ["book", "id"], keys.inOrder, rowLock)) { [self] rows in
            for row in try rows.rows(Row.self) { set.load(loaded(row)) }
        }
    }

    /// Due work that another node has in its hands is left to it.
    private func lockOffered(_ round: inout Round) {
        let lock = isLocking ? rowLock + " SKIP LOCKED" : ""
        let payments = offered.subtracting(wanted[.payment] ?? [])
        if !payments.isEmpty {
            round.ask(statements.selection(Payment.self, by: ["book", "id"], payments.inOrder, lock)) { [self] rows in
                for payment in try sound(rows, Payment.self) { set.load(.payment(payment)) }
            }
        }
        lockRows(Refund.self, .refund, &round) { .refund($0) }
        let refunds = offeredRefunds.subtracting(wanted[.refund] ?? [])
        guard !refunds.isEmpty else { return }
        round.ask(statements.selection(Refund.self, by: ["book", "id"], refunds.inOrder, lock)) { [self] rows in
            for refund in try sound(rows, Refund.self) where set.payments[refund.payment] != nil {
                set.load(.refund(refund))
            }
        }
    }

    /// A damaged row holds up no other: it is left out of the work.
    func sound<Row: StoredRow>(_ rows: ResultRows, _ type: Row.Type) throws -> [Row] {
        try rows.map(of: Row.table) { columns -> Row? in
            var key = columns
            let id = try (key.book(), key.raw()).1
            do {
                return try Row(from: &columns)
            } catch let damage as DamagedRow {
                leftOut.add(id)
                set.tell(of: "\(damage)")
                return nil
            }
        }
        .compactMap(\.self)
    }

    // MARK: - What belongs to payments

    private func lockRefunds(of payments: Set<RowKey>, _ round: inout Round) {
        guard !payments.isEmpty else { return }
        let statement = statements.selection(Refund.self, by: ["book", "payment"], payments.inOrder, rowLock)
        round.ask(statement) { [self] rows in
            var refunds: [Payment.ID: [Refund.ID]] = [:]
            for refund in try rows.rows(Refund.self) {
                set.load(.refund(refund))
                refunds[refund.payment, default: []].append(refund.id)
            }
            for key in payments { set.setRefunds(refunds[Payment.ID(key.id)] ?? [], of: Payment.ID(key.id)) }
        }
    }

    /// Whoever has these has their payment first: they need no order among each other.
    private func lockFoundRefunds(_ round: inout Round) {
        let payments = payments(of: Set(footprint.found.map(\.payment)))
        guard !payments.isEmpty else { return }
        let own = statements.selection(
            Refund.self,
            by: ["book", "payment"],
            payments.inOrder,
            where: "t.kind <> 'external'",
            rowLock
        )
        round.ask(own) { [self] rows in
            var refunds: [Payment.ID: [Refund.ID]] = [:]
            for refund in try rows.rows(Refund.self) {
                set.load(.refund(refund))
                refunds[refund.payment, default: []].append(refund.id)
            }
            for key in payments { set.setOwnRefunds(refunds[Payment.ID(key.id)] ?? [], of: Payment.ID(key.id)) }
        }
        let values = footprint.found.flatMap { found in
            self.payments(of: [found.payment])
                .map { key -> [StoredValue] in
                    [.book(key.book), .id(key.id), .text(found.reference)]
                }
        }
        let external = statements.selection(
            Refund.self,
            by: ["book", "payment", "processor_reference"],
            values,
            where: "t.kind = 'external'",
            rowLock
        )
        round.ask(external) { [self] rows in
            for refund in try rows.rows(Refund.self) { set.load(.refund(refund)) }
        }
    }

    private func lockDisputes(of payments: Set<RowKey>, _ round: inout Round) {
        guard !payments.isEmpty else { return }
        let statement = statements.selection(Dispute.self, by: ["book", "payment"], payments.inOrder, rowLock)
        round.ask(statement) { [self] rows in
            var disputes: [Payment.ID: [Dispute.ID]] = [:]
            for dispute in try rows.rows(Dispute.self) {
                set.load(.dispute(dispute))
                disputes[dispute.payment, default: []].append(dispute.id)
            }
            for key in payments { set.setDisputes(disputes[Payment.ID(key.id)] ?? [], of: Payment.ID(key.id)) }
        }
    }

    /// The rows that were named, and those that payments refer to, which are locked by now.
    private func lockReferred<Row: StoredRow>(
        _ type: Row.Type,
        _ kind: ObjectKind,
        by payments: Set<RowKey>,
        _ round: inout Round,
        _ loaded: @escaping (Row) -> WorkingRow
    ) {
        guard !payments.isEmpty else { return lockRows(type, kind, &round, loaded) }
        let sql = """
            SELECT \(Row.columnList("t.")) FROM (
                SELECT * FROM unnest($1::int8[], $2::bytea[]) AS named (book, id)
                UNION SELECT p.book, p.\(kind.rawValue) FROM unnest($3::int8[], $4::bytea[]) AS of (book, id)
                    JOIN payment p ON p.book = of.book AND p.id = of.id
            ) k JOIN \(Row.table) t ON t.book = k.book AND t.id = k.id ORDER BY t.book, t.id \(rowLock)
            """
        let keys = (wanted[kind] ?? []).inOrder
        let others = payments.inOrder
        let parameters: [Parameter] = [
            .array(keys.map { $0[0] }, .int8), .array(keys.map { $0[1] }, .bytea),
            .array(others.map { $0[0] }, .int8), .array(others.map { $0[1] }, .bytea),
        ]
        round.ask(Statement(sql, parameters)) { [self] rows in
            for row in try rows.rows(Row.self) { set.load(loaded(row)) }
        }
    }

    private func lookForFacets(_ round: inout Round) {
        var values: [[StoredValue]] = []
        for name in footprint.facets {
            for key in [name.object.id.map { RowKey(name.book, $0) }, alias(of: name.object)].compactMap(\.self) {
                values.append([.book(name.book), .text(name.dialect), .id(key.id)])
            }
        }
        guard !values.isEmpty else { return }
        round.ask(statements.selection(FacetRow.self, by: FacetRow.keyColumns, values, rowLock)) { [self] rows in
            for row in try rows.rows(FacetRow.self) { set.load(.facet(row.facet)) }
        }
    }
}
#endif
