import Domain

/// A book with a time of its own, and what there is to do in it.
package struct ClockWork: Sendable, Equatable {
    package let clock: BookClock
    /// When its first refund or payment falls due, by its own time.
    package let nextDue: Moment?

    package init(clock: BookClock, nextDue: Moment?) {
        self.clock = clock
        self.nextDue = nextDue
    }
}
