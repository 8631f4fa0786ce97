import Domain

/// How far the rows of both sources were looked at, in whatever a store orders them by.
package struct AuditMark: Sendable, Equatable {
    package let event: Int64
    package let act: Int64

    package init(event: Int64, act: Int64) {
        self.event = event
        self.act = act
    }
}

/// A stretch of a book's trail.
package struct AuditRange: Sendable {
    package let book: Book
    package let order: KeyRange.Order
    /// Begins behind this number; `nil` for the beginning in that order.
    package let after: Int64?
    /// Such as `api_key.created`, or `refund.*` for all that begin so; none for all. Letters, points and low lines.
    package let actions: [String]
    /// The id of who did it; `nil` for anybody.
    package let actor: String?
    package let limit: Int

    package init(
        _ book: Book,
        _ order: KeyRange.Order,
        after: Int64? = nil,
        actions: [String] = [],
        actor: String? = nil,
        limit: Int
    ) {
        self.book = book
        self.order = order
        self.after = after
        self.actions = actions
        self.actor = actor
        self.limit = limit
    }

    package func takes(_ record: AuditRecord) -> Bool {
        let isWanted =
            actions.isEmpty
            || actions.contains { $0.hasSuffix("*") ? record.action.hasPrefix($0.dropLast()) : $0 == record.action }
        return isWanted && (actor ?? record.actor) == record.actor
    }
}
