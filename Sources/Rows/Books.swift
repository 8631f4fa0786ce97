import Domain
import Storage

/// A database as people look after it: what the engine asks, and what operators do.
package protocol Books: Store, OperationLog {
    /// Where it is, for people: no password.
    var place: String { get }

    /// The key that it was opened with for writing.
    var secrets: Secrets { get }

    /// Whether it was opened without the key, so that nothing sealed can be read.
    var isSealed: Bool { get }

    /// What the rows say against the rules, at most `limit` findings of each.
    func verify(limit: Int) async throws(StoreFailure) -> [Finding]

    /// Proves the audit trail from the rows.
    ///
    /// - Parameter heads: links that were exported before: what was cut off behind them, or made anew up to them, is
    ///   found.
    func verifyAudit(against heads: [AuditHead]) async throws(StoreFailure) -> AuditReport

    /// Where the journal of a book, or with `nil` of all, holds something else than its payments say.
    func imbalances(of book: Book?) async throws(StoreFailure) -> [Imbalance]

    /// How many refunds there are in each status that is not an end.
    func unsettledRefunds() async throws(StoreFailure) -> [RefundStatus: Int]

    /// Refunds in any of the statuses, oldest first.
    ///
    /// - Parameters:
    ///   - books: where to look; `nil` for everywhere. Other statuses than ``RefundStatus/watched`` are looked for book
    ///     by book.
    ///   - limit: how many at most.
    func refunds(in statuses: [RefundStatus], of books: [Book]?, limit: Int) async throws(StoreFailure) -> [Refund]

    /// The free texts about an object, by name.
    func notes(of object: UInt128, in book: Book) async throws(StoreFailure) -> [Note]

    /// A footprint as it is committed now, unlocked: nothing can be decided on it for good.
    func look(at footprint: Footprint) async throws(StoreFailure) -> WorkingSet

    /// Walks through the rows as they are at one moment, for as long as it takes.
    func walk<Value: Sendable>(
        _ body: @Sendable @escaping (any RowWalk, Sealer) throws -> Value
    ) async throws(StoreFailure) -> Value

    /// Prepares a database that holds nothing, or only imported history, for a great many rows: what only readers need is
    /// built when they are all there. Whoever dies in between leaves that to the next opening for writing.
    ///
    /// - Parameter rows: about how many will come; nothing is done for few beside what is there.
    /// - Returns: whether there is anything to be ended by ``endFilling()``.
    func beginFilling(expecting rows: Int) async throws(StoreFailure) -> Bool

    func endFilling() async throws(StoreFailure)

    /// Does what the database needs while it is in use, until the task is cancelled.
    func attend() async

    /// Brings everything to where it stays, and lets go: nothing can be read or written any more. What cannot be done
    /// now is made good by the next start.
    func leave() async
}

extension Books {
    package func verify() async throws(StoreFailure) -> [Finding] { try await verify(limit: 1000) }

    package func beginFilling(expecting rows: Int) async throws(StoreFailure) -> Bool { false }

    package func endFilling() async throws(StoreFailure) {}
}

extension RefundStatus {
    /// Statuses in which a refund waits for a person or should be watched by one; an index of their own holds them.
    package static let watched: [RefundStatus] = [.awaitingApproval, .inDoubt, .needsReview]
}
