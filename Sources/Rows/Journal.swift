import Domain
import Foundation

extension LedgerEntry: StoredRow {
    package static let table = "entry"
    package static let keyColumns = ["book", "cause", "sequence", "debit", "credit"]
    package static let fixedColumns = ["amount", "currency", "exponent", "cause_kind", "booked_at", "value_date"]
    package static let changingColumns: [String] = []

    package var keyValues: [StoredValue] {
        [.book(book), .id(cause.id), .integer(sequence), .integer(debit.rawValue), .integer(credit.rawValue)]
    }

    package var fixedValues: [StoredValue] {
        [
            .integer(amount), .text(currency.code), .integer(currency.exponent), .word(cause.kind), .moment(bookedAt),
            .moment(valueDate),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(from columns: inout Columns) throws {
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
    package static let table = "event"
    package static let keyColumns = ["book", "object", "sequence"]
    package static let fixedColumns = ["kind", "type", "at", "actor_kind", "actor", "request_id", "part"]
    package static let changingColumns: [String] = []

    package var keyValues: [StoredValue] { [.book(book), .id(object.id), .integer(sequence)] }

    package var fixedValues: [StoredValue] {
        [
            .word(object.kind), .text(type), .moment(at), .word(actor.kind), .text(actor.id), .text(requestID),
            .text(part.json),
        ]
    }

    package var changingValues: [StoredValue] { [] }

    package init(from columns: inout Columns) throws {
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
