import GRDB
import GRDBSQLite
import Storage
import Synchronization

/// What the writes of this process met so far.
final class WriteHealth: Sendable {
    private struct State {
        var fatal: StoreFailure?
        var hasFailed = false
        var wantsCheckpoint = false
    }

    /// In pages: as SQLite itself does it, but that would keep a failed sync to itself.
    private static let longestLog = 1000

    private let state = Mutex(State())

    /// What nothing may be written after.
    var fatal: StoreFailure? { state.withLock(\.fatal) }

    /// Whether the last write failed.
    var hasFailed: Bool { state.withLock(\.hasFailed) }

    /// When the log has become long; and after a write that failed, since a checkpoint makes room in it.
    var wantsCheckpoint: Bool { state.withLock(\.wantsCheckpoint) }

    /// Learns of the log's length with each commit of the one writing connection, which has to end before this does.
    func watchLog(of db: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                if let context, pages >= WriteHealth.longestLog {
                    Unmanaged<WriteHealth>.fromOpaque(context).takeUnretainedValue().wantCheckpoint()
                }
                return SQLITE_OK
            },
            context
        )
    }

    private func wantCheckpoint() {
        state.withLock { $0.wantsCheckpoint = true }
    }

    func wrote() {
        state.withLock { $0.hasFailed = false }
    }

    func checkpointed() {
        state.withLock { $0.wantsCheckpoint = false }
    }

    /// - Returns: the failure, for a caller to pass on.
    func failed(_ failure: StoreFailure) -> StoreFailure {
        state.withLock { state in
            state.hasFailed = true
            state.wantsCheckpoint = true
            if case .fatal = failure { state.fatal = state.fatal ?? failure }
        }
        return failure
    }
}
