#if PostgreSQL
import NIOConcurrencyHelpers

/// What the writes of this process met so far.
final class WriteHealth: Sendable {
    private struct State {
        var batch: Int64 = 0
        var hasFailed = false
    }

    private let state = NIOLockedValueBox(State())

    /// Whether the last write failed.
    var hasFailed: Bool { state.withLockedValue(\.hasFailed) }

    /// The number of the next batch.
    func nextBatch() -> Int64 {
        state.withLockedValue { state in
            state.batch += 1
            return state.batch
        }
    }

    func wrote() { state.withLockedValue { $0.hasFailed = false } }

    func failed() { state.withLockedValue { $0.hasFailed = true } }
}
#endif
