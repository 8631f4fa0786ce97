#if PostgreSQL
import Domain
import Rows
import Storage

/// Reads a footprint into a working set, in three round trips however many commands share it:
///
/// 1. *look*: natural keys are locked; what names, keys and due work stand for is read, unlocked. Of an object the
///    references that never change are followed: its payment, and that one's pot.
/// 2. *lock*: the rows themselves, table by table (pot, payment, refund, dispute, customer, card, what is about webhooks)
///    and by key, so that
///    two nodes never wait for each other in a circle.
/// 3. *bring*: what these rows refer to. Left out where there is nothing.
///
/// A reader does the same without locks, in one snapshot.
final class FootprintLoad {
    let connection: PostgresConnection
    let statements: RowStatements
    let sealer: Sealer
    let leftOut: LeftOut
    let footprint: Footprint
    /// The node that decides; `nil` for a reader.
    let node: UInt128?
    var isLocking: Bool { node != nil }
    var set = WorkingSet()

    /// The rows to load, by table.
    var wanted: [ObjectKind: Set<RowKey>] = [:]
    /// Payments that only due work asks for: another node that has one keeps it.
    var offered: Set<RowKey> = []
    var offeredRefunds: Set<RowKey> = []
    var offeredDeliveries: Set<RowKey> = []
    var aliased: [AliasedName: UInt128] = [:]
    var paymentsOfDisputes: [RowKey: RowKey] = [:]
    var natural: [NaturalKey: RowKey] = [:]
    var due: [DueWork: [RowKey]] = [:]
    var heard: Set<RowKey> = []

    /// A spelling of something in a book.
    struct AliasedName: Hashable {
        let book: Book
        let kind: ObjectKind
        let spelling: Spelling
    }

    /// - Parameter node: for a transaction that may change the rows: whose it is.
    init(
        _ footprint: Footprint,
        on connection: PostgresConnection,
        _ statements: RowStatements,
        _ sealer: Sealer,
        _ leftOut: LeftOut,
        node: UInt128? = nil
    ) {
        self.footprint = footprint
        self.connection = connection
        self.statements = statements
        self.sealer = sealer
        self.leftOut = leftOut
        self.node = node
    }

    /// Opens a transaction, which stays open.
    func run() throws -> WorkingSet {
        try look()
        try follow()
        try lock()
        try bring()
        resolve()
        return set
    }

    /// Every name that the footprint has, with those inside facets.
    lazy var names: Set<ObjectName> = footprint.objects.union(footprint.detailed).union(footprint.contested)
        .union(footprint.found.map(\.payment)).union(footprint.attempted).union(footprint.noted)
        .union(footprint.facets.map(\.object))

    /// The row that a name stands for, once names are looked up: by its id where such a row is there, else by alias.
    func key(of name: ObjectName) -> RowKey? {
        if let id = name.id, has(name.kind, RowKey(name.book, id)) { return RowKey(name.book, id) }
        return alias(of: name)
    }

    func alias(of name: ObjectName) -> RowKey? {
        name.spelling
            .flatMap { aliased[AliasedName(book: name.book, kind: name.kind, spelling: $0)] }
            .map { RowKey(name.book, $0) }
    }

    /// Whether the row is loaded.
    func has(_ kind: ObjectKind, _ key: RowKey) -> Bool {
        switch kind {
        case .payment: set.payments[Payment.ID(key.id)]?.book == key.book
        case .refund: set.refunds[Refund.ID(key.id)]?.book == key.book
        case .customer: set.customers[Customer.ID(key.id)]?.book == key.book
        case .card: set.cards[Card.ID(key.id)]?.book == key.book
        case .pot: set.pots[Pot.ID(key.id)]?.book == key.book
        case .dispute: set.disputes[Dispute.ID(key.id)]?.book == key.book
        case .webhookEndpoint: set.endpoints[WebhookEndpoint.ID(key.id)]?.book == key.book
        case .delivery: set.deliveries[Delivery.ID(key.id)]?.book == key.book
        }
    }

    /// A clock may have been set between the look and the lock: what is due by it then is that book's own work.
    private func isDue(_ row: RowKey, _ work: DueWork) -> Bool {
        if work.kind.isOfDeliveries { return true }
        let isOnClock =
            work.kind == .payments
            ? set.payments[Payment.ID(row.id)]?.isOnClock : set.refunds[Refund.ID(row.id)]?.isOnClock
        return isOnClock == (work.book != nil)
    }

    /// Tells the working set what names, natural keys and due work came to.
    private func resolve() {
        for name in names {
            if let key = key(of: name), has(name.kind, key) { set.resolve(name, to: key.id) }
        }
        for (key, row) in natural { set.resolve(key, to: row.id) }
        for (work, rows) in due {
            let kind = work.kind.isOfDeliveries ? ObjectKind.delivery : work.kind == .payments ? .payment : .refund
            set.resolve(
                work,
                to: rows.filter { has(kind, $0) && isDue($0, work) }.map(\.id).prefix(work.limit).map { $0 }
            )
        }
    }
}
#endif
