import DialectKit
import Domain
import Engine
import Storage

/// The page that a list's query asks for.
struct PageWish: Equatable {
    /// Counted from 0.
    let start: Int
    let limit: Int

    init(_ query: Query) throws(Refusal) {
        let limit = try query.integer("limit", 1...100) ?? 10
        let page = try query.integer("page", 1...999_999_999) ?? 1
        start = (page - 1) * limit
        self.limit = limit
    }
}

extension RequestContext {
    /// Newest first, as every list of this API.
    func page(of listing: Listing, _ wish: PageWish) async throws(Refusal) -> Page {
        try await ask { engine throws(EngineFailure) in
            try await engine.page(of: listing, .newestFirst, start: wish.start, limit: wish.limit)
        }
    }

    /// The object that the query restricts a list to; `nil` where it names none.
    func filter(_ member: String, _ kind: ObjectKind) throws(Refusal) -> ObjectName? {
        guard let text = try request.query.text(member) else { return nil }
        return named(kind, text)
    }
}

extension JSONValue {
    /// One page of a list, in the order in which it was walked.
    static func page<Item>(_ items: Items<Item>, _ render: (Item) -> JSONValue) -> JSONValue {
        .members(("has_more", .bool(items.hasMore)), ("data", .array(items.items.map(render))))
    }

    /// A list that nothing is in.
    static var nothing: JSONValue { .members(("has_more", false), ("data", .array([]))) }
}
