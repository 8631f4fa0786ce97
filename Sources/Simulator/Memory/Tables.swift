import Domain
import Storage

/// Every row there is, as committed. Lists keep the order in which rows came.
struct Tables {
    var accounts: [Account] = []
    var apiKeys: [APIKey] = []
    var persons: [Person.ID: Person] = [:]
    var customers = Table<Customer>()
    var cards = Table<Card>()
    var pots = Table<Pot>()
    var payments = Table<Payment>()
    var refunds = Table<Refund>()
    var disputes = Table<Dispute>()
    var captures: [Capture] = []
    var attempts: [Refund.ID: [Attempt]] = [:]
    var evidence: [Refund.ID: [Evidence]] = [:]
    var entries: [LedgerEntry] = []
    var entriesByCause: [ObjectReference: [LedgerEntry]] = [:]
    var events: [ObjectReference: [Event]] = [:]
    var aliases: [Alias] = []
    var facets: [FacetKey: Facet] = [:]
    var notes: [NoteKey: Note] = [:]
    var idempotency: [IdempotencyKey: IdempotencyRecord] = [:]
    var tallies: [Tally: Int64] = [:]
    var refundsOfPayment: [Payment.ID: [Refund.ID]] = [:]
    var disputesOfPayment: [Payment.ID: [Dispute.ID]] = [:]
    var latestMoment: Moment?
    var timeMark: TimeMark?
}

/// Rows of one kind by id, found in the order of their ids.
struct Table<Row: BookRow> {
    private var rows: [UInt128: Row] = [:]
    private(set) var ids: [UInt128] = []

    subscript(id: UInt128, book: Book) -> Row? { rows[id].flatMap { $0.book == book ? $0 : nil } }

    subscript(id: UInt128) -> Row? { rows[id] }

    /// - Returns: whether there was no such row yet.
    mutating func insert(_ row: Row) -> Bool {
        guard rows.updateValue(row, forKey: row.raw) == nil else { return false }
        var place = ids.count
        while place > 0, ids[place - 1] > row.raw { place -= 1 }
        ids.insert(row.raw, at: place)
        return true
    }

    mutating func update(_ row: Row) { rows[row.raw] = row }

    var all: [Row] { ids.compactMap { rows[$0] } }

    func visit(_ body: (Row) -> Void) {
        for row in rows.values { body(row) }
    }

    func first(where isIt: (Row) -> Bool) -> Row? {
        for id in ids {
            if let row = rows[id], isIt(row) { return row }
        }
        return nil
    }
}

protocol BookRow: Sendable {
    var raw: UInt128 { get }
    var book: Book { get }
}

extension Customer: BookRow { var raw: UInt128 { id.raw } }
extension Card: BookRow { var raw: UInt128 { id.raw } }
extension Pot: BookRow { var raw: UInt128 { id.raw } }
extension Payment: BookRow { var raw: UInt128 { id.raw } }
extension Refund: BookRow { var raw: UInt128 { id.raw } }
extension Dispute: BookRow { var raw: UInt128 { id.raw } }
