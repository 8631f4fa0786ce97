import DialectKit
import Domain
import Engine
import Storage

/// The part of a list that a query asks for: `limit` items from the `start`th on, counted from 0.
struct ListRange {
    let start: Int
    let limit: Int
    let createdFrom: Moment?

    init(_ query: Query) throws(Refusal) {
        start = try query.integer("start", 0...999_999_999) ?? 0
        limit = try query.integer("limit", 1...100) ?? 10
        createdFrom = try ListRange.seconds(query, "created").map(Moment.init(seconds:))
    }

    /// Unix time has ten digits, and some clients send more.
    private static func seconds(_ query: Query, _ name: String) throws(Refusal) -> Int64? {
        guard let text = try query.text(name) else { return nil }
        guard let seconds = Int64(exactToken: text), seconds >= 0 else {
            throw .invalid(field: name, reason: "must be a Unix time in whole seconds")
        }
        return seconds
    }
}

extension RequestContext {
    /// A page of a list, oldest first. Besides `live_mode` and `range` the answer has the list alone: a client
    /// takes the only other member for it.
    func list<Item: Sendable>(
        _ member: String,
        _ listing: Listing,
        _ render: (Item) -> JSONValue,
        load: (Engine, Page) async throws(EngineFailure) -> Items<Item>
    ) async throws(Refusal) -> WireResponse {
        let range = try ListRange(request.query)
        let found = try await ask { engine throws(EngineFailure) in
            let page = try await engine.page(
                of: listing,
                .oldestFirst,
                start: range.start,
                limit: range.limit,
                createdFrom: range.createdFrom
            )
            return try await load(engine, page)
        }
        let items = found.items.map(render)
        let shown = JSONValue.members(
            ("start", .integer(Int64(range.start))),
            ("end", .integer(Int64(range.start + max(items.count, 1) - 1))),
            ("limit", .integer(Int64(range.limit))),
            ("has_more", .bool(found.hasMore))
        )
        return .json(
            .members((member, .array(items)), ("live_mode", .bool(mode == .live)), ("range", shown)),
            .sorted
        )
    }

    /// A reference that a list is filtered by.
    func filter(_ name: String) throws(Refusal) -> String? {
        guard let text = try request.query.text(name) else { return nil }
        guard (1...36).contains(text.unicodeScalars.count) else {
            throw .invalid(field: name, reason: "must have 1 to 36 characters")
        }
        return text
    }
}
