import Domain
import Storage

/// Statements about the audit trail; a question mark for each argument. The databases differ in how a text's bytes are
/// asked for, and in where a row stands among all.
package struct AuditQuery: Sendable {
    /// An expression for the bytes of a text, as a number of bytes and not as a text that somebody may read otherwise.
    package let bytes: @Sendable (_ text: String) -> String
    /// The columns by which the rows of a source are in order: they end with its number.
    package let place: [String]
    /// What is visible but not settled: a transaction that began earlier may still add rows before it.
    package let isSettled: String?
    /// An expression for a place's column as a number, and for such a number as that column's value.
    private let number: @Sendable (_ column: String) -> String
    private let value: @Sendable (_ column: String) -> String

    package init(
        place: [String],
        isSettled: String?,
        number: @Sendable @escaping (_ column: String) -> String = { $0 },
        value: @Sendable @escaping (_ column: String) -> String = { _ in "?" },
        bytes: @Sendable @escaping (_ text: String) -> String
    ) {
        self.bytes = bytes
        self.place = place
        self.isSettled = isSettled
        self.number = number
        self.value = value
    }

    // MARK: - What a record says

    private static let eventTexts = [
        "actor_kind", "actor", "request_id", "type", "kind",
    ]
    private static let actTexts = ["actor_kind", "actor", "request_id", "action", "object_kind"]

    /// In the order in which ``AuditRecord`` reads them.
    private func eventColumns(_ row: String) -> [String] {
        ["\(row).book", "\(row).at"] + Self.eventTexts.map { bytes("\(row).\($0)") }
            + ["\(row).object", "\(row).sequence", bytes("\(row).part")]
    }

    private func actColumns(_ row: String) -> [String] {
        ["\(row).book", "\(row).at"] + Self.actTexts.map { bytes("\(row).\($0)") }
            + [bytes("\(row).object"), "NULL", bytes("\(row).part")]
    }

    // MARK: - The chain

    private var joined: String {
        let both = zip(eventColumns("e"), actColumns("t")).map { $1 == "NULL" ? $0 : "coalesce(\($0), \($1))" }
        return """
            SELECT a.book, a.number, a.event, a.act, a.hash, \(both.joined(separator: ", ")) FROM audit_entry a
            LEFT JOIN event e ON e.book = a.book AND e.number = a.event
            LEFT JOIN audit_act t ON t.book = a.book AND t.number = a.act
            """
    }

    /// Every entry with what it is about, book by book, by number.
    package var everything: String { joined + " ORDER BY a.book, a.number" }

    package func entries(_ range: AuditRange) -> (sql: String, arguments: [StoredValue]) {
        let isDescending = range.order == .newestFirst
        var conditions = ["a.book = ?"]
        var arguments: [StoredValue] = [.book(range.book)]
        if let after = range.after {
            conditions.append("a.number \(isDescending ? "<" : ">") ?")
            arguments.append(.integer(after))
        }
        if let actor = range.actor {
            conditions.append("coalesce(e.actor, t.actor) = ?")
            arguments.append(.text(actor))
        }
        if !range.actions.isEmpty {
            let alternatives = range.actions.map { action -> String in
                guard action.hasSuffix("*") else {
                    arguments.append(.text(action))
                    return "coalesce(e.type, t.action) = ?"
                }
                arguments.append(.text(action.dropLast().replacing("_", with: "\\_") + "%"))
                return "coalesce(e.type, t.action) LIKE ? ESCAPE '\\'"
            }
            conditions.append("(\(alternatives.joined(separator: " OR ")))")
        }
        arguments.append(.integer(range.limit))
        let order = "ORDER BY a.number \(isDescending ? "DESC" : "ASC") LIMIT ?"
        return ("\(joined) WHERE \(conditions.joined(separator: " AND ")) \(order)", arguments)
    }

    package static let head = "SELECT book, number, hash FROM audit_entry WHERE book = ? ORDER BY number DESC LIMIT 1"

    // MARK: - What is not chained yet

    /// Where rows to be chained come from.
    package enum Table: String, CaseIterable, Sendable {
        case event
        case act = "audit_act"

        /// The column of an entry that names a row of it.
        package var column: String {
            switch self {
            case .event: "event"
            case .act: "act"
            }
        }

        package func source(_ number: Int64) -> AuditSource {
            switch self {
            case .event: .event(number)
            case .act: .act(number)
            }
        }
    }

    /// The columns of a row's place, as numbers.
    private func places(_ row: String) -> String { place.map { number("\(row).\($0)") }.joined(separator: ", ") }

    /// The place of the last row of a table that a book's chain has; no row where there is none. Each way is short for
    /// that table: events are nearly all that a chain has, acts are few.
    package func last(of table: Table) -> String {
        // The plus keeps SQLite to the order of the chain, where it would sort a book's entries otherwise.
        let condition =
            switch table {
            case .event:
                """
                l.number = (SELECT a.event FROM audit_entry a WHERE a.book = l.book AND +a.event IS NOT NULL
                    ORDER BY a.number DESC LIMIT 1)
                """
            case .act:
                """
                EXISTS (SELECT 1 FROM audit_entry a WHERE a.book = l.book AND a.act = l.number)
                ORDER BY \(place.map { "l.\($0) DESC" }.joined(separator: ", ")) LIMIT 1
                """
            }
        return "SELECT \(places("l")) FROM \(table.rawValue) l WHERE l.book = ? AND \(condition)"
    }

    /// The rows of a table in order: the number, whether it is settled, and what it says. Arguments are the book, the
    /// numbers of the place if there is one, and how many at most.
    ///
    /// - Parameter isBehind: whether they begin behind a place.
    package func backlog(of table: Table, isBehind: Bool) -> String {
        let columns = table == .event ? eventColumns("x") : actColumns("x")
        let order = place.map { "x.\($0)" }.joined(separator: ", ")
        let marks = place.map { value($0) }.joined(separator: ", ")
        return """
            SELECT x.number, \(isSettled.map { "CASE WHEN \($0) THEN 1 ELSE 0 END" } ?? "1"), \
            \(columns.joined(separator: ", ")) FROM \(table.rawValue) x
            WHERE x.book = ?\(isBehind ? " AND (\(order)) > (\(marks))" : "") ORDER BY \(order) LIMIT ?
            """
    }

    /// What was never chained, though rows behind it were: the number. Arguments are the book and the numbers
    /// of the place of the last that was.
    package func passedOver(of table: Table) -> String {
        let order = place.map { "x.\($0)" }.joined(separator: ", ")
        let marks = place.map { value($0) }.joined(separator: ", ")
        return """
            SELECT x.number FROM \(table.rawValue) x
            WHERE x.book = ? AND (\(order)) < (\(marks))
                AND NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.book = x.book AND a.\(table.column) = x.number)
            ORDER BY \(order)
            """
    }

    /// How many rows of a table are not chained, by book.
    package func waiting(of table: Table) -> String {
        """
        SELECT x.book, count(*) FROM \(table.rawValue) x
        WHERE NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.book = x.book AND a.\(table.column) = x.number)
        GROUP BY x.book ORDER BY x.book
        """
    }
}
