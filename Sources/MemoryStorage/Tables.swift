import Domain
import Storage

/// Every row there is, as committed. Lists keep the order in which rows came.
package struct Tables: Sendable {
    package var accounts: [Account] = []
    package var apiKeys: [APIKey] = []
    package var persons: [Person.ID: Person] = [:]
    package var customers = Table<Customer>()
    package var cards = Table<Card>()
    package var pots = Table<Pot>()
    package var payments = Table<Payment>()
    package var refunds = Table<Refund>()
    package var disputes = Table<Dispute>()
    package var endpoints = Table<WebhookEndpoint>()
    package var webhookMarks: [WebhookName: WebhookMark] = [:]
    package var deliveries = Table<Delivery>()
    package var clocks: [Book: BookClock] = [:]
    package var deliveryAttempts: [Delivery.ID: [DeliveryAttempt]] = [:]
    package var captures: [Capture] = []
    package var attempts: [Refund.ID: [Attempt]] = [:]
    package var evidence: [Refund.ID: [Evidence]] = [:]
    package var entries: [LedgerEntry] = []
    package var entriesByCause: [ObjectReference: [LedgerEntry]] = [:]
    package var events: [ObjectReference: [Event]] = [:]
    /// All of them, in the order of their making.
    package var eventLog: [Event] = []
    package var acts: [AuditAct] = []
    package var auditEntries: [Book: [AuditedRecord]] = [:]
    package var aliases: [Alias] = []
    package var facets: [FacetKey: Facet] = [:]
    package var notes: [NoteKey: Note] = [:]
    package var idempotency: [IdempotencyKey: IdempotencyRecord] = [:]
    package var tallies: [Tally: Int64] = [:]
    package var refundsOfPayment: [Payment.ID: [Refund.ID]] = [:]
    package var disputesOfPayment: [Payment.ID: [Dispute.ID]] = [:]
    package var latestMoment: Moment?
    package var timeMark: TimeMark?

    package init() {}
}

/// Rows of one kind by id, found in the order of their ids.
package struct Table<Row: BookRow>: Sendable {
    private var rows: [UInt128: Row] = [:]
    package private(set) var ids: [UInt128] = []

    package subscript(id: UInt128, book: Book) -> Row? { rows[id].flatMap { $0.book == book ? $0 : nil } }

    package subscript(id: UInt128) -> Row? { rows[id] }

    /// - Returns: whether there was no such row yet.
    package mutating func insert(_ row: Row) -> Bool {
        guard rows.updateValue(row, forKey: row.raw) == nil else { return false }
        var place = ids.count
        while place > 0, ids[place - 1] > row.raw { place -= 1 }
        ids.insert(row.raw, at: place)
        return true
    }

    package mutating func update(_ row: Row) { rows[row.raw] = row }

    package var all: [Row] { ids.compactMap { rows[$0] } }

    package func visit(_ body: (Row) -> Void) {
        for row in rows.values { body(row) }
    }

    package func first(where isIt: (Row) -> Bool) -> Row? {
        for id in ids {
            if let row = rows[id], isIt(row) { return row }
        }
        return nil
    }
}

package protocol BookRow: Sendable {
    var raw: UInt128 { get }
    var book: Book { get }
}

extension Customer: BookRow { package var raw: UInt128 { id.raw } }
extension Card: BookRow { package var raw: UInt128 { id.raw } }
extension Pot: BookRow { package var raw: UInt128 { id.raw } }
extension Payment: BookRow { package var raw: UInt128 { id.raw } }
extension Refund: BookRow { package var raw: UInt128 { id.raw } }
extension Dispute: BookRow { package var raw: UInt128 { id.raw } }
extension WebhookEndpoint: BookRow { package var raw: UInt128 { id.raw } }
extension Delivery: BookRow { package var raw: UInt128 { id.raw } }
