import Domain
import Storage

/// Answers from tables in memory.
package protocol TablesReader: Reader {
    func read<Value>(_ body: (Tables) -> Value) throws(StoreFailure) -> Value
}

extension TablesReader {
    package func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128? { try read { $0.identify(name) } }

    package func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128] {
        try read { $0.keys(of: listing, in: range) }
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

    package func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt] {
        try read { ($0.attempts[refund] ?? []).filter { $0.book == book } }
    }

    package func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence] {
        try read { ($0.evidence[refund] ?? []).filter { $0.book == book }.sorted { $0.id < $1.id } }
    }

    package func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event] {
        try read { ($0.events[object] ?? []).filter { $0.book == book } }
    }

    package func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry] {
        try read { ($0.entriesByCause[object] ?? []).filter { $0.book == book } }
    }

    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try read { $0.totals(of: book) }
    }

    package func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment? { try read { $0.nextDue(kind) } }

    package func tally(_ tally: Tally) async throws(StoreFailure) -> Int64 { try read { $0.tallies[tally] ?? 0 } }

    package func accounts() async throws(StoreFailure) -> [Account] { try read { $0.accounts } }

    package func apiKeys() async throws(StoreFailure) -> [APIKey] { try read { $0.apiKeys } }

    package func latestMoment() async throws(StoreFailure) -> Moment? { try read { $0.latestMoment } }

    package func timeMark() async throws(StoreFailure) -> TimeMark? { try read { $0.timeMark } }
}
