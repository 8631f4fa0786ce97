import Crypto
import Domain
import NIOConcurrencyHelpers
import Storage

/// Accounts and keys, in memory: read at start and after each change, so that a request asks no database to
/// learn who it comes from.
package final class Directory: Sendable {
    private struct Content {
        var keys: [Digest256: APIKey] = [:]
        var accounts: [Int64: Account] = [:]
        var version: Int64?
        var asked = 0
        var stored = 0
    }

    private let content = NIOLockedValueBox(Content())

    package init() {}

    package func refresh(from store: any Reader) async throws(StoreFailure) {
        // Of two that overlap, the one that began to read later knows more.
        let turn = content.withLockedValue { content in
            content.asked += 1
            return content.asked
        }
        let keys = try await store.apiKeys()
        let accounts = try await store.accounts()
        content.withLockedValue { content in
            guard turn > content.stored else { return }
            content.stored = turn
            content.keys = Dictionary(uniqueKeysWithValues: keys.map { ($0.hash, $0) })
            content.accounts = Dictionary(uniqueKeysWithValues: accounts.map { ($0.number, $0) })
        }
    }

    /// Reads them again if they were changed since they were last read by this.
    package func catchUp(with store: any Store) async throws(StoreFailure) {
        let version = try await store.directoryVersion()
        guard version == nil || version != content.withLockedValue(\.version) else { return }
        try await refresh(from: store)
        content.withLockedValue { $0.version = version }
    }

    /// Whether a credential is, or was, a key.
    package func knows(_ credential: String) -> Bool {
        let hash = Directory.hash(of: credential)
        return content.withLockedValue { $0.keys[hash] } != nil
    }

    /// The key that a credential is, unless it is unknown or revoked. Found by the hash of the whole text, so
    /// that no comparison gives parts of it away.
    package func key(for credential: String) -> APIKey? {
        let hash = Directory.hash(of: credential)
        return content.withLockedValue { $0.keys[hash] }.flatMap { $0.revokedAt == nil ? $0 : nil }
    }

    /// Revoked ones too, newest first.
    package func keys(of book: Book) -> [APIKey] {
        content.withLockedValue { $0.keys.values.filter { $0.book == book } }
            .sorted { ($0.createdAt, $0.name) > ($1.createdAt, $1.name) }
    }

    package func account(of book: Book) -> Account? {
        content.withLockedValue { $0.accounts[Account.number(of: book)] }
    }

    /// Whether a key that was found before is one still.
    package func isInUse(_ key: APIKey, at moment: Moment) -> Bool {
        content.withLockedValue { $0.keys[key.hash] }?.isValid(at: moment) ?? false
    }

    package func settings(of book: Book) -> AccountSettings {
        content.withLockedValue { $0.accounts[Account.number(of: book)] }?.settings ?? AccountSettings()
    }

    package static func hash(of credential: String) -> Digest256 {
        Digest256(SHA256.hash(data: Array(credential.utf8)))
    }
}
