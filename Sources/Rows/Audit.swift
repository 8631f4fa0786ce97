import Domain
import Foundation
import Storage

package struct AuditActRow: StoredRow {
    package static let table = "audit_act"
    package static let keyColumns = ["book"]
    package static let fixedColumns = [
        "at", "actor_kind", "actor", "request_id", "action", "object_kind", "object", "part",
    ]
    package static let changingColumns: [String] = []

    package let act: AuditAct

    package var keyValues: [StoredValue] { [.book(act.book)] }

    package var fixedValues: [StoredValue] {
        [
            .moment(act.at), .word(act.actor.kind), .text(act.actor.id), .text(act.requestID), .text(act.action),
            .text(act.objectKind), .text(act.object), .text(act.part.json),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(_ act: AuditAct) {
        self.act = act
    }

    package init(from columns: inout Columns) throws {
        act = try AuditAct(
            book: columns.book(),
            at: columns.moment(),
            actor: { try Actor(columns.word(), columns.text()) }(),
            requestID: columns.optionalText(),
            action: columns.text(),
            objectKind: columns.text(),
            object: columns.text(),
            part: EventPart(stored: columns.text())
        )
    }
}

package struct AuditEntryRow: StoredRow {
    package static let table = "audit_entry"
    package static let keyColumns = ["book", "number"]
    package static let fixedColumns = ["event", "act", "hash"]
    package static let changingColumns: [String] = []

    package let entry: AuditEntry

    package var keyValues: [StoredValue] { [.book(entry.book), .integer(entry.number)] }

    package var fixedValues: [StoredValue] {
        switch entry.source {
        case .event(let number): [.integer(number), .null, .digest(entry.hash)]
        case .act(let number): [.null, .integer(number), .digest(entry.hash)]
        }
    }

    package var changingValues: [StoredValue] { [] }

    package init(_ entry: AuditEntry) {
        self.entry = entry
    }

    package init(from columns: inout Columns) throws {
        let (book, number) = try (columns.book(), columns.integer())
        let source = try AuditSource(from: &columns)
        entry = AuditEntry(book: book, number: number, source: source, hash: try columns.digest())
    }
}

extension AuditSource {
    /// From the columns `event` and `act`, of which one is filled.
    init(from columns: inout Columns) throws {
        switch (try columns.optionalInteger(), try columns.optionalInteger()) {
        case (let event?, nil): self = .event(event)
        case (nil, let act?): self = .act(act)
        case (nil, nil), (_?, _?): throw columns.damaged("it is about one row, of one of two tables")
        }
    }
}

extension AuditRecord {
    /// What ``AuditQuery/columns(event:act:_:)`` names.
    init(_ source: AuditSource, from columns: inout Columns) throws {
        let (book, at) = try (columns.book(), columns.moment())
        let (actorKind, actor) = try (columns.exactText(), columns.exactText())
        let requestID = try columns.optionalExactText()
        let (action, objectKind) = try (columns.exactText(), columns.exactText())
        let object: String
        switch source {
        case .event: object = ObjectReference(.refund, try columns.raw()).hexadecimal
        case .act: object = try columns.exactText()
        }
        try self.init(
            book: book,
            source: source,
            at: at,
            actorKind: actorKind,
            actor: actor,
            requestID: requestID,
            action: action,
            objectKind: objectKind,
            object: object,
            sequence: columns.optionalInteger(),
            part: columns.exactText()
        )
    }
}

extension Columns {
    /// A text by its bytes, every one of them.
    mutating func exactText() throws -> String {
        let data = try data()
        guard let text = String(validating: data, as: UTF8.self) else { throw damaged("a text is not UTF-8") }
        return text
    }

    mutating func optionalExactText() throws -> String? {
        guard let data = try optionalData() else { return nil }
        guard let text = String(validating: data, as: UTF8.self) else { throw damaged("a text is not UTF-8") }
        return text
    }
}
