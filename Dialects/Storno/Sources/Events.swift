import DialectKit
import Domain
import Engine
import Storage

// What happened, as it was.

extension StornoDialect {
    /// Newest first; or all of one object, oldest first.
    func listEvents(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(
            Set(ObjectKind.withEvents.map(\.rawValue)).union(["limit", "starting_after", "ending_before", "type"])
        )
        let types = try query.types("type")
        if let object = try await context.eventObject() {
            let events = try await context.ask { engine throws(EngineFailure) in
                try await engine.events(of: object, in: context.book)
            }
            let range = EventRange(context.book, .oldestFirst, types: types, limit: 0)
            return .list(try await context.shown(events.filter { range.takes($0.type) }))
        }
        let limit = try query.integer("limit", 1...100) ?? 10
        let (order, after) = try await context.eventCursor()
        let range = EventRange(context.book, order, after: after, types: types, limit: limit + 1)
        let found = try await context.ask { engine throws(EngineFailure) in try await engine.events(in: range) }
        let page = found.prefix(limit).map(\.event)
        let shown = try await context.shown(order == .newestFirst ? page : page.reversed())
        return context.page(
            shown,
            next: found.count > limit ? page.last.map { EventID.text($0) } : nil,
            after: order == .newestFirst ? "starting_after" : "ending_before"
        )
    }

    func readEvent(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let text = context.parameter("id")
        guard let event = try await context.event(text)?.event, let shown = try await context.shown([event]).first
        else {
            return Problem(.notFound, "There is no event \(text.prefix(100)) in this account and mode.")
                .with("object", "event").response(to: context.request)
        }
        return .json(shown)
    }
}

/// How an event is named: by its object and its number among that one's events.
enum EventID {
    private static let prefix = "evt_"

    static func text(_ event: Event) -> String { text(event.object, event.sequence) }

    static func text(_ object: ObjectReference, _ sequence: Int64) -> String { "\(prefix)\(object.text)_\(sequence)" }

    static func read(_ text: String) -> (object: ObjectReference, sequence: Int64)? {
        guard text.hasPrefix(prefix), let end = text.lastIndex(of: "_"),
            let sequence = Int64(exactToken: String(text[text.index(after: end)...])), sequence > 0
        else { return nil }
        let name = String(text[..<end].dropFirst(prefix.count))
        for kind in ObjectKind.withEvents {
            if let id = ObjectID.of(kind).id(name) { return (ObjectReference(kind, id), sequence) }
        }
        return nil
    }
}

extension Query {
    /// Repeated or not: `refund.succeeded`, or `refund.*`.
    func types(_ name: String) throws(Refusal) -> [String] { try EventTypes.check(texts(name), name) }
}

enum EventTypes {
    /// - Parameter field: where they stand.
    static func check(_ types: [String], _ field: String) throws(Refusal) -> [String] {
        for type in types {
            let words = type.hasSuffix("*") ? type.dropLast() : type[...]
            let isPlain = words.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2E }
            guard isPlain, (1...60).contains(type.utf8.count), types.count <= 20 else {
                throw .invalid(field: field, reason: "must be a type such as refund.succeeded, or refund.*")
            }
        }
        return types
    }
}

extension RequestContext {
    func event(_ text: String) async throws(Refusal) -> PlacedEvent? {
        guard let (object, sequence) = EventID.read(text) else { return nil }
        let found = try await ask { engine throws(EngineFailure) in
            try await engine.event(sequence, of: object, in: book)
        }
        return found?.event.object == object ? found : nil
    }

    /// The one object whose events are wanted.
    fileprivate func eventObject() async throws(Refusal) -> ObjectReference? {
        var found: [ObjectReference] = []
        for kind in ObjectKind.withEvents {
            if let id = try await filter(kind) { found.append(ObjectReference(kind, id)) }
        }
        guard found.count <= 1 else {
            throw .invalid(field: found[1].kind.rawValue, reason: "must not be given beside \(found[0].kind.rawValue)")
        }
        for name in ["limit", "starting_after", "ending_before"] where !found.isEmpty && request.query.has(name) {
            throw .invalid(field: name, reason: "must not be given beside \(found[0].kind.rawValue)")
        }
        return found.first
    }

    fileprivate func eventCursor() async throws(Refusal) -> (KeyRange.Order, EventPlace?) {
        let (after, before) = (try request.query.text("starting_after"), try request.query.text("ending_before"))
        guard after == nil || before == nil else {
            throw .invalid(field: "ending_before", reason: "must not be given beside starting_after")
        }
        guard let text = after ?? before else { return (.newestFirst, nil) }
        guard let place = try await event(text)?.place else {
            let name = after == nil ? "ending_before" : "starting_after"
            throw .invalid(field: name, reason: "must be the id of an event")
        }
        return (after == nil ? .oldestFirst : .newestFirst, place)
    }
}
