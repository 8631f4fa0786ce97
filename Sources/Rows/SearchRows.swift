import Domain
import Storage

extension SearchEntry: StoredRow {
    package static let table = "search_entry"
    package static let keyColumns = ["book", "object"]
    package static let fixedColumns = ["kind"]
    package static let changingColumns = ["terms"]

    package var keyValues: [StoredValue] { [.book(book), .id(object.id)] }
    package var fixedValues: [StoredValue] { [.word(object.kind)] }
    package var changingValues: [StoredValue] { [.text(terms)] }

    package init(from columns: inout Columns) throws {
        let book = try columns.book()
        let id = try columns.raw()
        try self.init(book: book, object: ObjectReference(columns.word(), id), terms: columns.text())
    }
}

/// A walk through what has certain terms, newest first, as one statement; a question mark for each argument. The columns are
/// the kind and the object.
package struct SearchStatement {
    /// How a database finds entries by their terms.
    package struct Index: Sendable {
        /// Behind `FROM`, with `search_entry` as `e`.
        package let tables: String
        /// Holds for entries with the terms, which are its one argument.
        package let condition: String
        /// What the walk goes down by.
        package let place: String
        /// Leads to where a search goes on behind an object, with the book and the object as arguments, both twice: it may be
        /// gone, and then what is older goes on; `nil` where the place is the object itself.
        package let isBehind: String?
        /// The terms in the database's language for them.
        package let text: @Sendable (SearchCondition) -> String
        /// The text of one name in a row's `metadata`, the name an argument.
        package let metadata: String

        package init(
            tables: String,
            condition: String,
            place: String,
            isBehind: String?,
            metadata: String,
            text: @Sendable @escaping (SearchCondition) -> String
        ) {
            self.tables = tables
            self.condition = condition
            self.place = place
            self.isBehind = isBehind
            self.metadata = metadata
            self.text = text
        }
    }

    package let sql: String
    package let arguments: [StoredValue]

    package init(_ search: Search, _ index: Index) {
        let found = Self.found(search, index)
        let (table, passed) = Self.passed(search, index)
        guard let table, !passed.isEmpty else {
            sql = "SELECT e.kind, e.object \(found.text) ORDER BY \(index.place) DESC LIMIT ?"
            arguments = found.arguments + [.integer(search.limit)]
            return
        }
        sql = """
            SELECT looked.kind, looked.object FROM (
                SELECT e.kind AS kind, e.object AS object, \(index.place) AS place \(found.text)
                ORDER BY \(index.place) DESC LIMIT ?
            ) AS looked JOIN \(table) ON \(table).book = ? AND \(table).id = looked.object
            WHERE \(passed.text) ORDER BY looked.place DESC LIMIT ?
            """
        arguments =
            found.arguments + [.integer(search.mostLookedAt), .book(search.book)] + passed.arguments
            + [.integer(search.limit)]
    }

    /// Where a look at so many ends, if there are as many.
    package init(endOf search: Search, _ index: Index) {
        let found = Self.found(search, index)
        sql = "SELECT e.kind, e.object \(found.text) ORDER BY \(index.place) DESC LIMIT 1 OFFSET ?"
        arguments = found.arguments + [.integer(search.mostLookedAt - 1)]
    }

    private static func found(_ search: Search, _ index: Index) -> (text: String, arguments: [StoredValue]) {
        var conditions = Conditions()
        conditions.add(sql: index.condition, [.text(index.text(search.condition))])
        conditions.add(.book(search.book), "e.book")
        conditions.add(.id(search.before), "e.object", "<")
        if let after = search.after, let isBehind = index.isBehind {
            conditions.add(sql: isBehind, [.book(search.book), .id(after), .book(search.book), .id(after)])
        } else {
            conditions.add(.id(search.after), "e.object", "<")
        }
        conditions.add(.id(search.notBefore), "e.object", ">=")
        return ("FROM \(index.tables) WHERE \(conditions.text)", conditions.arguments)
    }

    private static func passed(_ search: Search, _ index: Index) -> (table: String?, Conditions) {
        var conditions = Conditions()
        switch search.narrowing {
        case .none: return (nil, conditions)
        case .refunds(let filter):
            conditions.add(filter, state: "status", amount: "amount", index.metadata)
            return ("refund", conditions)
        case .payments(let filter):
            conditions.add(filter, state: "state", amount: "authorized", index.metadata)
            return ("payment", conditions)
        }
    }
}
