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
        guard await searches.enter() else { throw .busy }
        let result: Result<SearchFinding, EngineFailure>
        do throws(EngineFailure) {
            result = .success(try await read { store throws(StoreFailure) in try await store.search(search) })
        } catch {
            result = .failure(error)
        }
        await searches.leave()
        let found = try result.get()
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

/// Lets a few in at a time, in the order in which they came. Whoever types a word that everything has must not keep all the
/// readers from everybody else.
actor Turnstile {
    private let most: Int
    private let mostWaiting: Int
    private var inside = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ most: Int, waiting: Int) {
        self.most = most
        mostWaiting = waiting
    }

    /// - Returns: whether somebody may go in, and has to leave; `false` when too many wait already.
    func enter() async -> Bool {
        if inside < most {
            inside += 1
            return true
        }
        guard waiting.count < mostWaiting else { return false }
        await withCheckedContinuation { waiting.append($0) }
        return true
    }

    func leave() {
        if waiting.isEmpty { inside -= 1 } else { waiting.removeFirst().resume() }
    }
}
