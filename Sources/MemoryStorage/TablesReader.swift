import Domain
import Storage

/// Answers from tables in memory.
package protocol TablesReader: Reader {
    func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value
    /// By which customers are found.
    var secrets: Secrets { get }
}

extension TablesReader {
    package func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128? { try read { $0.identify(name) } }

    package func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        try read { $0.keys(of: listing, in: range) }
    }

    package func key(_ most: Int, of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> UInt128? {
        try read { $0.key(most, of: listing, in: range) }
    }

    package func search(_ search: Search) async throws(StoreFailure) -> SearchFinding {
        try read { $0.search(search, secrets) }
    }

    package func payments(
        _ ids: [Payment.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [PaymentDetails] {
        try read { tables in ids.compactMap { tables.payment($0, book, dialect) } }
    }

    package func refunds(
        _ ids: [Refund.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [RefundDetails] {
        try read { tables in ids.compactMap { tables.refund($0, book, dialect) } }
    }

    package func customers(_ ids: [Customer.ID], in book: Book) async throws(StoreFailure) -> [CustomerDetails] {
        try read { tables in ids.compactMap { tables.customer($0, book) } }
    }

    package func cards(_ ids: [Card.ID], in book: Book) async throws(StoreFailure) -> [CardDetails] {
        try read { tables in ids.compactMap { tables.card($0, book) } }
    }

    package func pots(_ ids: [Pot.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [PotDetails] {
        try read { tables in ids.compactMap { tables.pot($0, book, dialect) } }
    }

    package func disputes(_ ids: [Dispute.ID], in book: Book) async throws(StoreFailure) -> [DisputeDetails] {
        try read { tables in ids.compactMap { tables.dispute($0, book) } }
    }

    package func captures(of payment: Payment.ID, in book: Book) async throws(StoreFailure) -> [Capture] {
        try read { $0.captures.filter { $0.book == book && $0.payment == payment }.sorted { $0.id < $1.id } }
    }

    package func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt] {
        try read { ($0.attempts[refund] ?? []).filter { $0.book == book } }
    }

    package func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence] {
        try read { ($0.evidence[refund] ?? []).filter { $0.book == book }.sorted { $0.id < $1.id } }
    }

    package func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event] {
        try read { ($0.events[object] ?? []).filter { $0.book == book } }
    }

    package func events(in range: EventRange) async throws(StoreFailure) -> [PlacedEvent] {
        try read { $0.placedEvents(in: range) }
    }

    package func place(
        of object: ObjectReference,
        _ sequence: Int64,
        in book: Book
    ) async throws(StoreFailure) -> PlacedEvent? {
        try read { tables in
            tables.placedEvents(in: EventRange(book, .oldestFirst, limit: .max))
                .first { $0.event.object == object && $0.event.sequence == sequence }
        }
    }

    package func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry] {
        try read { ($0.entriesByCause[object] ?? []).filter { $0.book == book } }
    }

    package func auditHead(of book: Book) async throws(StoreFailure) -> AuditHead? {
        try read { $0.auditHead(of: book) }
    }

    package func auditBacklog(of book: Book, limit: Int) async throws(StoreFailure) -> AuditBacklog {
        try read { $0.auditBacklog(of: book, limit: limit) }
    }

    package func auditEntries(in range: AuditRange) async throws(StoreFailure) -> [AuditedRecord] {
        try read { $0.auditEntries(in: range) }
    }

    package func booksToAudit(
        since mark: AuditMark?
    ) async throws(StoreFailure) -> (books: [Book], mark: AuditMark) {
        try read { tables in
            let end = AuditMark(event: Int64(tables.eventLog.count), act: Int64(tables.acts.count))
            guard let mark else { return (tables.accounts.flatMap { [$0.book(.test), $0.book(.live)] }, end) }
            let books =
                tables.eventLog.dropFirst(Int(mark.event)).map(\.book)
                + tables.acts.dropFirst(Int(mark.act)).map(\.book)
            return (Set(books).sorted(), end)
        }
    }

    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try read { $0.totals(of: book) }
    }

    package func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment? { try read { $0.nextDue(kind) } }

    package func nextDue(in book: Book, after moment: Moment) async throws(StoreFailure) -> Moment? {
        try read { $0.nextDue(in: book, after: moment) }
    }

    package func clock(of book: Book) async throws(StoreFailure) -> BookClock? { try read { $0.clocks[book] } }

    package func clockWork() async throws(StoreFailure) -> [ClockWork] { try read { $0.clockWork } }

    package func tally(_ tally: Tally) async throws(StoreFailure) -> Int64 { try read { $0.tallies[tally] ?? 0 } }

    package func webhookEndpoints(
        _ ids: [WebhookEndpoint.ID],
        in book: Book
    ) async throws(StoreFailure) -> [WebhookEndpoint] {
        try read { tables in ids.compactMap { tables.endpoints[$0.raw, book] }.filter { $0.deletedAt == nil } }
    }

    package func webhookWork() async throws(StoreFailure) -> [WebhookWork] { try read { $0.webhookWork } }

    package func deliveries(_ ids: [Delivery.ID], in book: Book) async throws(StoreFailure) -> [Delivery] {
        try read { tables in ids.compactMap { tables.deliveries[$0.raw, book] } }
    }

    package func deliveryAttempts(
        of delivery: Delivery.ID,
        in book: Book
    ) async throws(StoreFailure) -> [DeliveryAttempt] {
        try read { ($0.deliveryAttempts[delivery] ?? []).filter { $0.book == book }.sorted { $0.number < $1.number } }
    }

    package func accounts() async throws(StoreFailure) -> [Account] { try read { $0.accounts } }

    package func apiKeys() async throws(StoreFailure) -> [APIKey] { try read { $0.apiKeys } }

    package func latestMoment() async throws(StoreFailure) -> Moment? { try read { $0.latestMoment } }

    package func timeMark(of boot: String) async throws(StoreFailure) -> TimeMark? {
        try read { $0.timeMark }.flatMap { $0.boot == boot ? $0 : nil }
    }
}
