import Domain

/// What the engine asks of a database.
///
/// One writer path, ``transact(_:_:)``, used by `Execution` alone; reads go by ``Reader`` on connections of
/// their own and see everything that was committed before they began.
package protocol Store: Reader {
    /// One write transaction: loads the footprint, locked; runs `body`; writes what it left in the working set;
    /// returns only when the commit is durable.
    ///
    /// - Throws: `StoreFailure`, and then nothing was written — except for ``StoreFailure/outcomeUnknown``.
    func transact<Outcome: Sendable>(
        _ footprint: Footprint,
        _ body: @Sendable @escaping (inout WorkingSet) -> Outcome
    ) async throws(StoreFailure) -> Outcome

    /// Whether enough was written that ``checkpoint()`` should be called, once everybody has an answer.
    var wantsCheckpoint: Bool { get }

    /// Moves what was committed to where it stays. It is durable already; a failure that is not fatal is made good
    /// by the next call.
    func checkpoint() async throws(StoreFailure)

    /// Whether other processes may be at work on it too.
    var isShared: Bool { get }

    /// Another number after each change of an account or a key; `nil` where only this process makes any.
    func directoryVersion() async throws(StoreFailure) -> Int64?

    /// Returns when there may be new work or other keys, in a process of its own or another one, or when the task is
    /// cancelled. It may miss some: whoever waits looks again by itself before long. For a shared
    /// store alone.
    func news() async
}

/// A store that one process has to itself.
extension Store {
    package var isShared: Bool { false }

    package func directoryVersion() async throws(StoreFailure) -> Int64? { nil }

    package func news() async {}
}

package enum StoreFailure: Error, Equatable, Sendable {
    /// The transaction could not be written; nothing of it is there. The text is for the log.
    case unavailable(String)
    /// The connection was lost during the commit: it is there, or it is not.
    case outcomeUnknown(String)
    /// The database refused a row: a rule above it has a fault. The text is for the log.
    case constraint(String)
    /// A row that was asked for cannot be what was written: the medium changed it. Others are not concerned. The text
    /// is for the log.
    case damaged(String)
    /// The medium failed in a way after which nothing more may be written.
    case fatal(String)

    /// For whoever keeps the server running; nothing personal.
    package var words: String {
        switch self {
        case .unavailable(let words), .outcomeUnknown(let words), .constraint(let words), .damaged(let words),
            .fatal(let words):
            words
        }
    }
}
