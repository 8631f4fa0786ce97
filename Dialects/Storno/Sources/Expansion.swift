import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// The ids in an answer that are to be replaced by their objects: `expand[]=payment.customer`, up to four levels deep.
struct Expansion {
    static let parameter = "expand[]"
    private static let deepest = 4
    private static let most = 20

    private let paths: [[String]]

    /// Whether anything is to be shown whole.
    var isOpen: Bool { !paths.isEmpty }

    init(_ query: Query, of kind: ObjectKind) throws(Refusal) {
        var paths: [[String]] = []
        let texts = query.texts(Self.parameter)
        guard texts.count <= Self.most else {
            throw .invalid(field: Self.parameter, reason: "must be given at most \(Self.most) times")
        }
        for text in texts {
            let path = text.parts(at: ".").map(String.init)
            guard path.count <= Self.deepest, Self.leads(path[...], from: kind) else {
                let known = Self.members(of: kind).map(\.name).joined(separator: ", ")
                throw .invalid(
                    field: Self.parameter,
                    reason: "can be \(known), or lead on from there, four levels deep"
                )
            }
            paths.append(path)
        }
        self.paths = paths
    }

    private static func members(of kind: ObjectKind) -> [(name: String, kind: ObjectKind)] {
        switch kind {
        case .refund: [("payment", .payment), ("customer", .customer), ("pot", .pot), ("retry_of", .refund)]
        case .payment: [("card", .card), ("customer", .customer), ("pot", .pot)]
        case .dispute: [("payment", .payment)]
        case .pot: [("owner", .customer)]
        case .delivery: [("endpoint", .webhookEndpoint)]
        case .customer, .card, .webhookEndpoint: []
        }
    }

    private static func leads(_ path: ArraySlice<String>, from kind: ObjectKind) -> Bool {
        guard let name = path.first else { return true }
        guard let next = members(of: kind).first(where: { $0.name == name }) else { return false }
        return leads(path.dropFirst(), from: next.kind)
    }

    /// Objects as they are shown, with what is to be shown whole.
    func apply(
        to objects: [JSONValue],
        _ kind: ObjectKind,
        _ context: RequestContext
    ) async throws(Refusal) -> [JSONValue] {
        try await Self.expand(objects, kind, paths.map { $0[...] }, context)
    }

    /// Member by member, and for all objects at once: a page costs no more reads than there are members to expand.
    private static func expand(
        _ objects: [JSONValue],
        _ kind: ObjectKind,
        _ paths: [ArraySlice<String>],
        _ context: RequestContext
    ) async throws(Refusal) -> [JSONValue] {
        var expanded = objects
        for (name, other) in members(of: kind) {
            let rest = paths.filter { $0.first == name }
            let ids = Set(objects.compactMap { $0[name]?.plainText })
            guard !rest.isEmpty, !ids.isEmpty else { continue }
            // What a key may not read is not shown to it by another way.
            guard context.key.allows(other.readScope) else { throw .missingScope(other.readScope) }
            let found = Array(try await context.objects(other, named: ids))
            let further = rest.map { $0.dropFirst() }.filter { !$0.isEmpty }
            let whole = try await expand(found.map(\.value), other, further, context)
            let byID = Dictionary(uniqueKeysWithValues: zip(found.map(\.key), whole))
            // What was deleted stays an id.
            expanded = expanded.map { $0.replacing(name, byID) }
        }
        return expanded
    }
}

extension ObjectKind {
    /// What a key needs to see one.
    fileprivate var readScope: String {
        switch self {
        case .card: "payments:read"
        case .webhookEndpoint, .delivery: "webhooks:read"
        case .payment, .refund, .dispute, .customer, .pot: "\(rawValue)s:read"
        }
    }
}

extension JSONValue {
    /// With an object in place of its id.
    fileprivate func replacing(_ name: String, _ objects: [String: JSONValue]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { member in
                guard member.name == name, let id = member.value.plainText, let object = objects[id] else {
                    return member
                }
                return JSONMember(name, object)
            }
        )
    }
}

extension RequestContext {
    /// One object as this API shows it, by its id.
    func shown(_ kind: ObjectKind, _ id: String) async throws(Refusal) -> JSONValue {
        let name = named(kind, id)
        return try await ask { engine throws(EngineFailure) -> JSONValue in
            switch kind {
            case .payment: .payment(try await engine.payment(name, dialect: "storno"))
            case .refund: .refund(try await engine.refund(name, dialect: "storno"))
            case .dispute: .dispute(try await engine.dispute(name))
            case .customer: .customer(try await engine.customer(name))
            case .card: .card(try await engine.card(name))
            case .pot: .pot(try await engine.pot(name, dialect: "storno"))
            case .webhookEndpoint: .webhookEndpoint(WebhookDetails(endpoint: try await engine.webhookEndpoint(name)))
            case .delivery: .delivery(try await engine.delivery(name))
            }
        }
    }

    /// One object that the path names, with what the query wants to see of it.
    func read(_ kind: ObjectKind) async throws(Refusal) -> WireResponse {
        try request.query.takeOnly([Expansion.parameter])
        let expansion = try Expansion(request.query, of: kind)
        let object = try await shown(kind, parameter("id"))
        // What is shown whole changes by itself: a tag of the outer object would say nothing of it.
        if expansion.isOpen {
            guard let whole = try await expansion.apply(to: [object], kind, self).first else {
                preconditionFailure("an object is expanded to one")
            }
            return .json(whole)
        }
        let bytes = JSONWriter.bytes(object)
        var response = WireResponse.json(bytes)
        response.fields[.eTag] = try await entityTag(kind, object, bytes)?.text
        return response
    }
}
