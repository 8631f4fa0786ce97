/// What an event can be about.
public enum EventSubject: Sendable, Equatable {
    /// A payment, by its id.
    case payment(String)
    /// A refund, by its id.
    case refund(String)
    /// A dispute, by its id.
    case dispute(String)
    /// A customer, by its id.
    case customer(String)
    /// A pot, by its id.
    case pot(String)

    fileprivate var query: (name: String, value: String?) {
        switch self {
        case .payment(let id): ("payment", id)
        case .refund(let id): ("refund", id)
        case .dispute(let id): ("dispute", id)
        case .customer(let id): ("customer", id)
        case .pot(let id): ("pot", id)
        }
    }
}

/// What happened.
public struct Events: Sendable {
    let wire: Wire

    /// Newest first.
    ///
    /// - Parameter types: such as `refund.succeeded` or `refund.*`; none for all.
    public func list(types: [String] = []) -> PagedList<Event> {
        PagedList(wire: wire, call: .get("events", query: types.map { ("type", $0) }))
    }

    /// All of one object, oldest first.
    public func list(of subject: EventSubject, types: [String] = []) async throws(StornoError) -> [Event] {
        let query = [subject.query] + types.map { ("type", $0) }
        return try await wire.read(WholeList<Event>.self, .get("events", query: query)).data
    }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> Event { try await wire.read(.get("events", id)) }

    /// As they happen, each once and in order.
    ///
    /// ```swift
    /// for try await event in storno.events.stream(types: ["refund.*"], after: last) { … }
    /// ```
    ///
    /// - Parameters:
    ///   - types: such as `refund.succeeded` or `refund.*`; none for all.
    ///   - after: the id of the last event that was seen, whenever that was; `nil` to begin now.
    ///   - notice: told when the connection is open, and when it broke.
    public func stream(
        types: [String] = [],
        after: String? = nil,
        notice: (@Sendable (StreamNotice) -> Void)? = nil
    ) -> LiveStream<Event> {
        LiveStream(wire: wire, call: streamCall(types), after: after, notice: notice)
    }

    /// The same with each event as it was written, for whoever passes it on.
    public func jsonStream(
        types: [String] = [],
        after: String? = nil,
        notice: (@Sendable (StreamNotice) -> Void)? = nil
    ) -> LiveStream<JSON> {
        LiveStream(wire: wire, call: streamCall(types), after: after, notice: notice)
    }

    private func streamCall(_ types: [String]) -> Call {
        .get("events", "stream", query: types.map { ("type", $0) })
    }
}
