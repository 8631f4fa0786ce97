import Domain
import Storage

/// A page of a list: its keys, and whether more follow.
package struct Page: Sendable {
    package let keys: [UInt128]
    package let hasMore: Bool
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
        let head = start == 0 ? nil : try await firstKey(walk)
        if start > 0, head == nil { return Page(keys: [], hasMore: false) }
        var after: UInt128?
        if start > 0, let head {
            after = try await key(before: start, walk, head: head)
            if after == nil { return Page(keys: [], hasMore: false) }
        }
        let range = KeyRange(order, after: after, notBefore: notBefore, limit: limit + 1)
        let keys = try await read { store throws(StoreFailure) in try await store.keys(of: listing, in: range) }
        let shown = Array(keys.prefix(limit))
        if let last = shown.last, let first = head ?? shown.first {
            marks.keep(PageMarks.Mark(position: start + shown.count, after: last, head: first), of: walk)
        }
        return Page(keys: shown, hasMore: keys.count > limit)
    }

    /// After a command that takes something out of a list.
    package func forgetPages(of book: Book) {
        marks.forget(book)
    }

    private func firstKey(_ walk: PageMarks.Walk) async throws(EngineFailure) -> UInt128? {
        let range = KeyRange(walk.order, notBefore: walk.notBefore, limit: 1)
        return try await read { store throws(StoreFailure) in try await store.keys(of: walk.listing, in: range) }.first
    }

    /// The key of the item right before `start`; `nil` when the list ends before it.
    private func key(
        before start: Int,
        _ walk: PageMarks.Walk,
        head: UInt128
    ) async throws(EngineFailure) -> UInt128? {
        let (position, known) = try await nearestMark(to: start, walk, head: head) ?? (0, nil)
        let steps = start - position
        if steps == 0 { return known }
        let walked = min(steps, Self.longestJump)
        let range = KeyRange(walk.order, after: known, notBefore: walk.notBefore, limit: walked)
        let keys = try await read { store throws(StoreFailure) in try await store.keys(of: walk.listing, in: range) }
        guard keys.count == walked else { return nil }
        guard walked == steps else { throw .pageOutOfReach }
        return keys.last
    }

    /// The furthest known place that is not beyond `start`.
    private func nearestMark(
        to start: Int,
        _ walk: PageMarks.Walk,
        head: UInt128
    ) async throws(EngineFailure) -> (Int, UInt128?)? {
        var best: (Int, UInt128?)?
        var arrivals: [UInt128: Int?] = [:]
        for mark in marks.marks(of: walk) {
            if arrivals[mark.head] == nil {
                arrivals[mark.head] = try await arrived(since: mark.head, walk, head: head)
            }
            guard case let shift?? = arrivals[mark.head] else { continue }
            let position = mark.position + shift
            if position <= start, position > best?.0 ?? 0 { best = (position, mark.after) }
        }
        return best
    }

    /// How many items came in before what was the first; `nil` when too many to count.
    private func arrived(
        since oldHead: UInt128,
        _ walk: PageMarks.Walk,
        head: UInt128
    ) async throws(EngineFailure) -> Int? {
        if oldHead == head { return 0 }
        guard walk.order == .newestFirst else { return nil }
        let range = KeyRange(walk.order, through: oldHead, limit: Self.countedAtMost)
        let keys = try await read { store throws(StoreFailure) in try await store.keys(of: walk.listing, in: range) }
        return keys.last == oldHead ? keys.count - 1 : nil
    }
}
