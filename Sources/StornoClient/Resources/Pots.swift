/// Collections of payments.
public struct Pots: Sendable {
    let wire: Wire

    /// Newest first.
    public func list() -> PagedList<Pot> { PagedList(wire: wire, call: .get("pots")) }

    /// Found by words. Newest first.
    public func search(_ words: String) -> PagedList<Pot> {
        PagedList(wire: wire, call: .get("pots", "search", query: [("query", words)]))
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Pot { try await wire.read(.get("pots", id)) }

    /// Makes one.
    ///
    /// - Parameter owner: a customer's id.
    public func create(
        name: String,
        currency: String,
        owner: String? = nil,
        metadata: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Pot {
        let body: [String: JSON?] = [
            "name": .string(name), "currency": .string(currency), "owner": owner.map { .string($0) },
            "metadata": .texts(metadata),
        ]
        return try await wire.read(.post("pots", body: body, key: idempotencyKey))
    }
}
