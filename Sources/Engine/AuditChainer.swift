import Domain
import Logging
import Storage

/// Chains what was written into the audit trail shortly after: requests add their rows without waiting for each other,
/// and the order between them is made here. As many nodes as there are may do it: a link is added only to the end that it
/// was made for.
package struct AuditChainer: Sendable {
    private let engine: Engine
    private static let batch = 256
    private static let rest = Duration.seconds(2)
    /// How many looks pass by before every book is looked at.
    private static let round = 256

    package init(engine: Engine) {
        self.engine = engine
    }

    /// Chains until the task is cancelled. A start has other things to do first: what waits has waited already.
    package func run() async {
        guard (try? await engine.time.sleep(for: Self.rest)) != nil else { return }
        var mark: AuditMark?
        var unfinished: Set<Book> = []
        var looks = 0
        while !Task.isCancelled {
            if looks.isMultiple(of: Self.round) { mark = nil }
            looks += 1
            do throws(EngineFailure) {
                let found = try await books(since: mark)
                mark = found.mark
                unfinished = await chain(unfinished.union(found.books))
            } catch {
                // Whatever was not looked at is found again from the beginning.
                mark = nil
                engine.logger.warning("the audit trail was not chained", metadata: ["reason": "\(error)"])
            }
            guard (try? await engine.time.sleep(for: pause)) != nil else { return }
        }
    }

    /// Chains all that is settled.
    package func work() async throws(EngineFailure) {
        _ = await chain(Set(try await books(since: nil).books))
    }

    /// How long a row may wait for its link.
    private var pause: Duration { engine.store.isShared ? .milliseconds(500) : .milliseconds(250) }

    private func books(since mark: AuditMark?) async throws(EngineFailure) -> (books: [Book], mark: AuditMark) {
        try await engine.read { store throws(StoreFailure) in try await store.booksToAudit(since: mark) }
    }

    /// - Returns: the books that have more to come.
    private func chain(_ books: Set<Book>) async -> Set<Book> {
        var unfinished: Set<Book> = []
        for book in books.sorted() {
            do throws(EngineFailure) {
                if try await !chain(book) { unfinished.insert(book) }
            } catch .busy {
                unfinished.insert(book)
            } catch {
                // A book that cannot be read holds up no other; it is looked at again with all.
                engine.logger.error(
                    "the audit trail of a book was not chained",
                    metadata: ["book": "\(book.number)", "reason": "\(error)"]
                )
            }
        }
        return unfinished
    }

    /// - Returns: whether everything that can be seen is chained.
    private func chain(_ book: Book) async throws(EngineFailure) -> Bool {
        while true {
            let backlog = try await engine.read { store throws(StoreFailure) in
                try await store.auditBacklog(of: book, limit: Self.batch)
            }
            guard !backlog.records.isEmpty else { return backlog.isWhole }
            let links = backlog.head.links(backlog.records)
            // Another node was faster, or is at it.
            guard try await engine.perform(ChainAudit(after: backlog.head, links)) else { return false }
            if backlog.isWhole { return true }
        }
    }
}
