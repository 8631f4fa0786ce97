import Crypto
import Domain
import Storage
import Synchronization

/// Accounts and keys, in memory: read at start and after each change, so that a request asks no database to
/// learn who it comes from.
package final class Directory: Sendable {
    private struct Content {
        var keys: [Digest256: APIKey] = [:]
        var accounts: [Int64: Account] = [:]
        var asked = 0
        var stored = 0
    }

    private let content = Mutex(Content())

    package init() {}

    package func refresh(from store: any Reader) async throws(StoreFailure) {
        // Of two that overlap, the one that began to read later knows more.
        let turn = content.withLock { content in
            content.asked += 1
            return content.asked
        }
        let keys = try await store.apiKeys()
        let accounts = try await store.accounts()
        content.withLock { content in
            guard turn > content.stored else { return }
            content.stored = turn
            content.keys = Dictionary(uniqueKeysWithValues: keys.map { ($0.hash, $0) })
            content.accounts = Dictionary(uniqueKeysWithValues: accounts.map { ($0.number, $0) })
        }
    }

    /// The key that a credential is, unless it is unknown or revoked. Found by the hash of the whole text, so
    /// that no comparison gives parts of it away.
    package func key(for credential: String) -> APIKey? {
        let hash = Directory.hash(of: credential)
        return content.withLock { $0.keys[hash] }.flatMap { $0.revokedAt == nil ? $0 : nil }
    }

    package func settings(of book: Book) -> AccountSettings {
        content.withLock { $0.accounts[Account.number(of: book)] }?.settings ?? AccountSettings()
    }

    package static func hash(of credential: String) -> Digest256 {
        Digest256(SHA256.hash(data: Array(credential.utf8)))
    }
}
