import Domain
import Storage

extension Engine {
    /// A page of what has the words of a query, newest first, as it was committed at that moment.
    ///
    /// - Parameters:
    ///   - kinds: in which to look; at least one.
    ///   - narrowing: what they have to be besides; of refunds alone or of payments alone.
    ///   - after: goes on behind this object.
    ///   - from: leaves out what is older.
    ///   - until: leaves out what is as old or newer.
    /// - Throws: ``EngineFailure/busy`` when more searches wait than may.
    package func search(
        _ query: SearchQuery,
        in book: Book,
        _ kinds: [ObjectKind],
        _ narrowing: Search.Narrowing = .none,
        after: UInt128? = nil,
        from: Moment? = nil,
        until: Moment? = nil,
        limit: Int
    ) async throws(EngineFailure) -> FoundPage {
        let search = Search(
            book,
            query.condition(book, kinds, secrets),
            narrowing,
            after: after,
            before: until.map { Identifier<Void>.earliest(at: $0).raw },
            notBefore: from.map { Identifier<Void>.earliest(at: $0).raw },
            limit: limit + 1
        )
        try await searches.enter(at: time.now)
        defer { searches.leave() }
        let found = try await read { store throws(StoreFailure) in try await store.search(search) }
        let shown = Array(found.objects.prefix(limit))
        let next = found.objects.count > limit ? shown.last?.id : found.end
        return FoundPage(objects: shown, next: next)
    }
}

/// What was found, and behind which object there may be more; `nil` at the end.
package struct FoundPage: Sendable {
    package let objects: [ObjectReference]
    package let next: UInt128?
}
