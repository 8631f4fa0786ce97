import Foundation

/// Who may ask.
public struct APIKeys: Sendable {
    let wire: Wire

    /// Those of this account and mode, of every API; newest first.
    public func list() -> PagedList<APIKey> { PagedList(wire: wire, call: .get("api_keys")) }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> APIKey { try await wire.read(.get("api_keys", id)) }

    /// Makes one. Its `key` is told this one time.
    ///
    /// - Parameters:
    ///   - dialect: the API that it is for; Storno's own where it is `nil`.
    ///   - scopes: what it may do, never more than the asking key; `nil` for as much.
    public func create(
        name: String? = nil,
        dialect: String? = nil,
        scopes: [String]? = nil,
        expiresAt: Date? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> APIKey {
        let body: [String: JSON?] = [
            "name": name.map { .string($0) }, "dialect": dialect.map { .string($0) },
            "scopes": scopes.map { .array($0.map { .string($0) }) },
            "expires_at": expiresAt.map { .string(StornoCoding.text($0)) },
        ]
        return try await wire.read(.post("api_keys", body: body, key: idempotencyKey))
    }

    /// Takes one out of use, also the asking one.
    public func revoke(_ id: String, idempotencyKey: String? = nil) async throws(StornoError) -> APIKey {
        try await wire.read(.post("api_keys", id, "revoke", key: idempotencyKey))
    }
}

/// Who did what.
public struct Audit: Sendable {
    let wire: Wire

    /// Newest first.
    ///
    /// - Parameters:
    ///   - actions: such as `api_key.created` or `api_key.*`; none for all.
    ///   - actor: by this one alone.
    public func entries(actions: [String] = [], actor: String? = nil) -> PagedList<AuditEntry> {
        let query = actions.map { (name: "action", value: String?.some($0)) } + [("actor", actor)]
        return PagedList(wire: wire, call: .get("audit_entries", query: query))
    }

    /// The end of the trail, to be kept elsewhere.
    public func head() async throws(StornoError) -> AuditHead { try await wire.read(.get("audit_head")) }
}
