import Domain
import Engine
import Storage

/// In books with a time of their own, deliveries are made by whoever moves it.
extension Deliverer: ClockedWork {
    package func work(in book: Book, at moment: Moment) async throws(EngineFailure) -> Int {
        guard try await engine.webhookWork().contains(where: { $0.name.book == book }) else { return 0 }
        try await settle(book)
        while try await fanOut(work(in: book)) {}
        let due = try await work(in: book).filter { $0.isDue(at: moment) }
        return await withTaskGroup(of: Int.self) { group in
            for item in due {
                group.addTask { await serve(item.name, at: moment) }
            }
            return await group.reduce(0, +)
        }
    }

    package func nextDue(in book: Book, after moment: Moment) async throws(EngineFailure) -> Moment? {
        try await work(in: book)
            .compactMap { item in item.nextDue.map { max($0, item.heldUntil ?? $0) } }
            .filter { $0 > moment }
            .min()
    }

    package func busyBooks(_ moments: [Book: Moment]) async throws(EngineFailure) -> Set<Book> {
        let work = try await engine.webhookWork().filter { moments[$0.name.book] != nil }
        var busy: Set<Book> = []
        for (book, items) in Dictionary(grouping: work, by: \.name.book) {
            let end = try await engine.lastSettledPlace(in: book)
            if items.contains(where: { item in item.mark < end || moments[book].map(item.isDue) ?? false }) {
                busy.insert(book)
            }
        }
        return busy
    }

    private func work(in book: Book) async throws(EngineFailure) -> [WebhookWork] {
        try await engine.webhookWork().filter { $0.name.book == book }
    }

    /// Until every event that has happened can be told: where several processes write, one may be on its way still.
    private func settle(_ book: Book) async throws(EngineFailure) {
        // Each look is a round trip, which is pause enough.
        for _ in 0..<2000 where !Task.isCancelled {
            let last = try await engine.events(in: EventRange(book, .newestFirst, limit: 1)).first?.place
            guard let last, try await engine.lastSettledPlace(in: book) < last else { return }
            await Task.yield()
        }
    }

    /// - Returns: how many were sent to an endpoint.
    private func serve(_ name: WebhookName, at moment: Moment) async -> Int {
        do throws(EngineFailure) {
            let claims = try await engine.perform(ClaimDeliveries(name, at: moment, limit: 64))
            await withDiscardingTaskGroup { group in
                for claim in claims {
                    group.addTask { await handle(claim) }
                }
            }
            return claims.count
        } catch {
            complain(error)
            return 0
        }
    }
}
