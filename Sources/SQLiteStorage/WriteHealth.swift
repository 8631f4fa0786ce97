import Storage
import Synchronization

/// What the writes of this process met so far.
final class WriteHealth: Sendable {
    private struct State {
        var fatal: StoreFailure?
        var hasFailed = false
        var written = 0
        var checkpointed = 0
    }

    /// As many rows are about a thousand pages of the log, after which SQLite would checkpoint by itself; it would
    /// tell nobody of an error then.
    private static let rowsBetweenCheckpoints = 1000

    private let state = Mutex(State())

    /// What nothing may be written after.
    var fatal: StoreFailure? { state.withLock(\.fatal) }

    /// Whether the last write failed.
    var hasFailed: Bool { state.withLock(\.hasFailed) }

    var wantsCheckpoint: Bool { state.withLock { $0.written - $0.checkpointed >= Self.rowsBetweenCheckpoints } }

    /// - Parameter rows: how many this connection has changed altogether.
    func wrote(rows: Int) {
        state.withLock { state in
            state.hasFailed = false
            state.written = rows
        }
    }

    func checkpointed() {
        state.withLock { $0.checkpointed = $0.written }
    }

    /// - Returns: the failure, for a caller to pass on.
    func failed(_ failure: StoreFailure) -> StoreFailure {
        state.withLock { state in
            state.hasFailed = true
            if case .fatal = failure { state.fatal = state.fatal ?? failure }
        }
        return failure
    }
}
