/// What payers' banks take back.
public struct Disputes: Sendable {
    let wire: Wire

    /// Newest first.
    ///
    /// - Parameter payment: of this one alone.
    public func list(payment: String? = nil) -> PagedList<Dispute> {
        PagedList(wire: wire, call: .get("disputes", query: [("payment", payment)]))
    }

    /// Found by words. Newest first.
    public func search(_ words: String) -> PagedList<Dispute> {
        PagedList(wire: wire, call: .get("disputes", "search", query: [("query", words)]))
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Dispute { try await wire.read(.get("disputes", id)) }
}
