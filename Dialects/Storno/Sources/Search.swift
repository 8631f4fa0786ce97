import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What is found by its words.

extension StornoDialect {
    /// Of one kind or of several, newest first. Of refunds or payments alone, the filters of their lists narrow it.
    ///
    /// - Parameter kind: `nil` for those that the query names.
    func search(_ context: RequestContext, _ kind: ObjectKind?) async throws(Refusal) -> WireResponse {
        let wish = try SearchWish(context, kind)
        let after: UInt128?
        if let text = wish.after { after = try await context.found(text, wish.kinds) } else { after = nil }
        let page = try await context.ask { engine throws(EngineFailure) in
            try await engine.search(
                wish.query,
                in: context.book,
                wish.kinds,
                wish.narrowing,
                after: after,
                from: wish.from,
                until: wish.until,
                limit: wish.limit
            )
        }
        let items = try await context.shown(page.objects)
        let names = page.next.map { next in
            ObjectID.of(page.objects.last { $0.id == next }?.kind ?? wish.kinds[0]).text(next)
        }
        return context.page(items, next: names, after: "starting_after")
    }
}

/// What a search is asked for.
private struct SearchWish {
    private static let kinds: [ObjectKind] = [.refund, .payment, .customer, .dispute, .pot]

    let query: SearchQuery
    let kinds: [ObjectKind]
    let narrowing: Search.Narrowing
    let limit: Int
    let after: String?
    let from: Moment?
    let until: Moment?

    init(_ context: RequestContext, _ kind: ObjectKind?) throws(Refusal) {
        let query = context.request.query
        kinds = if let kind { [kind] } else { try Self.kinds(query, context.key) }
        var names: Set<String> = ["query", "limit", "starting_after", "created_from", "created_before"]
        if kind == nil { names.insert("type") }
        if kinds == [.refund] { names.insert("reason") }
        if kinds == [.refund] || kinds == [.payment] {
            names.formUnion(Query.filterNames.union(query.metadataParameters))
        }
        try query.takeOnly(names)
        self.query = try Self.query(try query.text("query"))
        switch kinds {
        case [.refund]:
            var filter = try query.filter(RefundStatus.self)
            filter.reason = try query.text("reason")
            narrowing = .refunds(filter)
        case [.payment]: narrowing = .payments(try query.filter(PaymentState.self))
        default: narrowing = .none
        }
        limit = try query.integer("limit", 1...100) ?? 10
        after = try query.text("starting_after")
        from = try query.instant("created_from")
        until = try query.instant("created_before")
    }

    private static func query(_ text: String?) throws(Refusal) -> SearchQuery {
        guard let text else { throw .invalid(field: "query", reason: "is required") }
        guard text.unicodeScalars.count <= 500 else {
            throw .invalid(field: "query", reason: "must have at most 500 characters")
        }
        do {
            return try SearchQuery(text, idPrefixes: kinds.map { ObjectID.of($0).prefix })
        } catch {
            switch error {
            case .empty: throw .invalid(field: "query", reason: "must have a letter or a digit")
            case .tooManyWords:
                throw .invalid(field: "query", reason: "must have at most \(SearchQuery.mostWords) words")
            }
        }
    }

    /// All that the key may read, or those that are asked for, which it has to.
    private static func kinds(_ query: Query, _ key: APIKey) throws(Refusal) -> [ObjectKind] {
        let wanted = query.texts("type")
        guard !wanted.isEmpty else {
            let readable = kinds.filter { key.allows("\($0.rawValue)s:read") }
            guard !readable.isEmpty else { throw .missingScope("refunds:read") }
            return readable
        }
        for word in wanted where !kinds.contains(where: { $0.rawValue == word }) {
            let known = kinds.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: "type", reason: "must be one of \(known)")
        }
        let asked = kinds.filter { wanted.contains($0.rawValue) }
        for kind in asked where !key.allows("\(kind.rawValue)s:read") {
            throw .missingScope("\(kind.rawValue)s:read")
        }
        return asked
    }
}

extension RequestContext {
    /// The object behind which a search goes on: of whatever kind it is.
    fileprivate func found(_ text: String, _ kinds: [ObjectKind]) async throws(Refusal) -> UInt128 {
        for kind in kinds {
            let name = named(kind, text)
            let id = try await ask { engine throws(EngineFailure) in try await engine.identify(name) }
            if let id { return id }
        }
        throw .invalid(field: "starting_after", reason: "must be the id of something that was found")
    }

    /// Objects of several kinds as they are shown, those of one kind read together, in their order. What went meanwhile is
    /// left out.
    func shown(_ objects: [ObjectReference]) async throws(Refusal) -> [JSONValue] {
        var shown: [ObjectReference: JSONValue] = [:]
        for kind in ObjectKind.allCases {
            let ids = objects.filter { $0.kind == kind }.map(\.id)
            guard !ids.isEmpty else { continue }
            for (id, object) in try await self.objects(kind, Page(ids)) { shown[ObjectReference(kind, id)] = object }
        }
        return objects.compactMap { shown[$0] }
    }

    /// Objects of one kind by the ids as which they are shown. Those that came from elsewhere are looked for by their own.
    func objects(_ kind: ObjectKind, named texts: Set<String>) async throws(Refusal) -> [String: JSONValue] {
        var ids: [UInt128: String] = [:]
        for text in texts { if let id = ObjectID.of(kind).id(text) { ids[id] = text } }
        var found: [String: JSONValue] = [:]
        for (id, object) in try await objects(kind, Page(Array(ids.keys))) { found[ids[id] ?? ""] = object }
        var others: [UInt128: String] = [:]
        for text in texts where found[text] == nil {
            let name = named(kind, text)
            let id = try await ask { engine throws(EngineFailure) in try await engine.identify(name) }
            if let id { others[id] = text }
        }
        guard !others.isEmpty else { return found }
        for (id, object) in try await objects(kind, Page(Array(others.keys))) { found[others[id] ?? ""] = object }
        return found
    }

    /// Objects of one kind by their ids.
    func objects(_ kind: ObjectKind, _ page: Page) async throws(Refusal) -> [(UInt128, JSONValue)] {
        try await ask { engine throws(EngineFailure) -> [(UInt128, JSONValue)] in
            switch kind {
            case .payment:
                try await engine.payments(page, in: book, dialect: "storno").items
                    .filter { $0.facet?.hiddenAt == nil }.map { ($0.payment.id.raw, .payment($0)) }
            case .refund:
                try await engine.refunds(page, in: book, dialect: "storno").items.filter { !$0.isHidden }
                    .map { ($0.refund.id.raw, .refund($0)) }
            case .dispute:
                try await engine.disputes(page, in: book).items.map { ($0.dispute.id.raw, .dispute($0)) }
            case .customer:
                try await engine.customers(page, in: book).items.map { ($0.customer.id.raw, .customer($0)) }
            case .card: try await engine.cards(page, in: book).items.map { ($0.card.id.raw, .card($0)) }
            case .pot:
                try await engine.pots(page, in: book, dialect: "storno").items.map { ($0.pot.id.raw, .pot($0)) }
            case .webhookEndpoint:
                try await engine.webhookEndpoints(page, in: book).items
                    .map { ($0.id.raw, .webhookEndpoint(WebhookDetails(endpoint: $0))) }
            case .delivery: try await engine.deliveries(page, in: book).items.map { ($0.id.raw, .delivery($0)) }
            }
        }
    }
}
