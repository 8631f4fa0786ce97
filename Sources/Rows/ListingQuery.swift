import Domain
import Storage

/// A list's walk as one statement over one index, its keys in order; a question mark for each argument.
package struct ListingQuery {
    package private(set) var sql = ""
    package private(set) var arguments: [StoredValue] = []

    /// What the index leads along.
    private var walked = Conditions()
    /// What is passed over on the way.
    private var passed = Conditions()
    private let table: String
    /// The index that leads along; `nil` for the table's own key.
    private var index: String?
    /// What the walk has to show for those that are passed over.
    private var columns = ["id"]

    /// What differs from one database to another.
    package struct Style: Sendable {
        /// An expression for the text of one name in a row's `metadata`, the name an argument.
        let metadata: String
        /// What follows a table's name so that an index of it is used, of which the name is given.
        let by: @Sendable (_ index: String) -> String

        package init(metadata: String, by: @Sendable @escaping (_ index: String) -> String) {
            self.metadata = metadata
            self.by = by
        }
    }

    package init(_ listing: Listing, _ range: KeyRange, _ style: Style) {
        self.init(listing, style.metadata)
        add(range)
        let table = source(style)
        let order = "ORDER BY id \(range.order == .newestFirst ? "DESC" : "ASC") LIMIT ?"
        if let most = range.mostLookedAt, !passed.isEmpty {
            sql = """
                SELECT id FROM (SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(walked.text) \(order)) AS looked \
                WHERE \(passed.text) \(order)
                """
            arguments = walked.arguments + [.integer(most)] + passed.arguments + [.integer(range.limit)]
        } else {
            let conditions = passed.isEmpty ? walked.text : "\(walked.text) AND \(passed.text)"
            sql = "SELECT id FROM \(table) WHERE \(conditions) \(order)"
            arguments = walked.arguments + passed.arguments + [.integer(range.limit)]
        }
    }

    /// The key at which a walk of so many keys ends, if there are as many.
    package init(endOf listing: Listing, _ range: KeyRange, after most: Int, _ style: Style) {
        self.init(listing, style.metadata)
        add(range)
        let table = source(style)
        sql = """
            SELECT id FROM \(table) WHERE \(walked.text) ORDER BY id \(range.order == .newestFirst ? "DESC" : "ASC") \
            LIMIT 1 OFFSET ?
            """
        arguments = walked.arguments + [.integer(most - 1)]
    }

    private init(_ listing: Listing, _ metadata: String) {
        switch listing {
        case .refunds(_, let payment, let customer, let pot, let dialect, let filter):
            table = "refund"
            walked.add(.book(listing.book), "book")
            lead(.id(payment), "payment", by: "refund_by_payment")
            lead(.id(customer), "customer", by: "refund_by_customer")
            lead(.id(pot), "pot", by: "refund_by_pot")
            addShown(dialect)
            passed.add(filter, state: "status", amount: "amount", metadata)
            columns += ["status", "reason_code", "amount", "metadata"]
        case .payments(_, let order, let unique, let includingUnbegun, let customer, let pot, let dialect, let filter):
            table = "payment"
            walked.add(.book(listing.book), "book")
            lead(unique, "unique_reference", by: "payment_by_unique_reference")
            lead(order, "order_reference", by: "payment_by_order_reference")
            lead(.id(customer), "customer", by: "payment_by_customer")
            lead(.id(pot), "pot", by: "payment_by_pot")
            if !includingUnbegun { walked.add(.word(PaymentState.created), "state", "<>") }
            addShown(dialect)
            passed.add(filter, state: "state", amount: "authorized", metadata)
            columns += ["state", "authorized", "metadata"]
        case .customers:
            table = "customer"
            addPresent(listing.book)
        case .cards:
            table = "card"
            addPresent(listing.book)
        case .pots:
            table = "pot"
            addPresent(listing.book)
        case .disputes(_, let payment):
            table = "dispute"
            walked.add(.book(listing.book), "book")
            lead(.id(payment), "payment", by: "dispute_by_payment")
        case .webhookEndpoints:
            table = "webhook_endpoint"
            addPresent(listing.book)
        case .deliveries(_, let endpoint, let states):
            table = "delivery"
            walked.add(.book(listing.book), "book")
            lead(.id(endpoint), "endpoint", by: "delivery_by_endpoint")
            passed.addStates(states, "state")
            columns += ["state"]
        }
    }

    private func source(_ style: Style) -> String { index.map { "\(table) \(style.by($0))" } ?? table }

    /// The first of them leads along: what it has is rare, whatever else is asked for.
    private mutating func lead(_ value: StoredValue, _ column: String, by index: String) {
        guard value != .null else { return }
        walked.add(value, column)
        self.index = self.index ?? index
    }

    private mutating func lead(_ text: String?, _ column: String, by index: String) {
        guard let text else { return }
        walked.add(text, column)
        if !text.utf8.contains(0) { self.index = self.index ?? index }
    }

    private mutating func add(_ range: KeyRange) {
        let isDescending = range.order == .newestFirst
        walked.add(.id(range.after), "id", isDescending ? "<" : ">")
        walked.add(.id(range.through), "id", isDescending ? ">=" : "<=")
        walked.add(.id(range.notBefore), "id", ">=")
    }

    private mutating func addPresent(_ book: Book) {
        walked.add(.book(book), "book")
        walked.add(sql: "deleted_at IS NULL")
    }

    private mutating func addShown(_ dialect: String) {
        walked.add(
            sql: """
                NOT EXISTS (SELECT 1 FROM facet WHERE facet.book = \(table).book AND facet.dialect = ? \
                AND facet.object = \(table).id AND facet.hidden_at IS NOT NULL)
                """,
            [.text(dialect)]
        )
    }
}
