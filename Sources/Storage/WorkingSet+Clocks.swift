import Domain

extension WorkingSet {
    /// Whether decisions set a time that no event shows, such as a lease or a next turn.
    package var isSilent: Bool {
        // Events of a book with a time of its own do not say how late it is.
        (events.isEmpty || clocks.all.contains(where: \.isSet))
            && (!events.isEmpty || !refunds.updated.isEmpty || !attempts.updated.isEmpty || !payments.updated.isEmpty
                || !deliveries.updated.isEmpty)
    }
}

extension WorkingSet {
    package func isOnClock(_ book: Book) -> Bool { clocks[book]?.isSet ?? false }

    /// Whether nothing has happened in a book yet. Only for books named in `Footprint.clocks`.
    package func isUntouched(_ book: Book) -> Bool {
        booksWithoutEvents.contains(book) && !events.contains { $0.book == book }
    }

    /// Books that came to have a time of their own, or no longer have one: by whose clock their work is due changes.
    package var clockTurns: [(book: Book, isOnClock: Bool)] {
        clocks.insertedRows.filter(\.isSet).map { ($0.book, true) }
            + clocks.changes.filter { $0.before.isSet != $0.after.isSet }.map { ($0.after.book, $0.after.isSet) }
    }

    package mutating func setUntouched(_ book: Book) { booksWithoutEvents.insert(book) }
}
