import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What became of the telling of events.
extension StornoDialect {
    /// Of one endpoint; `state`, repeated or not, narrows it.
    func listDeliveries(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(PageWish.names.union(["state"]))
        var states: Set<DeliveryState> = []
        for word in query.texts("state") {
            guard let state = DeliveryState(rawValue: word) else {
                let known = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(field: "state", reason: "must be one of \(known)")
            }
            states.insert(state)
        }
        let endpoint = try await context.foundWebhook()
        let listing = Listing.deliveries(context.book, endpoint.id, in: states)
        return try await context.list(.delivery, listing, try PageWish(query)) { engine, page throws(EngineFailure) in
            try await engine.deliveries(page, in: context.book).items.map { .delivery($0) }
        }
    }

    /// With its attempts, oldest first.
    func readDelivery(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let delivery = try await context.foundDelivery()
        let attempts = try await context.ask { engine throws(EngineFailure) in
            try await engine.attempts(of: delivery)
        }
        return .json(.delivery(delivery, attempts))
    }

    func resendDelivery(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        let delivery = try await context.foundDelivery()
        return try await context.answer(ResendDelivery(origin: context.origin, delivery: delivery)) {
            JSONWriter.bytes(.delivery($0))
        }
    }
}

extension RequestContext {
    func foundWebhook() async throws(Refusal) -> WebhookEndpoint {
        try await ask { engine throws(EngineFailure) in try await engine.webhookEndpoint(webhook) }
    }

    /// The delivery that the path names. Those of a deleted endpoint are gone with it.
    fileprivate func foundDelivery() async throws(Refusal) -> Delivery {
        let name = named(.delivery, parameter("id"))
        return try await ask { engine throws(EngineFailure) in
            let delivery = try await engine.delivery(name)
            do throws(EngineFailure) {
                _ = try await engine.webhookEndpoint(
                    ObjectName(.webhookEndpoint, delivery.endpoint.raw, in: delivery.book)
                )
            } catch .notFound {
                throw .notFound(.delivery, text: parameter("id"))
            }
            return delivery
        }
    }
}

extension JSONValue {
    /// - Parameter attempts: `nil` where they are not shown.
    static func delivery(_ delivery: Delivery, _ attempts: [DeliveryAttempt]? = nil) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("id", .string(ObjectID.delivery.text(delivery.id.raw))), JSONMember("object", "delivery"),
            JSONMember("endpoint", .string(ObjectID.webhookEndpoint.text(delivery.endpoint.raw))),
            JSONMember("event", .string(EventID.text(delivery.object, delivery.sequence))),
            JSONMember("event_type", .string(delivery.type)), JSONMember("state", .string(delivery.state.rawValue)),
            JSONMember("attempt_count", .integer(delivery.attempts)),
            JSONMember("failure_count", .integer(delivery.failures)),
            JSONMember("next_attempt_at", .time(delivery.state == .pending ? delivery.dueAt : nil)),
            JSONMember("created_at", .time(delivery.createdAt)), JSONMember("ended_at", .time(delivery.endedAt)),
        ]
        if let attempts { members.append(JSONMember("attempts", .array(attempts.map { .deliveryAttempt($0) }))) }
        return .object(members)
    }

    private static func deliveryAttempt(_ attempt: DeliveryAttempt) -> JSONValue {
        .members(
            ("object", "delivery_attempt"),
            ("number", .integer(attempt.number)),
            ("started_at", .time(attempt.startedAt)),
            ("duration_ms", .integer(attempt.durationMilliseconds)),
            ("outcome", .string(attempt.outcome.rawValue)),
            ("status", .optional(attempt.status)),
            ("reason", .optional(attempt.reason)),
            // The receiver's words, whatever they are, as text.
            ("answer", attempt.answer.isEmpty ? .null : .string(String(decoding: attempt.answer, as: UTF8.self)))
        )
    }
}
