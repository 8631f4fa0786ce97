import GRDB
import GRDBSQLite
import NIOConcurrencyHelpers
import Storage

/// What the writes of this process met so far.
final class WriteHealth: Sendable {
    private struct State {
        var fatal: StoreFailure?
        var hasFailed = false
        var wantsCheckpoint = false
        /// In pages.
        var longestLog = Int.max
    }

    private let state = NIOLockedValueBox(State())

    /// What nothing may be written after.
    var fatal: StoreFailure? { state.withLockedValue(\.fatal) }

    /// Whether the last write failed.
    var hasFailed: Bool { state.withLockedValue(\.hasFailed) }

    /// When the log has become long.
    var wantsCheckpoint: Bool { state.withLockedValue(\.wantsCheckpoint) }

    /// Learns of the log's length with each commit of the one writing connection, which has to end before this does. SQLite's
    /// own way to do so would keep a failed sync to itself.
    ///
    /// - Parameter pages: how long it may become.
    func watchLog(of db: Database, longest pages: Int) {
        state.withLockedValue { $0.longestLog = pages }
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                if let context {
                    Unmanaged<WriteHealth>.fromOpaque(context).takeUnretainedValue().see(pages: Int(pages))
                }
                return SQLITE_OK
            },
            context
        )
    }

    private func see(pages: Int) {
        state.withLockedValue { state in
            if pages >= state.longestLog { state.wantsCheckpoint = true }
        }
    }

    func wrote() {
        state.withLockedValue { $0.hasFailed = false }
    }

    func checkpointed() {
        state.withLockedValue { $0.wantsCheckpoint = false }
    }

    /// - Returns: the failure, for a caller to pass on.
    func failed(_ failure: StoreFailure) -> StoreFailure {
        state.withLockedValue { state in
            state.hasFailed = true
            if case .fatal = failure { state.fatal = state.fatal ?? failure }
        }
        return failure
    }
}
