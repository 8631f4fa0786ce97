import Domain

/// Reads, each a snapshot of what is committed. They never wait for the writer.
package protocol Reader: Sendable {
    /// The id that a name stands for: its own where such an object exists, otherwise the alias's.
    func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128?

    /// Keys of a list in its order, by an index, without counting or skipping.
    func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128]

    /// In the order of `ids`; what is not there is left out.
    func payments(
        _ ids: [Payment.ID],
        in book: Book,
        dialect: String
    ) async throws(StoreFailure) -> [PaymentDetails]
    func refunds(_ ids: [Refund.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [RefundDetails]
    func customers(_ ids: [Customer.ID], in book: Book) async throws(StoreFailure) -> [CustomerDetails]
    func cards(_ ids: [Card.ID], in book: Book) async throws(StoreFailure) -> [CardDetails]
    func pots(_ ids: [Pot.ID], in book: Book, dialect: String) async throws(StoreFailure) -> [PotDetails]
    func disputes(_ ids: [Dispute.ID], in book: Book) async throws(StoreFailure) -> [DisputeDetails]
    func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt]
    func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence]
    func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event]
    func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry]

    /// For each book, currency and account what its lines add up to; of one book or, with `nil`, of all.
    /// Lines outside the chart are left out.
    func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal]

    /// When the first work of a kind falls due.
    func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment?
    func tally(_ tally: Tally) async throws(StoreFailure) -> Int64
    func accounts() async throws(StoreFailure) -> [Account]
    func apiKeys() async throws(StoreFailure) -> [APIKey]
    /// The latest moment at which anything was decided.
    func latestMoment() async throws(StoreFailure) -> Moment?
    /// The newest that was kept.
    func timeMark() async throws(StoreFailure) -> TimeMark?
    /// Returns when a row can be written.
    func probe() async throws(StoreFailure)
}

/// A list that can be walked. Deleted and hidden objects are not in it.
package enum Listing: Hashable, Sendable {
    case refunds(Book, payment: Payment.ID?, customer: Customer.ID?, pot: Pot.ID?, hiddenIn: String)
    /// `includingUnbegun`: with those that no processor was asked for yet.
    case payments(
        Book,
        orderReference: String?,
        uniqueReference: String?,
        includingUnbegun: Bool = true,
        hiddenIn: String
    )
    case customers(Book)
    case cards(Book)
    case pots(Book)
    case disputes(Book, payment: Payment.ID?)

    package var book: Book {
        switch self {
        case .refunds(let book, _, _, _, _), .payments(let book, _, _, _, _), .customers(let book), .cards(let book),
            .pots(let book), .disputes(let book, _):
            book
        }
    }
}

/// A stretch of a list.
package struct KeyRange: Sendable {
    package enum Order: Hashable, Sendable {
        case oldestFirst
        case newestFirst
    }

    package let order: Order
    /// Begins behind this key; `nil` for the list's beginning.
    package let after: UInt128?
    /// Ends at this key, included; `nil` for the list's end.
    package let through: UInt128?
    /// Leaves out everything older than this key.
    package let notBefore: UInt128?
    package let limit: Int

    package init(
        _ order: Order,
        after: UInt128? = nil,
        through: UInt128? = nil,
        notBefore: UInt128? = nil,
        limit: Int
    ) {
        self.order = order
        self.after = after
        self.through = through
        self.notBefore = notBefore
        self.limit = limit
    }
}
