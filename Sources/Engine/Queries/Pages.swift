import Domain
import Storage

/// A page of a list: its keys, and whether more follow.
package struct Page: Sendable {
    package let keys: [UInt128]
    package let hasMore: Bool
    /// Where it goes on, in the direction in which the list was walked; `nil` at its end.
    package let next: UInt128?

    init(keys: [UInt128], hasMore: Bool, next: UInt128? = nil) {
        self.keys = keys
        self.hasMore = hasMore
        self.next = next
    }

    /// Of known keys, all of them.
    package init(_ keys: [UInt128]) {
        self.init(keys: keys, hasMore: false)
    }
}

extension Engine {
    /// How far a page may lie beyond what was walked before.
    package static let longestJump = 100_000
    private static let countedAtMost = 1000

    /// The `limit` items that begin at `start`, counted from 0.
    ///
    /// - Parameter createdFrom: leaves out what is older.
    /// - Throws: ``EngineFailure/pageOutOfReach`` for a jump that is too long.
    package func page(
        of listing: Listing,
        _ order: KeyRange.Order,
        start: Int,
        limit: Int,
        createdFrom: Moment? = nil
    ) async throws(EngineFailure) -> Page {
        let notBefore = createdFrom.map { Identifier<Void>.earliest(at: $0).raw }
        let walk = PageMarks.Walk(listing: listing, order: order, notBefore: notBefore)
        try await noticeLosses(in: listing.book)
        let state = marks.state(of: listing.book)
        var head: UInt128?
        var after: UInt128?
        if start > 0 {
            head = try await keys(walk, limit: 1).first
            guard let head else { return Page(keys: [], hasMore: false) }
            after = try await key(before: start, walk, head: head)
            if after == nil { return Page(keys: [], hasMore: false) }
        }
        let found = try await keys(walk, after: after, limit: limit + 1)
        let shown = Array(found.prefix(limit))
        if let last = shown.last, let first = head ?? shown.first {
            marks.keep(PageMarks.Mark(position: start + shown.count, after: last, head: first), of: walk, in: state)
        }
        return Page(keys: shown, hasMore: found.count > limit)
    }

    /// Another process may have taken something out of a list.
    private func noticeLosses(in book: Book) async throws(EngineFailure) {
        guard store.isShared else { return }
        let count = try await read { store throws(StoreFailure) in try await store.tally(Tally(book, .losses)) }
        marks.notice(count, in: book)
    }

    /// After a command that takes something out of a list.
    package func forgetPages(of book: Book) {
        marks.forget(book)
    }

    private func keys(
        _ walk: PageMarks.Walk,
        after: UInt128? = nil,
        through: UInt128? = nil,
        limit: Int
    ) async throws(EngineFailure) -> [UInt128] {
        let range = KeyRange(walk.order, after: after, through: through, notBefore: walk.notBefore, limit: limit)
        return try await read { store throws(StoreFailure) in try await store.keys(of: walk.listing, in: range) }
    }

    /// The key of the item right before `start`, in the list that begins at `head`; `nil` when it ends before that.
    ///
    /// Each read sees a later list than the one before. What came in meanwhile stands before `head`, and is left out.
    private func key(
        before start: Int,
        _ walk: PageMarks.Walk,
        head: UInt128
    ) async throws(EngineFailure) -> UInt128? {
        // Newest first, the list begins behind what would be the next item; oldest first, always at the same.
        let beginning = walk.order == .newestFirst ? head &+ 1 : nil
        let (position, known) = try await nearestMark(to: start, walk, head: head) ?? (0, beginning)
        let steps = start - position
        if steps == 0 { return known }
        let walked = min(steps, Self.longestJump)
        let found = try await keys(walk, after: known, limit: walked)
        guard found.count == walked else { return nil }
        guard walked == steps else { throw .pageOutOfReach }
        return found.last
    }

    /// The furthest known place that is not beyond `start`.
    private func nearestMark(
        to start: Int,
        _ walk: PageMarks.Walk,
        head: UInt128
    ) async throws(EngineFailure) -> (Int, UInt128?)? {
        var best: (Int, UInt128?)?
        var shifts: [UInt128: Int?] = [:]
        for mark in marks.marks(of: walk) {
            if shifts[mark.head] == nil {
                shifts[mark.head] = try await shift(from: mark.head, to: head, walk)
            }
            guard case let shift?? = shifts[mark.head] else { continue }
            let position = mark.position + shift
            if position <= start, position > best?.0 ?? 0 { best = (position, mark.after) }
        }
        return best
    }

    /// How much further back an item is in the list that begins at `head` than in the one that began at `oldHead`, which
    /// may also be the later one; `nil` when too far to count.
    private func shift(
        from oldHead: UInt128,
        to head: UInt128,
        _ walk: PageMarks.Walk
    ) async throws(EngineFailure) -> Int? {
        if oldHead == head { return 0 }
        guard walk.order == .newestFirst else { return nil }
        let (newer, older) = (max(oldHead, head), min(oldHead, head))
        let between = try await keys(walk, after: newer, through: older, limit: Self.countedAtMost)
        guard between.last == older else { return nil }
        return newer == head ? between.count : -between.count
    }
}
