/// What becomes of one thing that is known.
public enum Edit: Sendable, Equatable {
    /// It stays.
    case keep
    /// It becomes this.
    case set(String)
    /// Nobody knows it any more.
    case forget

    fileprivate var json: JSON? {
        switch self {
        case .keep: nil
        case .set(let text): .string(text)
        case .forget: .null
        }
    }
}

/// Who pays.
public struct Customers: Sendable {
    let wire: Wire

    /// Newest first.
    public func list() -> PagedList<Customer> { PagedList(wire: wire, call: .get("customers")) }

    /// Found by words: references, whole addresses, words of the name. Newest first.
    public func search(_ words: String) -> PagedList<Customer> {
        PagedList(wire: wire, call: .get("customers", "search", query: [("query", words)]))
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Customer { try await wire.read(.get("customers", id)) }

    /// Writes somebody down, by at least one of name, address and reference.
    public func create(
        name: String? = nil,
        email: String? = nil,
        externalReference: String? = nil,
        metadata: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Customer {
        let body: [String: JSON?] = [
            "name": name.map { .string($0) }, "email": email.map { .string($0) },
            "external_reference": externalReference.map { .string($0) }, "metadata": .texts(metadata),
        ]
        return try await wire.read(.post("customers", body: body, key: idempotencyKey))
    }

    /// Changes what is known. Something has to stay.
    public func update(
        _ id: String,
        name: Edit = .keep,
        email: Edit = .keep,
        externalReference: Edit = .keep,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Customer {
        let members = ["name": name.json, "email": email.json, "external_reference": externalReference.json]
        return try await wire.read(
            Call(method: "PATCH", path: ["customers", id], body: .members(members), idempotencyKey: idempotencyKey)
        )
    }

    /// Forgets somebody. What was paid stays.
    public func delete(_ id: String) async throws(StornoError) {
        try await wire.perform(Call(method: "DELETE", path: ["customers", id]))
    }
}
