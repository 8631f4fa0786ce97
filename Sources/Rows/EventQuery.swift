import Domain
import Storage

/// A walk through a book's events as one statement over one index; a question mark for each argument. The first two columns
/// are the place.
package struct EventQuery {
    /// How a database says where an event stands.
    package struct Order: Sendable {
        /// Expressions for the transaction and the number.
        package let place: String
        /// The condition for being behind a place, and its arguments.
        package let isBehind: @Sendable (_ comparison: String, EventPlace) -> (String, [StoredValue])
        /// What is visible but not settled: a transaction that began earlier may still add events before it.
        package let isSettled: String?
        package let columns: [String]

        package init(
            place: String,
            isBehind: @Sendable @escaping (_ comparison: String, EventPlace) -> (String, [StoredValue]),
            isSettled: String?,
            columns: [String]
        ) {
            self.place = place
            self.isBehind = isBehind
            self.isSettled = isSettled
            self.columns = columns
        }
    }

    package let sql: String
    package let arguments: [StoredValue]

    package init(_ range: EventRange, _ order: Order) {
        let isDescending = range.order == .newestFirst
        var conditions = ["book = ?"]
        var arguments: [StoredValue] = [.book(range.book)]
        if range.isSettled, let settled = order.isSettled { conditions.append(settled) }
        if let after = range.after {
            let (condition, values) = order.isBehind(isDescending ? "<" : ">", after)
            conditions.append(condition)
            arguments += values
        }
        if !range.types.isEmpty {
            let alternatives = range.types.map { type -> String in
                guard type.hasSuffix("*") else {
                    arguments.append(.text(type))
                    return "type = ?"
                }
                arguments.append(.text(type.dropLast().replacing("_", with: "\\_") + "%"))
                return "type LIKE ? ESCAPE '\\'"
            }
            conditions.append("(\(alternatives.joined(separator: " OR ")))")
        }
        arguments.append(.integer(range.limit))
        let direction = isDescending ? "DESC" : "ASC"
        sql = """
            SELECT \(order.place), \(Event.columnList()) FROM event WHERE \(conditions.joined(separator: " AND ")) \
            ORDER BY \(order.columns.map { "\($0) \(direction)" }.joined(separator: ", ")) LIMIT ?
            """
        self.arguments = arguments
    }
}

extension PlacedEvent {
    package init(from columns: inout Columns) throws {
        let transaction = try columns.integer()
        let number = try columns.integer()
        self.init(place: EventPlace(transaction: transaction, number: number), event: try Event(from: &columns))
    }
}
