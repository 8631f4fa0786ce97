import Domain

/// A stretch of what is found in a book, newest first. Where history was imported, a store may show what came into the books
/// last first.
package struct Search: Sendable {
    /// What else the objects have to be. Only of one kind at a time.
    package enum Narrowing: Sendable {
        case none
        case refunds(Filter<RefundStatus>)
        case payments(Filter<PaymentState>)

        /// Whether it may leave out some of what has the words.
        package var isFiltered: Bool {
            switch self {
            case .none: false
            case .refunds(let filter): !filter.isOpen
            case .payments(let filter): !filter.isOpen
            }
        }
    }

    package let book: Book
    package let condition: SearchCondition
    package let narrowing: Narrowing
    /// Begins behind this object; `nil` for the newest.
    package let after: UInt128?
    /// Leaves out this key, and what is newer.
    package let before: UInt128?
    /// Leaves out what is older than this key.
    package let notBefore: UInt128?
    package let limit: Int
    /// How many of the objects with those words are looked at, where some are passed over.
    package let mostLookedAt: Int

    package init(
        _ book: Book,
        _ condition: SearchCondition,
        _ narrowing: Narrowing = .none,
        after: UInt128? = nil,
        before: UInt128? = nil,
        notBefore: UInt128? = nil,
        limit: Int,
        mostLookedAt: Int = 10_000
    ) {
        self.book = book
        self.condition = condition
        self.narrowing = narrowing
        self.after = after
        self.before = before
        self.notBefore = notBefore
        self.limit = limit
        self.mostLookedAt = mostLookedAt
    }
}

package struct SearchFinding: Sendable, Equatable {
    package let objects: [ObjectReference]
    /// Where the look ended before enough was found; `nil` where it did not.
    package let end: UInt128?

    package init(objects: [ObjectReference], end: UInt128?) {
        self.objects = objects
        self.end = end
    }
}
