import Domain
import Foundation
import GRDB

extension LedgerEntry: StoredRow {
    static let table = "entry"
    static let keyColumns = ["book", "cause", "sequence", "debit", "credit"]
    static let fixedColumns = ["amount", "currency", "exponent", "cause_kind", "booked_at", "value_date"]
    static let changingColumns: [String] = []

    var keyValues: [(any DatabaseValueConvertible)?] {
        [book.number, cause.id.data, sequence, debit.rawValue, credit.rawValue]
    }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            amount, currency.code, currency.exponent, cause.kind.rawValue, bookedAt.milliseconds,
            valueDate.milliseconds,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let cause = try columns.raw()
        let sequence = try columns.integer()
        let posting = try Posting(
            debit: columns.ledgerAccount(),
            credit: columns.ledgerAccount()
        )
        let amount = try columns.integer()
        let currency = try columns.currency()
        try self.init(
            book: book,
            posting: posting,
            amount: amount,
            currency: currency,
            cause: ObjectReference(columns.word(), cause),
            sequence: sequence,
            bookedAt: columns.moment(),
            valueDate: columns.moment()
        )
    }
}

extension Event: StoredRow {
    static let table = "event"
    static let keyColumns = ["book", "object", "sequence"]
    static let fixedColumns = ["kind", "type", "at", "actor_kind", "actor", "request_id", "part"]
    static let changingColumns: [String] = []

    var keyValues: [(any DatabaseValueConvertible)?] { [book.number, object.id.data, sequence] }

    var fixedValues: [(any DatabaseValueConvertible)?] {
        [
            object.kind.rawValue, type, at.milliseconds, actor.kind.rawValue, actor.id, requestID, part.stored,
        ]
    }

    var changingValues: [(any DatabaseValueConvertible)?] { [] }

    init(from columns: inout Columns) throws {
        let book = try columns.book()
        let object = try columns.raw()
        let sequence = try columns.integer()
        let kind: ObjectKind = try columns.word()
        try self.init(
            book: book,
            object: ObjectReference(kind, object),
            sequence: sequence,
            type: columns.text(),
            at: columns.moment(),
            actor: Actor(columns.word(), columns.text()),
            requestID: columns.optionalText(),
            part: EventPart(stored: columns.text())
        )
    }
}

extension EventPart {
    /// A JSON object; the names are ours, so only the texts need care.
    var stored: String {
        var json = "{"
        for member in members {
            if json.utf8.count > 1 { json += "," }
            json += "\"\(member.name)\":"
            switch member.value {
            case .integer(let number): json += String(number)
            case .text(let text): json += Self.quoted(text)
            }
        }
        return json + "}"
    }

    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case _ where scalar.value < 0x20:
                json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }

    init(stored json: String) {
        let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let members = (object ?? [:]).sorted { $0.key < $1.key }
            .map { name, value -> (String, Value?) in
                if let text = value as? String { return (name, .text(text)) }
                return (name, (value as? NSNumber).map { .integer($0.int64Value) })
            }
        self.init(members)
    }
}
