import Domain
import Foundation
import GRDB
import Rows
import Storage

extension SQLiteStore {
    package func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128? {
        try await reading(objects: 1) { db in
            if let id = name.id, try db.exists(name.kind, id, name.book) { return id }
            return try name.spelling.flatMap { try db.alias($0, name.kind, name.book) }
        }
    }

    package func payments(
        _ ids: [Payment.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [PaymentDetails] {
        try await reading(objects: ids.count) { [sealer] db in
            try ids.compactMap { try db.paymentDetails($0, book, dialect, sealer) }
        }
    }

    package func refunds(
        _ ids: [Refund.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [RefundDetails] {
        // Names beside it stay what they were when it was written.
        try await reading(objects: ids.count, isOneStatement: ids.count == 1) { [sealer] db in
            try ids.compactMap { try db.refundDetails($0, book, dialect, sealer) }
        }
    }

    package func customers(_ ids: [Customer.ID], in book: Book) async throws(StoreFailure) -> [CustomerDetails] {
        try await reading(objects: ids.count) { [sealer] db in
            try ids.compactMap { try db.customerDetails($0, book, sealer) }
        }
    }

    package func cards(_ ids: [Card.ID], in book: Book) async throws(StoreFailure) -> [CardDetails] {
        try await reading(objects: ids.count) { [sealer] db in
            try ids.compactMap { try db.cardDetails($0, book, sealer) }
        }
    }

    package func pots(_ ids: [Pot.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [PotDetails] {
        try await reading(objects: ids.count) { db in
            try ids.compactMap { id in
                guard let pot = try Pot.find(db, .shared, [.book(book), .id(id)]), pot.deletedAt == nil else {
                    return nil
                }
                return PotDetails(
                    pot: pot,
                    facet: try db.facet(id.raw, book, dialect),
                    names: pot.aliased ? try db.names(of: [pot.id.raw, pot.owner?.raw], book) : Names()
                )
            }
        }
    }

    package func disputes(_ ids: [Dispute.ID], in book: Book) async throws(StoreFailure) -> [DisputeDetails] {
        try await reading(objects: ids.count) { db in
            try ids.compactMap { id in
                guard let dispute = try Dispute.find(db, .shared, [.book(book), .id(id)]),
                    let payment = try Payment.find(db, .shared, [.book(book), .id(dispute.payment)])
                else { return nil }
                return DisputeDetails(
                    dispute: dispute,
                    orderReference: payment.orderReference,
                    names: payment.aliased ? try db.names(of: [id.raw, payment.id.raw], book) : Names()
                )
            }
        }
    }

    package func captures(of payment: Payment.ID, in book: Book) async throws(StoreFailure) -> [Capture] {
        try await reading { db in
            let sql = "SELECT \(Capture.columnList()) FROM capture WHERE book = ? AND payment = ? ORDER BY id"
            return try Capture.all(db, sql, [.book(book), .id(payment)])
        }
    }

    package func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt] {
        try await reading { db in
            let sql = "SELECT \(Attempt.columnList()) FROM attempt WHERE book = ? AND refund = ? ORDER BY number"
            return try Attempt.all(db, sql, [.book(book), .id(refund)])
        }
    }

    package func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence] {
        try await reading { db in try db.evidence(of: refund, in: book) }
    }

    package func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event] {
        try await reading { db in
            let sql = "SELECT \(Event.columnList()) FROM event WHERE book = ? AND object = ? ORDER BY sequence"
            return try Event.all(db, sql, [.book(book), .id(object.id)])
        }
    }

    package func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry] {
        try await reading { db in
            let sql = "SELECT \(LedgerEntry.columnList()) FROM entry WHERE book = ? AND cause = ? ORDER BY sequence"
            return try LedgerEntry.all(db, sql, [.book(book), .id(object.id)])
        }
    }

    package func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment? {
        try await reading { [leftOut] db in
            let sql = "SELECT due_at, id FROM \(kind.source) ORDER BY due_at LIMIT ?"
            var next: Moment?
            try db.cachedStatement(sql: sql)
                .each(kind.arguments + [.integer(leftOut.count + 1)]) { row in
                    var columns = Columns(row, of: "an index")
                    let moment = try columns.moment()
                    guard try !leftOut.contains(columns.raw()) else { return true }
                    next = moment
                    return false
                }
            return next
        }
    }

    package func nextDue(in book: Book, after moment: Moment) async throws(StoreFailure) -> Moment? {
        try await reading { db in
            let arguments: [StoredValue] = [.book(book), .moment(moment), .book(book), .moment(moment)]
            let statement = try db.cachedStatement(sql: ClockQuery.nextDue)
            return try statement.first(of: "an index", arguments) { try $0.optionalMoment() }
        }
    }

    package func clock(of book: Book) async throws(StoreFailure) -> BookClock? {
        try await reading { db in try BookClock.one(db, ClockQuery.byBook, [.book(book)]) }
    }

    package func clockWork() async throws(StoreFailure) -> [ClockWork] {
        try await reading { db in
            try db.cachedStatement(sql: ClockQuery.work).all(of: BookClock.table) { try ClockWork(from: &$0) }
        }
    }

    package func tally(_ tally: Tally) async throws(StoreFailure) -> Int64 {
        try await reading { db in
            let sql = "SELECT coalesce(sum(amount), 0) FROM tally WHERE book = ? AND name = ?"
            return try Int64.fetchOne(db, sql: sql, arguments: [tally.book.number, tally.name.text]) ?? 0
        }
    }

    package func accounts() async throws(StoreFailure) -> [Account] {
        try await reading { db in try db.allAccounts() }
    }

    package func apiKeys() async throws(StoreFailure) -> [APIKey] {
        try await reading { db in
            try APIKeyRow.all(db, "SELECT \(APIKeyRow.columnList()) FROM api_key ORDER BY created_at, name", [])
                .map(\.key)
        }
    }

    package func latestMoment() async throws(StoreFailure) -> Moment? {
        try await reading { db in
            let told = try Int64.fetchOne(
                db,
                sql: """
                    SELECT at FROM event WHERE book NOT IN (SELECT book FROM test_clock WHERE \(ClockQuery.isSet))
                    ORDER BY number DESC LIMIT 1
                    """
            )
            let kept = try Int64.fetchOne(db, sql: "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'moment'")
            return [told, kept].compactMap(\.self).max().map(Moment.init(milliseconds:))
        }
    }

    package func timeMark(of boot: String) async throws(StoreFailure) -> TimeMark? {
        try await reading { db in
            try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'time_mark'").flatMap(TimeMarkText.mark)
                .flatMap { $0.boot == boot ? $0 : nil }
        }
    }

    /// Writes a row if the last write failed: only that shows whether the next one can succeed.
    package func probe() async throws(StoreFailure) {
        try await writing { [health] db in
            guard health.hasFailed else { return }
            try db.execute(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', '')")
        }
    }
}

extension Database {
    func hasEvents(_ book: Book) throws -> Bool {
        try Int64.fetchOne(self, sql: "SELECT 1 FROM event WHERE book = ? LIMIT 1", arguments: [book.number]) != nil
    }

    func exists(_ kind: ObjectKind, _ id: UInt128, _ book: Book) throws -> Bool {
        try oneID("SELECT id FROM \(kind.rawValue) WHERE book = ? AND id = ?", [.book(book), .id(id)]) != nil
    }

    func names(of objects: [UInt128?], _ book: Book) throws -> Names {
        var names = Names()
        for case let object? in objects {
            for alias in try aliases(of: object, in: book) { names.add(alias.spelling, for: object) }
        }
        return names
    }

    func facet(_ object: UInt128, _ book: Book, _ dialect: String) throws -> Facet? {
        try FacetRow.find(self, .shared, [.book(book), .text(dialect), .id(object)])?.facet
    }

    func person(_ id: Person.ID?, _ book: Book, _ sealer: Sealer) throws -> Person? {
        try id.flatMap { try PersonRow.find(self, .shared, [.book(book), .id($0)])?.person(sealer) }
    }

    func customerDetails(_ id: Customer.ID, _ book: Book, _ sealer: Sealer) throws -> CustomerDetails? {
        guard let customer = try Customer.find(self, .shared, [.book(book), .id(id)]), customer.deletedAt == nil else {
            return nil
        }
        return CustomerDetails(
            customer: customer,
            person: try person(customer.person, book, sealer),
            names: try names(of: [id.raw], book)
        )
    }

    func cardDetails(_ id: Card.ID, _ book: Book, _ sealer: Sealer) throws -> CardDetails? {
        guard let card = try Card.find(self, .shared, [.book(book), .id(id)]), card.deletedAt == nil else { return nil }
        return CardDetails(
            card: card,
            holder: try person(card.holder, book, sealer),
            names: try names(of: [id.raw], book)
        )
    }

    func refundDetails(
        _ id: Refund.ID,
        _ book: Book,
        _ dialect: String,
        _ sealer: Sealer
    ) throws -> RefundDetails? {
        let statement = try cachedStatement(sql: Self.refundDetailsText)
        let arguments: [StoredValue] = [.text(dialect), .book(book), .id(id)]
        let found = try statement.first(of: Refund.table, arguments) { columns in
            let refund = try Refund(from: &columns)
            let (paymentCaptured, isHidden) = try (columns.integer(), columns.flag())
            let comment = try columns.flag() ? try NoteRow(from: &columns).note(sealer).text : nil
            return (refund, paymentCaptured, isHidden, comment)
        }
        guard let (refund, paymentCaptured, isHidden, comment) = found else { return nil }
        return RefundDetails(
            refund: refund,
            paymentCaptured: paymentCaptured,
            comment: comment,
            isHidden: isHidden,
            names: refund.aliased
                ? try names(of: [id.raw, refund.payment.raw, refund.pot?.raw, refund.customer?.raw], book) : Names()
        )
    }

    /// A refund with what is shown beside it, in one statement: refunds are read more often than anything.
    private static let refundDetailsText = """
        SELECT \(Refund.columnList("r.")), p.captured, f.hidden_at IS NOT NULL, n.object IS NOT NULL, \
        \(NoteRow.columnList("n.")) FROM refund r JOIN payment p ON p.book = r.book AND p.id = r.payment
        LEFT JOIN facet f ON f.book = r.book AND f.dialect = ? AND f.object = r.id
        LEFT JOIN note n ON n.book = r.book AND n.object = r.id AND n.name = 'comment'
        WHERE r.book = ? AND r.id = ?
        """

    func paymentDetails(
        _ id: Payment.ID,
        _ book: Book,
        _ dialect: String,
        _ sealer: Sealer
    ) throws -> PaymentDetails? {
        guard let payment = try Payment.find(self, .shared, [.book(book), .id(id)]) else { return nil }
        let card = try payment.card.flatMap { try Card.find(self, .shared, [.book(book), .id($0)]) }
        let customer = try payment.customer.flatMap { try Customer.find(self, .shared, [.book(book), .id($0)]) }
        let refunds = payment.refundCount > 0 ? try refunds(of: id, in: book) : []
        var named = payment.aliased ? [id.raw, payment.pot?.raw, payment.customer?.raw, payment.card?.raw] : []
        named += refunds.filter(\.aliased).map(\.id.raw)
        let names = try names(of: named, book)
        return PaymentDetails(
            payment: payment,
            card: try card.map { CardDetails(card: $0, holder: try person($0.holder, book, sealer), names: names) },
            customer: try customer.map {
                CustomerDetails(customer: $0, person: try person($0.person, book, sealer), names: names)
            },
            payer: try person(payment.payer, book, sealer),
            refunds: refunds,
            facet: try facet(id.raw, book, dialect),
            notes: Dictionary(try notes(of: id.raw, in: book, sealer).map { ($0.name, $0.text) }) { first, _ in first },
            names: names
        )
    }
}
