import Domain

/// Reads, each a snapshot of what is committed. They never wait for the writer.
package protocol Reader: Sendable {
    /// The id that a name stands for: its own where such an object exists, otherwise the alias's.
    func identify(_ name: ObjectName) async throws(StoreFailure) -> UInt128?

    /// Keys of a list in its order, by an index, without counting or skipping.
    func keys(of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> [UInt128]
    /// The key at which a look at `most` keys of a list ends, whatever its filter leaves out; `nil` where it has fewer.
    func key(_ most: Int, of listing: Listing, in range: KeyRange) async throws(StoreFailure) -> UInt128?
    /// Objects with certain terms, newest first.
    func search(_ search: Search) async throws(StoreFailure) -> SearchFinding

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
    /// In the order in which they were made.
    func captures(of payment: Payment.ID, in book: Book) async throws(StoreFailure) -> [Capture]
    func attempts(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Attempt]
    func evidence(of refund: Refund.ID, in book: Book) async throws(StoreFailure) -> [Evidence]
    func events(of object: ObjectReference, in book: Book) async throws(StoreFailure) -> [Event]
    /// In the order of the range.
    func events(in range: EventRange) async throws(StoreFailure) -> [PlacedEvent]
    /// Where an object's event of that number stands.
    func place(of object: ObjectReference, _ sequence: Int64, in book: Book) async throws(StoreFailure) -> PlacedEvent?
    func entries(causedBy object: ObjectReference, in book: Book) async throws(StoreFailure) -> [LedgerEntry]

    /// The newest link of a book's chain; `nil` before the first.
    func auditHead(of book: Book) async throws(StoreFailure) -> AuditHead?
    /// What comes next in a book's chain, at most so many.
    func auditBacklog(of book: Book, limit: Int) async throws(StoreFailure) -> AuditBacklog
    /// In the order of the range.
    func auditEntries(in range: AuditRange) async throws(StoreFailure) -> [AuditedRecord]
    /// Books with rows behind the mark, and where rows end now; without a mark, every book.
    func booksToAudit(since mark: AuditMark?) async throws(StoreFailure) -> (books: [Book], mark: AuditMark)

    /// For each book, currency and account what its lines add up to; of one book or, with `nil`, of all.
    /// Lines outside the chart are left out.
    func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal]

    /// When the first work of a kind falls due.
    func nextDue(_ kind: DueWork.Kind) async throws(StoreFailure) -> Moment?
    /// When the first refund or payment of a book with a time of its own falls due, after a moment of that time.
    func nextDue(in book: Book, after moment: Moment) async throws(StoreFailure) -> Moment?
    /// The clock of a test-mode book; `nil` where it was never stopped.
    func clock(of book: Book) async throws(StoreFailure) -> BookClock?
    /// Every book with a time of its own, and when its first refund or payment falls due.
    func clockWork() async throws(StoreFailure) -> [ClockWork]
    func tally(_ tally: Tally) async throws(StoreFailure) -> Int64
    /// An endpoint that was deleted is not there.
    func webhookEndpoints(
        _ ids: [WebhookEndpoint.ID],
        in book: Book
    ) async throws(StoreFailure) -> [WebhookEndpoint]

    /// What there is to do for each endpoint, of any book, that is told.
    func webhookWork() async throws(StoreFailure) -> [WebhookWork]

    func deliveries(_ ids: [Delivery.ID], in book: Book) async throws(StoreFailure) -> [Delivery]

    func deliveryAttempts(of delivery: Delivery.ID, in book: Book) async throws(StoreFailure) -> [DeliveryAttempt]

    func accounts() async throws(StoreFailure) -> [Account]
    func apiKeys() async throws(StoreFailure) -> [APIKey]
    /// The latest moment at which anything was decided.
    func latestMoment() async throws(StoreFailure) -> Moment?
    /// The newest that was kept in this life of a machine.
    func timeMark(of boot: String) async throws(StoreFailure) -> TimeMark?
    /// Returns when a row can be written.
    func probe() async throws(StoreFailure)
}

/// A list that can be walked. Deleted and hidden objects are not in it.
package enum Listing: Hashable, Sendable {
    case refunds(
        Book,
        payment: Payment.ID?,
        customer: Customer.ID?,
        pot: Pot.ID?,
        hiddenIn: String,
        matching: Filter<RefundStatus> = Filter()
    )
    /// `includingUnbegun`: with those that no processor was asked for yet.
    case payments(
        Book,
        orderReference: String?,
        uniqueReference: String?,
        includingUnbegun: Bool = true,
        customer: Customer.ID? = nil,
        pot: Pot.ID? = nil,
        hiddenIn: String,
        matching: Filter<PaymentState> = Filter()
    )
    case customers(Book)
    case cards(Book)
    case pots(Book)
    case disputes(Book, payment: Payment.ID?)
    case webhookEndpoints(Book)
    case deliveries(Book, WebhookEndpoint.ID, in: Set<DeliveryState>)

    package var book: Book {
        switch self {
        case .refunds(let book, _, _, _, _, _), .payments(let book, _, _, _, _, _, _, _), .customers(let book),
            .cards(let book), .pots(let book), .disputes(let book, _), .webhookEndpoints(let book),
            .deliveries(let book, _, _):
            book
        }
    }

    /// Whether a filter may pass over some of what it walks.
    package var isFiltered: Bool {
        switch self {
        case .refunds(_, _, _, _, _, let filter): !filter.isOpen
        case .payments(_, _, _, _, _, _, _, let filter): !filter.isOpen
        case .deliveries(_, _, let states): !states.isEmpty
        case .customers, .cards, .pots, .disputes, .webhookEndpoints: false
        }
    }
}

/// What the items of a list have in common; whatever is not said is not asked.
///
/// A list is walked by an index that knows nothing of these: what they leave out is passed over on the way, as far as
/// `KeyRange.mostLookedAt` says.
package struct Filter<State: Hashable & Sendable>: Hashable, Sendable {
    package var states: Set<State> = []
    package var reason: String?
    /// Minor units; of a payment, what was authorized.
    package var amount: ClosedRange<Int64>?
    /// Names with the texts that they have.
    package var metadata: Metadata = [:]

    package init() {}

    /// Whether it leaves out nothing.
    package var isOpen: Bool { states.isEmpty && reason == nil && amount == nil && metadata.isEmpty }
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
    /// How many keys are looked at where a ``Filter`` passes some over; `nil` for all that it takes.
    package let mostLookedAt: Int?

    package init(
        _ order: Order,
        after: UInt128? = nil,
        through: UInt128? = nil,
        notBefore: UInt128? = nil,
        limit: Int,
        mostLookedAt: Int? = nil
    ) {
        self.order = order
        self.after = after
        self.through = through
        self.notBefore = notBefore
        self.limit = limit
        self.mostLookedAt = mostLookedAt
    }
}
