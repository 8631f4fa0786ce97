/// The time of a test-mode book that somebody stopped or put ahead. A book without one lives by the true time.
package struct BookClock: Sendable, Equatable {
    package let book: Book
    /// Where its time stands; `nil` while it runs.
    package private(set) var frozenAt: Moment?
    /// By how many milliseconds it is ahead of the true time while it runs.
    package private(set) var ahead: Int64 = 0
    /// Where it is being moved to, with everything due on the way.
    package private(set) var advancingTo: Moment?
    /// The process that does what is due by it, where several might.
    package var holder: UInt128?
    /// From then on, by the true time, another process may take it over.
    package var heldUntil: Moment?

    /// A clock that shows the true time.
    package init(book: Book) {
        self.book = book
    }

    /// From the database.
    package init(
        book: Book,
        frozenAt: Moment?,
        ahead: Int64,
        advancingTo: Moment?,
        holder: UInt128?,
        heldUntil: Moment?
    ) {
        self.book = book
        self.frozenAt = frozenAt
        self.ahead = ahead
        self.advancingTo = advancingTo
        self.holder = holder
        self.heldUntil = heldUntil
    }

    /// Whether the book's time is another than the true one.
    package var isSet: Bool { frozenAt != nil || ahead > 0 }

    /// What time it is in the book.
    package func moment(_ truth: Moment) -> Moment { frozenAt ?? truth.adding(.milliseconds(ahead)) }

    package mutating func freeze(at moment: Moment) {
        frozenAt = moment
        ahead = 0
    }

    /// Sets out for a later moment: its time stands where it is until somebody moves it.
    package mutating func advance(to target: Moment) {
        precondition(frozenAt.map { $0 <= target } ?? false, "a clock that stands is moved forward")
        advancingTo = target
    }

    /// Takes a step on its way.
    package mutating func step(to moment: Moment) {
        precondition(frozenAt.map { $0 <= moment } ?? false, "a book's time never goes back")
        precondition(advancingTo.map { moment <= $0 } ?? false, "a clock stops where it was moved to")
        frozenAt = moment
    }

    package mutating func arrive() { advancingTo = nil }

    /// Runs on from where it stands, or with the true time where that is later.
    package mutating func resume(_ truth: Moment) {
        guard let frozenAt else { return }
        ahead = max(0, frozenAt.milliseconds - truth.milliseconds)
        self.frozenAt = nil
        advancingTo = nil
    }
}
