import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// Who did what, in the chain that `docs/reference/audit.md` describes.

extension StornoDialect {
    /// Newest first.
    func listAuditEntries(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(["limit", "starting_after", "ending_before", "action", "actor"])
        let limit = try query.integer("limit", 1...100) ?? 10
        let (after, before) = (try query.entry("starting_after"), try query.entry("ending_before"))
        guard after == nil || before == nil else {
            throw .invalid(field: "ending_before", reason: "must not be given beside starting_after")
        }
        let range = AuditRange(
            context.book,
            before == nil ? .newestFirst : .oldestFirst,
            after: after ?? before,
            actions: try query.types("action"),
            actor: try query.text("actor"),
            limit: limit + 1
        )
        let found = try await context.ask { engine throws(EngineFailure) in try await engine.auditEntries(in: range) }
        let page = found.prefix(limit).map { JSONValue.entry($0) }
        return context.page(
            before == nil ? page : page.reversed(),
            next: found.count > limit ? page.last?["id"]?.plainText : nil,
            after: before == nil ? "starting_after" : "ending_before"
        )
    }

    func readAuditHead(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let newest = try await context.ask { engine throws(EngineFailure) in
            try await engine.auditEntries(in: AuditRange(context.book, .newestFirst, limit: 1)).first
        }
        return .json(
            .members(
                ("object", "audit_head"),
                ("book", .integer(context.book.number)),
                ("number", .integer(newest?.entry.number ?? 0)),
                ("hash", .string((newest?.entry.hash ?? AuditHead.beginning(of: context.book).hash).hexadecimal)),
                ("moment", .time(newest?.record.at))
            )
        )
    }
}

/// How an entry is named: by its number.
private enum AuditEntryID {
    static let prefix = "aud_"
}

extension Query {
    fileprivate func entry(_ name: String) throws(Refusal) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard text.hasPrefix(AuditEntryID.prefix),
            let number = Int64(exactToken: String(text.dropFirst(AuditEntryID.prefix.count))), number > 0
        else { throw .invalid(field: name, reason: "must be the id of an entry") }
        return number
    }
}

extension JSONValue {
    fileprivate static func entry(_ audited: AuditedRecord) -> JSONValue {
        let (entry, record) = (audited.entry, audited.record)
        return .members(
            ("id", .string(AuditEntryID.prefix + String(entry.number))),
            ("object", "audit_entry"),
            ("number", .integer(entry.number)),
            ("moment", .time(record.at)),
            ("actor", .members(("type", .string(record.actorKind)), ("id", .string(record.actor)))),
            ("request_id", .optional(record.requestID)),
            ("action", .string(record.action)),
            ("subject", .string(record.subject)),
            ("subject_type", .string(record.objectKind)),
            ("hash", .string(entry.hash.hexadecimal)),
            ("hashed", .array(record.hashed(entry.number).map { .optional($0) }))
        )
    }
}

extension AuditRecord {
    /// The object as this API names it.
    fileprivate var subject: String {
        guard let kind = ObjectKind(rawValue: objectKind), let id = UInt128(object, radix: 16) else { return object }
        return ObjectReference(kind, id).text
    }
}

extension Digest256 {
    fileprivate var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
