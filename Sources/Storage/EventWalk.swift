import Domain

/// Where an event stands among all of its book's, in the order in which they became visible: a reader that has seen one
/// has seen, or could have seen, every earlier one.
package struct EventPlace: Hashable, Comparable, Sendable {
    /// The database's own number of the transaction that made it; 0 where one process writes, one after the other.
    package let transaction: Int64
    package let number: Int64

    package init(transaction: Int64, number: Int64) {
        self.transaction = transaction
        self.number = number
    }

    package static func < (left: EventPlace, right: EventPlace) -> Bool {
        (left.transaction, left.number) < (right.transaction, right.number)
    }
}

package struct PlacedEvent: Sendable, Equatable {
    package let place: EventPlace
    package let event: Event

    package init(place: EventPlace, event: Event) {
        self.place = place
        self.event = event
    }
}

/// A stretch of a book's events.
package struct EventRange: Sendable {
    package let book: Book
    package let order: KeyRange.Order
    /// Begins behind this place; `nil` for the beginning in that order.
    package let after: EventPlace?
    /// Such as `refund.succeeded`, or `refund.*` for all that begin so; none for all. Letters, points and low lines.
    package let types: [String]
    package let limit: Int
    /// Whether events are left out before which others may still come: for a reader that never looks back.
    package let isSettled: Bool

    package init(
        _ book: Book,
        _ order: KeyRange.Order,
        after: EventPlace? = nil,
        types: [String] = [],
        limit: Int,
        isSettled: Bool = false
    ) {
        self.book = book
        self.order = order
        self.after = after
        self.types = types
        self.limit = limit
        self.isSettled = isSettled
    }

    package func takes(_ type: String) -> Bool {
        types.isEmpty || types.contains { $0.hasSuffix("*") ? type.hasPrefix($0.dropLast()) : $0 == type }
    }
}
