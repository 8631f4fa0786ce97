import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// The keys of an account in one mode, of every API.

extension StornoDialect {
    /// Newest first.
    func listKeys(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(["limit", "starting_after", "ending_before"])
        let limit = try query.integer("limit", 1...100) ?? 10
        let keys = try await context.keys()
        let before = try query.place("ending_before", in: keys)
        if let before {
            guard !query.has("starting_after") else {
                throw .invalid(field: "ending_before", reason: "must not be given beside starting_after")
            }
            let page = keys[..<before].suffix(limit)
            let next = page.startIndex > 0 ? page.first?.name : nil
            return context.page(page.map { .key($0) }, next: next, after: "ending_before")
        }
        let start = try query.place("starting_after", in: keys).map { $0 + 1 } ?? 0
        let page = keys[start...].prefix(limit)
        let next = page.endIndex < keys.count ? page.last?.name : nil
        return context.page(page.map { .key($0) }, next: next, after: "starting_after")
    }

    func readKey(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        guard let key = try await context.namedKey() else { return context.noKey }
        return .json(.key(key))
    }

    /// The answer has the key's text, this one time: asked again under its `Idempotency-Key`, by the same key, it is the
    /// same answer.
    func createKey(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(["name", "dialect", "scopes", "expires_at", "version"])
        guard let dialect = try spoken(fields) else {
            let known = ([name] + vendors.map(\.name)).joined(separator: ", ")
            throw fields.invalid("dialect", "must be one of \(known)")
        }
        let scopes = try context.granted(fields.scopes(of: dialect), of: dialect)
        let account = try await context.accountName()
        var random = random()
        let made = dialect.newKey(context.mode, random: &random)
        var command = CreateKey(
            account: account,
            mode: context.mode,
            dialect: dialect.name,
            credential: made.text,
            prefix: made.prefix,
            scopes: scopes,
            by: context.origin.author
        )
        command.label = try fields.text("name", 1...Lengths.name)
        command.expiresAt = try fields.expiry(context.engine.execution.moment)
        command.apiVersion = try fields.version(of: dialect)
        command.maker = context.key.hash
        let answer = try await context.answer(command, isPersonal: true) {
            JSONWriter.bytes(.key($0, text: made.text))
        }
        await context.engine.refreshDirectory()
        return answer
    }

    /// A key can revoke itself: this is then the last that it is answered.
    func revokeKey(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        guard let key = try await context.namedKey() else { return context.noKey }
        let command = RevokeKey(hash: key.hash, by: context.origin.author)
        let answer = try await context.answer(command) { JSONWriter.bytes(.key($0)) }
        await context.engine.refreshDirectory()
        return answer
    }

    private func spoken(_ fields: Fields) throws(Refusal) -> (any Dialect)? {
        guard let wanted = try fields.text("dialect", 1...Lengths.name), wanted != name else { return self }
        return vendors.first { $0.name == wanted }
    }
}

extension Fields {
    /// Names that the dialect's routes have; `nil` where none are named.
    fileprivate func scopes(of dialect: any Dialect) throws(Refusal) -> Set<String>? {
        guard let value = self["scopes"] else { return nil }
        guard case .array(let items) = value, !items.isEmpty else {
            throw invalid("scopes", "must be a list of scopes, at least one, or be left out")
        }
        let known = Set(dialect.routes.map(\.scope))
        var scopes: Set<String> = []
        for item in items {
            guard case .string(let scope) = item, known.contains(scope) else {
                throw invalid("scopes", "can have, of \(dialect.name): \(known.sorted().joined(separator: ", "))")
            }
            scopes.insert(scope)
        }
        return scopes
    }

    fileprivate func expiry(_ now: Moment) throws(Refusal) -> Moment? {
        guard let text = try text("expires_at", 1...Lengths.name) else { return nil }
        guard let moment = Instant.moment(text), moment > now else {
            throw invalid("expires_at", "must be a time to come, such as 2090-01-02T03:04:05Z")
        }
        return moment
    }

    fileprivate func version(of dialect: any Dialect) throws(Refusal) -> String? {
        guard let text = try text("version", 1...Lengths.name) else { return dialect.newestVersion }
        guard dialect.newestVersion != nil, APIVersion(rawValue: text) != nil else {
            let known = APIVersion.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("version", "is for keys of this API alone, and one of \(known)")
        }
        return text
    }
}

extension Query {
    fileprivate func place(_ name: String, in keys: [APIKey]) throws(Refusal) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let place = keys.firstIndex(where: { $0.name == text }) else {
            throw .invalid(field: name, reason: "must be the id of a key")
        }
        return place
    }
}

extension RequestContext {
    /// Newest first.
    fileprivate func keys() async throws(Refusal) -> [APIKey] {
        try await ask { engine throws(EngineFailure) in try await engine.apiKeys(of: book) }
    }

    fileprivate func namedKey() async throws(Refusal) -> APIKey? {
        let name = parameter("id")
        return try await keys().first { $0.name == name }
    }

    fileprivate var noKey: WireResponse {
        Problem(.notFound, "There is no key \(parameter("id").prefix(100)) in this account and mode.")
            .with("object", "api_key").response(to: request)
    }

    fileprivate func accountName() async throws(Refusal) -> String {
        guard let name = engine.directory.account(of: book)?.name else {
            preconditionFailure("a key's account is in the directory")
        }
        return name
    }

    /// What a new key may do: never more than the one that makes it.
    ///
    /// - Parameter wanted: `nil` for as much as that one may.
    fileprivate func granted(_ wanted: Set<String>?, of dialect: any Dialect) throws(Refusal) -> Set<String> {
        let known = Set(dialect.routes.map(\.scope))
        guard let wanted else {
            guard !key.scopes.isEmpty else { return [] }
            let shared = key.scopes.intersection(known)
            guard !shared.isEmpty else {
                throw .invalid(field: "scopes", reason: "must be named: this key has none that \(dialect.name) knows")
            }
            return shared
        }
        if let missing = wanted.sorted().first(where: { !key.allows($0) }) { throw .missingScope(missing) }
        return wanted
    }
}

extension JSONValue {
    /// - Parameter text: the whole key, where it is told.
    static func key(_ key: APIKey, text: String? = nil) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("id", .string(key.name)), JSONMember("object", "api_key"),
            JSONMember("name", .optional(key.label)), JSONMember("dialect", .string(key.dialect)),
            JSONMember("mode", .string(key.mode.rawValue)), JSONMember("prefix", .string(key.prefix)),
            JSONMember("last_four", .string(key.lastFour)),
            JSONMember("scopes", key.scopes.isEmpty ? .null : .array(key.scopes.sorted().map { .string($0) })),
            JSONMember("version", .optional(key.apiVersion)), JSONMember("created_at", .time(key.createdAt)),
            JSONMember("expires_at", .time(key.expiresAt)), JSONMember("revoked_at", .time(key.revokedAt)),
        ]
        if let text { members.append(JSONMember("key", .string(text))) }
        return .object(members)
    }
}
