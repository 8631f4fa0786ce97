import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// The part of a list that a query asks for, newest first.
struct PageWish {
    static let names: Set<String> = [
        "limit", "starting_after", "ending_before", "created_from", "created_before", Expansion.parameter,
    ]

    let limit: Int
    let after: String?
    let before: String?
    let from: Moment?
    let until: Moment?

    init(_ query: Query) throws(Refusal) {
        limit = try query.integer("limit", 1...100) ?? 10
        after = try query.text("starting_after")
        before = try query.text("ending_before")
        guard after == nil || before == nil else {
            throw .invalid(field: "ending_before", reason: "must not be given beside starting_after")
        }
        from = try query.instant("created_from")
        until = try query.instant("created_before")
    }
}

extension Query {
    /// Refuses a name that nobody reads.
    func takeOnly(_ names: Set<String>) throws(Refusal) {
        guard let unknown = self.names.sorted().first(where: { !names.contains($0) }) else { return }
        throw .invalid(field: String(unknown.prefix(60)), reason: "is unknown here")
    }

    func instant(_ name: String) throws(Refusal) -> Moment? {
        guard let text = try text(name) else { return nil }
        guard let moment = Instant.moment(text) else {
            throw .invalid(field: name, reason: "must be a time such as 2026-01-02T03:04:05Z")
        }
        return moment
    }

    /// Minor units.
    func amount(_ name: String) throws(Refusal) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let number = Int64(exactToken: text), (0...Amount.largest).contains(number) else {
            throw .invalid(field: name, reason: "must be a whole number of minor units, at most \(Amount.largest)")
        }
        return number
    }

    /// What rows have to have in common: `status`, repeated or not; `reason`; `amount_from` and `amount_to`, both
    /// included; `metadata[name]`.
    func filter<State: RawRepresentable<String> & CaseIterable & Hashable & Sendable>(
        _ type: State.Type
    ) throws(Refusal) -> Filter<State> {
        var filter = Filter<State>()
        for word in texts("status") {
            guard let state = State(rawValue: word) else {
                let known = State.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(field: "status", reason: "must be one of \(known)")
            }
            filter.states.insert(state)
        }
        let (low, high) = (try amount("amount_from") ?? 0, try amount("amount_to") ?? Amount.largest)
        guard low <= high else { throw .invalid(field: "amount_to", reason: "must not be below amount_from") }
        if names.contains("amount_from") || names.contains("amount_to") { filter.amount = low...high }
        for name in metadataNames { filter.metadata[name.member] = try text(name.parameter) }
        return filter
    }

    static let filterNames: Set<String> = ["status", "amount_from", "amount_to"]

    var metadataParameters: Set<String> { Set(metadataNames.map(\.parameter)) }

    private var metadataNames: [(parameter: String, member: String)] {
        names.sorted().filter { $0.hasPrefix("metadata[") && $0.hasSuffix("]") }
            .map { ($0, String($0.dropFirst("metadata[".count).dropLast())) }
    }
}

extension RequestContext {
    /// One page of a list.
    ///
    /// - Parameters:
    ///   - kind: of the items, by which cursors are named.
    ///   - load: the items of a page, as they are shown.
    func list(
        _ kind: ObjectKind,
        _ listing: Listing,
        _ wish: PageWish,
        load: (Engine, Page) async throws(EngineFailure) -> [JSONValue]
    ) async throws(Refusal) -> WireResponse {
        let expansion = try Expansion(request.query, of: kind)
        let cursor: Cursor
        if let after = wish.after {
            cursor = .after(try await place(kind, after, "starting_after"))
        } else if let before = wish.before {
            cursor = .before(try await place(kind, before, "ending_before"))
        } else {
            cursor = .beginning
        }
        let (found, next) = try await ask { engine throws(EngineFailure) in
            let page = try await engine.page(
                of: listing,
                at: cursor,
                limit: wish.limit,
                from: wish.from,
                until: wish.until
            )
            return (try await load(engine, page), page.next)
        }
        let items = try await expansion.apply(to: found, kind, self)
        let edge = (wish.before == nil ? found.last : found.first)?["id"]?.plainText
        let isShown = edge.map { ObjectID.of(kind).id($0) == next } ?? false
        return page(
            items,
            next: next.map { isShown ? edge ?? "" : ObjectID.of(kind).text($0) },
            after: wish.before == nil ? "starting_after" : "ending_before"
        )
    }

    /// One page, with a link to the next.
    ///
    /// - Parameters:
    ///   - next: the id with which the list goes on, in the way in which it was asked for; `nil` at its end.
    ///   - parameter: by which it does.
    func page(_ items: [JSONValue], next: String?, after parameter: String) -> WireResponse {
        var response = WireResponse.list(items, next: next)
        if let next, parameter == "starting_after" {
            let query = request.query.text(without: [parameter], adding: parameter, next)
            response.fields[.link] = "<?\(query)>; rel=\"next\""
        }
        return response
    }

    private func place(_ kind: ObjectKind, _ text: String, _ parameter: String) async throws(Refusal) -> UInt128 {
        let id = try await ask { engine throws(EngineFailure) in try await engine.identify(named(kind, text)) }
        guard let id else { throw .invalid(field: parameter, reason: "must be the id of a \(kind.rawValue)") }
        return id
    }

    /// The object that a query restricts a list to.
    ///
    /// - Throws: `Refusal.invalid` where there is none of that id.
    func filter(_ kind: ObjectKind) async throws(Refusal) -> UInt128? {
        guard let text = try request.query.text(kind.rawValue) else { return nil }
        return try await place(kind, text, kind.rawValue)
    }
}

extension WireResponse {
    /// - Parameter next: the id with which the list goes on.
    static func list(_ items: [JSONValue], next: String? = nil) -> WireResponse {
        .json(
            .members(
                ("object", "list"),
                ("data", .array(items)),
                ("has_more", .bool(next != nil)),
                ("next_cursor", .optional(next))
            )
        )
    }
}

extension JSONValue {
    var plainText: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
