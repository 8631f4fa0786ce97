import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// Events that an endpoint is to be told once more.
extension StornoDialect {
    /// Those named in `events`; or those of a stretch of time, filtered by `types` and by what the endpoint takes, so many
    /// a request: `next` is where the following one begins.
    func replayEvents(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["events", "created_from", "created_before", "types", "starting_after"])
        let endpoint = try await context.foundWebhook()
        let wish = try await ReplayWish(fields, context)
        let found = try await wish.find(for: endpoint, context)
        let command = ReplayEvents(
            origin: context.origin,
            endpoint: context.webhook,
            id: endpoint.id,
            events: found.events
        )
        return try await context.answer(command) { details in
            JSONWriter.bytes(
                .members(
                    ("object", "replay"),
                    ("endpoint", .string(ObjectID.webhookEndpoint.text(details.endpoint.raw))),
                    ("queued", .integer(Int64(details.queued))),
                    ("has_more", .bool(found.next != nil)),
                    ("next", .optional(found.next.map { EventID.text($0) }))
                )
            )
        }
    }
}

/// Which events are to be told.
private enum ReplayWish {
    case named([PlacedEvent])
    case stretch(from: Moment?, until: Moment?, types: [String], after: EventPlace?)

    /// How many are told at a time, and through how many is looked for them.
    private static let longest = 200
    private static let looked = 10_000

    init(_ fields: Fields, _ context: RequestContext) async throws(Refusal) {
        if let ids = try fields.texts("events") {
            for name in ["created_from", "created_before", "types", "starting_after"] where fields.has(name) {
                throw fields.invalid(name, "must not be given beside events")
            }
            guard (1...Self.longest).contains(ids.count) else {
                throw fields.invalid("events", "must hold 1 to \(Self.longest) ids")
            }
            var events: [PlacedEvent] = []
            for id in Set(ids).sorted() {
                guard let event = try await context.event(id), event.event.object.kind != .webhookEndpoint else {
                    throw fields.invalid("events", "must hold ids of events, and none of a webhook endpoint's own")
                }
                events.append(event)
            }
            self = .named(events)
            return
        }
        let from = try fields.instant("created_from")
        guard from != nil || fields.has("starting_after") else {
            throw fields.invalid("created_from", "is required, or events, or starting_after")
        }
        var after: EventPlace?
        if let id = try fields.text("starting_after", 1...100) {
            guard let place = try await context.event(id)?.place else {
                throw fields.invalid("starting_after", "must be the id of an event")
            }
            after = place
        }
        self = .stretch(
            from: from,
            until: try fields.instant("created_before"),
            types: try EventTypes.check(try fields.texts("types") ?? [], "types"),
            after: after
        )
    }

    /// - Returns: the events, and the last that was looked at where there may be more behind it.
    func find(
        for endpoint: WebhookEndpoint,
        _ context: RequestContext
    ) async throws(Refusal) -> (events: [PlacedEvent], next: Event?) {
        guard case .stretch(let from, let until, let types, var place) = self else {
            guard case .named(let events) = self else { return ([], nil) }
            return (events, nil)
        }
        let book = context.book
        if place == nil, let from {
            place = try await context.ask { engine throws(EngineFailure) in
                try await engine.place(before: from, in: book)
            }
        }
        var found: [PlacedEvent] = []
        var looked = 0
        while true {
            let range = EventRange(book, .oldestFirst, after: place, types: types, limit: Self.longest, isSettled: true)
            let page = try await context.ask { engine throws(EngineFailure) in try await engine.events(in: range) }
            for event in page {
                place = event.place
                looked += 1
                let isWithin = from.map { event.event.at >= $0 } ?? true && until.map { event.event.at < $0 } ?? true
                if isWithin, endpoint.takes(event.event), event.event.object.kind != .webhookEndpoint {
                    found.append(event)
                }
                if found.count == Self.longest || looked == Self.looked { return (found, event.event) }
                // Nodes' clocks differ by less: nothing behind is of that time.
                if let until, event.event.at >= until.adding(.seconds(600)) { return (found, nil) }
            }
            if page.count < Self.longest { return (found, nil) }
        }
    }
}

extension Fields {
    fileprivate func texts(_ name: String) throws(Refusal) -> [String]? {
        guard let value = self[name] else { return nil }
        guard case .array(let items) = value else { throw invalid(name, "must be a list, not \(value.kind)") }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw invalid(name, "must be a list of strings") }
            texts.append(text)
        }
        return texts
    }
}
