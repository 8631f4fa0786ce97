import Domain
import Storage

/// Follows a book's events: each one once, in the order of their places, as soon as no other can come before it.
package struct EventFeed: Sendable {
    private let engine: Engine
    private let book: Book
    private let types: EventRange
    private let ear: CommitBell.Ear
    private var place: EventPlace?
    /// How often the bell had rung when the rows were last read.
    private var heard: UInt64
    private var isBehind = true
    private var pause: Duration
    private var looksWithoutReading = 0

    /// How many events are read at a time.
    private static let batch = 50
    /// What a commit elsewhere, or a transaction that still holds events back, may delay an event by.
    private static let longestPause = Duration.milliseconds(250)
    private static let shortestPause = Duration.milliseconds(10)
    /// How long a look takes where every commit rings.
    private static let look = Duration.milliseconds(500)

    /// - Parameters:
    ///   - place: begins behind it; `nil` for the book's beginning.
    ///   - types: as in an ``EventRange``.
    package init(_ engine: Engine, of book: Book, after place: EventPlace?, types: [String] = []) {
        self.engine = engine
        self.book = book
        self.place = place
        self.types = EventRange(book, .oldestFirst, types: types, limit: 0)
        ear = CommitBell.Ear(engine.execution.bell, book)
        heard = ear.rings
        pause = engine.store.isShared ? Self.shortestPause : Self.look
    }

    /// What came next; nothing after half a second, or sooner, without anything. Reads a bounded number of rows, whatever
    /// their types are.
    package mutating func next() async throws(EngineFailure) -> [Event] {
        let rings = ear.rings
        guard mayHaveMore(rings) else {
            await wait(beyond: rings)
            return []
        }
        let range = EventRange(book, .oldestFirst, after: place, limit: Self.batch, isSettled: true)
        let found = try await engine.events(in: range)
        heard = rings
        isBehind = found.count == Self.batch
        guard let last = found.last else {
            await wait(beyond: rings)
            return []
        }
        place = last.place
        if engine.store.isShared { pause = Self.shortestPause }
        return found.map(\.event).filter { types.takes($0.type) }
    }

    /// Where other processes write too, only a look at the rows tells.
    private mutating func mayHaveMore(_ rings: UInt64) -> Bool {
        if engine.store.isShared {
            if rings != heard { pause = Self.shortestPause }
            return true
        }
        looksWithoutReading += 1
        // Now and then all the same: a bell that was not heard must not hide an event for ever.
        guard isBehind || rings != heard || looksWithoutReading > 10 else { return false }
        looksWithoutReading = 0
        return true
    }

    private mutating func wait(beyond rings: UInt64) async {
        let (ear, time, pause) = (ear, engine.time, pause)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await time.sleep(for: pause) }
            group.addTask { await ear.wait(beyond: rings) }
            await group.next()
            group.cancelAll()
        }
        if engine.store.isShared { self.pause = min(pause * 2, Self.longestPause) }
    }
}
