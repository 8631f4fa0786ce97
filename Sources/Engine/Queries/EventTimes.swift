import Domain
import Storage

extension Engine {
    /// By how much the clocks of two nodes may differ, and events stand in another order than their times.
    private static let disorder = Duration.seconds(600)

    /// A place before every event that happened at a moment or later; found by halving, since events stand nearly in the
    /// order of their times.
    package func place(before moment: Moment, in book: Book) async throws(EngineFailure) -> EventPlace {
        let start = EventPlace(transaction: 0, number: 0)
        let early = moment.adding(.zero - Self.disorder)
        guard let last = try await events(in: EventRange(book, .newestFirst, limit: 1)).first?.place else {
            return start
        }
        let isByNumber = last.transaction == 0
        var (low, high) = (Int64(0), isByNumber ? last.number : last.transaction)
        // Everything at or before `low` happened before; something behind `high` may not have.
        while high - low > 1 {
            let middle = low + (high - low) / 2
            let place = EventPlace(transaction: isByNumber ? 0 : middle, number: isByNumber ? middle : 0)
            let next = try await events(in: EventRange(book, .oldestFirst, after: place, limit: 1)).first
            if let next, next.event.at < early { low = middle } else { high = middle }
        }
        return EventPlace(transaction: isByNumber ? 0 : low, number: isByNumber ? low : 0)
    }
}
