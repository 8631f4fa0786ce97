import Domain
import Storage

/// The database as one process reaches it.
struct ProcessStore: Store {
    let database: MemoryDatabase
    let process: Process

    func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome {
        try await database.transact(process, footprint, body)
    }

    private func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value {
        try database.read(process, body)
    }

    func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128? { try read { $0.identify(name) } }

    func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        try read { $0.keys(of: listing, in: range) }
    }

    func payments(
        _ ids: [Payment.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [PaymentDetails] {
        try read { tables in ids.compactMap { tables.payment($0, book, dialect) } }
    }

    func refunds(_ ids: [Refund.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [RefundDetails] {
        try read { tables in ids.compactMap { tables.refund($0, book, dialect) } }
    }

    func customers(_ ids: [Customer.ID], in book: Book) async throws(StoreFailure) -> [CustomerDetails] {
        try read { tables in ids.compactMap { tables.customer($0, book) } }
    }

    func cards(_ ids: [Card.ID], in book: Book) async throws(StoreFailure) -> [CardDetails] {
        try read { tables in ids.compactMap { tables.card($0, book) } }
    }

    func pots(_ ids: [Pot.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [PotDetails] {
        try read { tables in ids.compactMap { tables.pot($0, book, dialect) } }
    }

    func disputes(_ ids: [Dispute.ID], in book: Book) async throws(StoreFailure) -> [DisputeDetails] {
        try read { tables in ids.compactMap { tables.dispute($0, book) } }
    }

    func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt] {
        try read { ($0.attempts[refund] ?? []).filter { $0.book == book } }
    }

    func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence] {
        try read { ($0.evidence[refund] ?? []).filter { $0.book == book }.sorted { $0.id < $1.id } }
    }

    func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event] {
        try read { ($0.events[object] ?? []).filter { $0.book == book } }
    }

    func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry] {
        try read { ($0.entriesByCause[object] ?? []).filter { $0.book == book } }
    }

    func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] { try read { $0.totals(of: book) } }

    func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment? { try database.nextDue(process, kind) }

    func tally(_ tally: Tally) async throws(StoreFailure) -> Int64 { try read { $0.tallies[tally] ?? 0 } }

    func accounts() async throws(StoreFailure) -> [Account] { try read { $0.accounts } }

    func apiKeys() async throws(StoreFailure) -> [APIKey] { try read { $0.apiKeys } }

    func latestMoment() async throws(StoreFailure) -> Moment? { try read { $0.latestMoment } }

    func timeMark() async throws(StoreFailure) -> TimeMark? { try read { $0.timeMark } }

    var wantsCheckpoint: Bool { false }

    func checkpoint() async throws(StoreFailure) {}

    func probe() async throws(StoreFailure) { _ = try await transact(Footprint()) { _ in true } }
}
