import Domain
import Storage

extension Engine {
    package func auditEntries(in range: AuditRange) async throws(EngineFailure) -> [AuditedRecord] {
        try await read { store throws(StoreFailure) in try await store.auditEntries(in: range) }
    }

    /// All keys of a book, revoked ones too, newest first; as they are on every node.
    package func apiKeys(of book: Book) async throws(EngineFailure) -> [APIKey] {
        if store.isShared {
            _ = try await read { store throws(StoreFailure) in try await directory.catchUp(with: store) }
        }
        return directory.keys(of: book)
    }
}
