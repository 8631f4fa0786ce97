import Domain
import Storage

/// Where a page of a list, newest first, begins or ends.
package enum Cursor: Sendable, Equatable {
    case beginning
    /// With the next older item.
    case after(UInt128)
    /// Right before this one, with what is newer.
    case before(UInt128)
}

extension Engine {
    /// At most `limit` items in the order newest first, wherever the cursor stands: what comes in meanwhile moves none.
    ///
    /// - Parameters:
    ///   - from: leaves out what is older.
    ///   - until: leaves out what is as old or newer.
    package func page(
        of listing: Listing,
        at cursor: Cursor,
        limit: Int,
        from: Moment? = nil,
        until: Moment? = nil
    ) async throws(EngineFailure) -> Page {
        let oldest = from.map { Identifier<Void>.earliest(at: $0).raw }
        let end = until.map { Identifier<Void>.earliest(at: $0).raw }
        let most = Self.mostLookedAt
        let range: KeyRange
        switch cursor {
        case .beginning:
            range = KeyRange(.newestFirst, after: end, notBefore: oldest, limit: limit + 1, mostLookedAt: most)
        case .after(let id):
            let after = min(id, end ?? id)
            range = KeyRange(.newestFirst, after: after, notBefore: oldest, limit: limit + 1, mostLookedAt: most)
        case .before(let id):
            if end == 0 { return Page(keys: [], hasMore: false) }
            let through = end.map { $0 - 1 }
            range = KeyRange(
                .oldestFirst,
                after: id,
                through: through,
                notBefore: oldest,
                limit: limit + 1,
                mostLookedAt: most
            )
        }
        let found = try await read { store throws(StoreFailure) in try await store.keys(of: listing, in: range) }
        let shown = Array(found.prefix(limit))
        var next = found.count > limit ? shown.last : nil
        if next == nil, listing.isFiltered {
            next = try await read { store throws(StoreFailure) in try await store.key(most, of: listing, in: range) }
        }
        let keys = range.order == .newestFirst ? shown : shown.reversed()
        return Page(keys: keys, hasMore: next != nil, next: next)
    }

    /// How many items of a list are looked at for one page where a filter leaves most of them out.
    private static let mostLookedAt = 10_000
}
