import SQLiteStorage
import Storage

extension Secrets {
    /// A key that tests share.
    package static let ofTests = Secrets(bytes: Array(repeating: 7, count: 32))
}

extension SQLiteStore {
    /// A store of one test, with a known key.
    package convenience init(
        path: String,
        watcher: (@Sendable (_ sql: String) -> Void)? = nil,
        secrets: Secrets
    ) throws {
        try self.init(path: path, watcher: watcher) { _ in secrets }
    }
}
