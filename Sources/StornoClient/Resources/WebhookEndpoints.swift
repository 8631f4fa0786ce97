import Foundation

/// Who is told of what happens.
public struct WebhookEndpoints: Sendable {
    let wire: Wire

    /// Newest first.
    public func list() -> PagedList<WebhookEndpoint> { PagedList(wire: wire, call: .get("webhook_endpoints")) }

    /// One, by its id.
    public func get(_ id: String) async throws(StornoError) -> WebhookEndpoint {
        try await wire.read(.get("webhook_endpoints", id))
    }

    /// Makes one. Its `secret` is told this one time.
    ///
    /// - Parameter events: types such as `refund.*`; none for all.
    public func create(
        url: String,
        events: [String] = [],
        description: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> WebhookEndpoint {
        let body: [String: JSON?] = [
            "url": .string(url), "events": .array(events.map { .string($0) }),
            "description": description.map { .string($0) },
        ]
        return try await wire.read(.post("webhook_endpoints", body: body, key: idempotencyKey))
    }

    /// Changes one; what is `nil` stays.
    public func update(
        _ id: String,
        url: String? = nil,
        events: [String]? = nil,
        description: String? = nil,
        status: WebhookStatus? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> WebhookEndpoint {
        let members: [String: JSON?] = [
            "url": url.map { .string($0) }, "events": events.map { .array($0.map { .string($0) }) },
            "description": description.map { .string($0) }, "status": status.map { .string($0.rawValue) },
        ]
        return try await wire.read(
            Call(
                method: "PATCH",
                path: ["webhook_endpoints", id],
                body: .members(members),
                idempotencyKey: idempotencyKey
            )
        )
    }

    /// Ends one, with all its deliveries.
    public func delete(_ id: String) async throws(StornoError) {
        try await wire.perform(Call(method: "DELETE", path: ["webhook_endpoints", id]))
    }

    /// Gives it another secret, which is told this one time.
    ///
    /// - Parameter overlapSeconds: how long the one before signs too; 86400 where it is `nil`.
    public func rotateSecret(
        _ id: String,
        overlapSeconds: Int64? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> WebhookEndpoint {
        let body: [String: JSON?] = ["overlap_seconds": overlapSeconds.map { .integer($0) }]
        return try await wire.read(.post("webhook_endpoints", id, "rotate_secret", body: body, key: idempotencyKey))
    }

    /// Makes an event for this one alone, to see whether it is told.
    public func ping(_ id: String, idempotencyKey: String? = nil) async throws(StornoError) -> Event {
        try await wire.read(.post("webhook_endpoints", id, "ping", key: idempotencyKey))
    }

    /// Tells it of some events once more, whatever it subscribes to.
    ///
    /// - Parameter events: 1 to 200 ids.
    public func replay(
        _ id: String,
        events: [String],
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Replay {
        let body: [String: JSON?] = ["events": .array(events.map { .string($0) })]
        return try await wire.read(.post("webhook_endpoints", id, "replay", body: body, key: idempotencyKey))
    }

    /// Tells it once more of what happened in a time, as far as it subscribes to it: so many a call. While `hasMore`, call
    /// again with `next`.
    public func replay(
        _ id: String,
        from: Date,
        until: Date? = nil,
        types: [String] = [],
        after: String? = nil,
        idempotencyKey: String? = nil
    ) async throws(StornoError) -> Replay {
        let body: [String: JSON?] = [
            "created_from": .string(StornoCoding.text(from)),
            "created_before": until.map { .string(StornoCoding.text($0)) },
            "types": types.isEmpty ? nil : .array(types.map { .string($0) }),
            "starting_after": after.map { .string($0) },
        ]
        return try await wire.read(.post("webhook_endpoints", id, "replay", body: body, key: idempotencyKey))
    }

    /// What became of the telling, newest first.
    ///
    /// - Parameter states: in any of these.
    public func deliveries(_ id: String, states: [DeliveryState] = []) -> PagedList<Delivery> {
        let query = states.map { (name: "state", value: String?.some($0.rawValue)) }
        return PagedList(wire: wire, call: .get("webhook_endpoints", id, "deliveries", query: query))
    }
}

/// What became of the telling.
public struct Deliveries: Sendable {
    let wire: Wire

    /// One with its attempts, by its id.
    public func get(_ id: String) async throws(StornoError) -> Delivery { try await wire.read(.get("deliveries", id)) }

    /// Sends one again, or at once.
    public func resend(_ id: String, idempotencyKey: String? = nil) async throws(StornoError) -> Delivery {
        try await wire.read(.post("deliveries", id, "resend", key: idempotencyKey))
    }
}
