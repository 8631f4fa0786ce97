import Domain
import Storage

extension BookClock: StoredRow {
    package static let table = "test_clock"
    package static let keyColumns = ["book"]
    package static let fixedColumns: [String] = []
    package static let changingColumns = ["frozen_at", "ahead", "advancing_to", "holder", "held_until"]

    package var keyValues: [StoredValue] { [.book(book)] }
    package var fixedValues: [StoredValue] { [] }

    package var changingValues: [StoredValue] {
        [.moment(frozenAt), .integer(ahead), .moment(advancingTo), .id(holder), .moment(heldUntil)]
    }

    package init(from columns: inout Columns) throws {
        try self.init(
            book: columns.book(),
            frozenAt: columns.optionalMoment(),
            ahead: columns.integer(),
            advancingTo: columns.optionalMoment(),
            holder: columns.optionalRaw(),
            heldUntil: columns.optionalMoment()
        )
    }
}

/// What is asked about clocks, on both databases.
package enum ClockQuery {
    /// Whether a test clock is another than the true time.
    package static let isSet = "(frozen_at IS NOT NULL OR ahead > 0)"

    /// Behind a moment of a book's own time; with the book and the moment once for each table.
    package static let nextDue = """
        SELECT min(due_at) FROM (
            SELECT min(due_at) AS due_at FROM refund WHERE book = ? AND on_clock = 1 AND due_at IS NOT NULL AND due_at > ?
            UNION ALL
            SELECT min(due_at) FROM payment WHERE book = ? AND on_clock = 1 AND due_at IS NOT NULL AND due_at > ?
        ) first
        """

    /// The columns are ``ClockWork/init(from:)``'s.
    package static let work = """
        SELECT \(BookClock.columnList("c.")),
            (SELECT min(due_at) FROM refund r WHERE r.book = c.book AND r.on_clock = 1 AND r.due_at IS NOT NULL),
            (SELECT min(due_at) FROM payment p WHERE p.book = c.book AND p.on_clock = 1 AND p.due_at IS NOT NULL)
        FROM test_clock c WHERE \(isSet)
        """

    package static let byBook = "SELECT \(BookClock.columnList()) FROM test_clock WHERE book = ?"

    /// What is due in a book that came to have a time of its own, or no longer has one; with the flag, the book and the
    /// flag.
    package static func turn(_ table: String) -> String {
        "UPDATE \(table) SET on_clock = ? WHERE book = ? AND due_at IS NOT NULL AND on_clock <> ?"
    }
}

extension ClockWork {
    package init(from columns: inout Columns) throws {
        let clock = try BookClock(from: &columns)
        let due = try [columns.optionalMoment(), columns.optionalMoment()]
        self.init(clock: clock, nextDue: due.compactMap(\.self).min())
    }
}
