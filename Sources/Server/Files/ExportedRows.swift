import Domain
import Rows
import Storage

/// What exports read, in SQL that both databases understand, and how it is shown.
struct ExportedRows: Sendable {
    let book: Book
    let from: Moment?
    let until: Moment?
    let isPersonal: Bool

    func columns(of subject: Export.Subject) -> [String] {
        switch subject {
        case .payments: HistoryKind.payments.columns + (isPersonal ? HistoryKind.payments.personalColumns : [])
        case .refunds: HistoryKind.refunds.columns
        case .events:
            [
                "object", "object_kind", "sequence", "type", "at", "actor_kind", "actor", "request_id", "data",
            ]
        case .ledger:
            [
                "booked_at", "value_date", "debit", "credit", "amount", "currency", "cause_kind", "cause", "sequence",
            ]
        }
    }

    /// - Parameter visit: gets a value for each of the columns.
    func each(
        _ subject: Export.Subject,
        in rows: any RowWalk,
        _ sealer: Sealer,
        _ visit: ([FileValue]) throws -> Void
    ) throws {
        switch subject {
        case .payments: try eachPayment(in: rows, sealer, visit)
        case .refunds: try eachRefund(in: rows, visit)
        case .events: try eachEvent(in: rows, visit)
        case .ledger: try eachEntry(in: rows, visit)
        }
    }

    // MARK: - Payments and refunds

    /// The id under which an API knows an object, with the API's name in front.
    private static func alias(of object: String) -> String {
        """
        (SELECT a.dialect || ' ' || a.text FROM alias a WHERE a.book = o.book AND a.object = \(object)
        ORDER BY a.dialect, a.text LIMIT 1)
        """
    }

    private func eachPayment(
        in rows: any RowWalk,
        _ sealer: Sealer,
        _ visit: ([FileValue]) throws -> Void
    ) throws {
        let sql = """
            SELECT \(Payment.columnList("o.")), \(Self.alias(of: "o.id")),
                (SELECT CAST(sum(c.fee) AS BIGINT) FROM capture c WHERE c.book = o.book AND c.payment = o.id),
                u.person, p.sealed
            FROM payment o LEFT JOIN customer u ON u.book = o.book AND u.id = o.customer
            LEFT JOIN person p ON p.book = u.book AND p.id = u.person
            WHERE o.book = ? \(range("o.id")) ORDER BY o.id
            """
        try rows.each(sql, [.book(book)] + bounds { .id(Identifier<Void>.earliest(at: $0)) }, of: Payment.table) {
            columns in
            let payment = try Payment(from: &columns)
            let name = name(try columns.optionalText(), ObjectReference(.payment, payment.id.raw))
            let fee = try columns.optionalInteger()
            let holder: Person.ID? = try columns.optionalID()
            let sealed = try columns.optionalData()
            var values: [FileValue] = [
                .text(name.text), .text(name.dialect), .number(payment.authorized), .text(payment.currency.code),
                .number(payment.captured), time(payment.createdAt), time(payment.capturedAt),
                .text(payment.orderReference), .text(payment.connector), .text(payment.connectorAccount),
                .text(payment.processorReference), .number(fee ?? 0), metadata(payment.metadata),
                .text(payment.state.rawValue), .number(payment.refunded), .number(payment.disputed),
            ]
            if isPersonal {
                let person = try sealed.flatMap { sealed in
                    try holder.map { try PersonRow(book: book, id: $0, sealed: sealed).person(sealer) }
                }
                values += [.text(person?.email), .text(person?.fullName)]
            }
            try visit(values)
            return true
        }
    }

    private func eachRefund(in rows: any RowWalk, _ visit: ([FileValue]) throws -> Void) throws {
        let sql = """
            SELECT \(Refund.columnList("o.")), \(Self.alias(of: "o.id")), \(Self.alias(of: "o.payment"))
            FROM refund o WHERE o.book = ? \(range("o.id")) ORDER BY o.id
            """
        try rows.each(sql, [.book(book)] + bounds { .id(Identifier<Void>.earliest(at: $0)) }, of: Refund.table) {
            columns in
            let refund = try Refund(from: &columns)
            let name = name(try columns.optionalText(), ObjectReference(.refund, refund.id.raw))
            let payment = self.name(try columns.optionalText(), ObjectReference(.payment, refund.payment.raw))
            try visit([
                .text(name.text), .text(name.dialect), .text(payment.text), .text(payment.dialect),
                .number(refund.amount), .text(refund.currency.code), .text(refund.status.rawValue),
                time(refund.createdAt), time(refund.succeededAt), .text(refund.reasonCode),
                .text(refund.failure?.code.rawValue), .text(refund.processorReference), metadata(refund.metadata),
            ])
            return true
        }
    }

    /// As an API knows it, otherwise as our own does.
    private func name(_ alias: String?, _ object: ObjectReference) -> (dialect: String, text: String) {
        guard let alias, let blank = alias.firstIndex(of: " ") else { return ("storno", Catalog.text(object)) }
        return (String(alias[..<blank]), String(alias[alias.index(after: blank)...]))
    }

    private func metadata(_ metadata: Metadata) -> FileValue {
        metadata.isEmpty ? .none : .json(EventPart(metadata.sorted { $0.key < $1.key }.map { ($0, .text($1)) }).json)
    }

    // MARK: - Events and the journal

    private func eachEvent(in rows: any RowWalk, _ visit: ([FileValue]) throws -> Void) throws {
        let sql = "SELECT \(Event.columnList()) FROM event WHERE book = ? \(range("at")) ORDER BY number"
        try rows.each(sql, [.book(book)] + bounds { .moment($0) }, of: Event.table) { columns in
            let event = try Event(from: &columns)
            try visit([
                .text(Catalog.text(event.object)), .text(event.object.kind.rawValue), .number(event.sequence),
                .text(event.type), time(event.at), .text(event.actor.kind.rawValue), .text(event.actor.id),
                .text(event.requestID), .json(event.part.json),
            ])
            return true
        }
    }

    private func eachEntry(in rows: any RowWalk, _ visit: ([FileValue]) throws -> Void) throws {
        let keys = LedgerEntry.keyColumns.joined(separator: ", ")
        let sql = "SELECT \(LedgerEntry.columnList()) FROM entry WHERE book = ? \(range("booked_at")) ORDER BY \(keys)"
        try rows.each(sql, [.book(book)] + bounds { .moment($0) }, of: LedgerEntry.table) { columns in
            let entry = try LedgerEntry(from: &columns)
            try visit([
                time(entry.bookedAt), time(entry.valueDate), .text("\(entry.debit)"), .text("\(entry.credit)"),
                .number(entry.amount), .text(entry.currency.code), .text(entry.cause.kind.rawValue),
                .text(Catalog.text(entry.cause)), .number(entry.sequence),
            ])
            return true
        }
    }

    private func time(_ moment: Moment?) -> FileValue { .text(moment.map(Instant.exactText)) }

    private func range(_ column: String) -> String {
        (from == nil ? "" : "AND \(column) >= ? ") + (until == nil ? "" : "AND \(column) < ?")
    }

    private func bounds(_ value: (Moment) -> StoredValue) -> [StoredValue] {
        [from, until].compactMap(\.self).map(value)
    }
}
