import Domain
import GRDB
import Rows
import Storage

/// A row as SQLite gives it; read before the next one is fetched.
struct SQLiteRow: RowSource {
    let row: Row

    func value(at index: Int) -> StoredValue { StoredValue(row[index]) }

    func value(named name: String) -> StoredValue? {
        row.hasColumn(name) ? StoredValue(row[name]) : nil
    }
}

extension Columns {
    init(_ row: Row, of table: String) {
        self.init(SQLiteRow(row: row), of: table)
    }
}

extension StoredValue {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .number(number)
        case .string(let text): self = .characters(text)
        case .blob(let data): self = .bytes(data)
        case .double: self = .foreign
        }
    }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .number(let number): number.databaseValue
        case .characters(let text): text.databaseValue
        case .bytes(let data): data.databaseValue
        case .foreign: preconditionFailure("nothing is kept as a type that cannot be read back")
        }
    }
}

extension StatementArguments {
    init(_ values: [StoredValue]) {
        self.init(values.map(\.databaseValue))
    }
}

extension StoredRow {
    fileprivate static var insertion: String {
        "INSERT INTO \(table) (\(columnList())) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }

    fileprivate static var change: String {
        let sets = changingColumns.map { "\($0) = ?" }.joined(separator: ", ")
        let keys = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
        return "UPDATE \(table) SET \(sets) WHERE \(keys)"
    }

    fileprivate static var selection: String {
        "SELECT \(columnList()) FROM \(table) WHERE \(keyColumns.map { "\($0) = ?" }.joined(separator: " AND "))"
    }

    func insert(_ db: Database, _ texts: StatementTexts) throws {
        let statement = try db.cachedStatement(sql: texts.insertion(Self.self))
        try statement.execute(arguments: StatementArguments(keyValues + fixedValues + changingValues))
    }

    func update(_ db: Database, _ texts: StatementTexts) throws {
        let statement = try db.cachedStatement(sql: texts.change(Self.self))
        try statement.execute(arguments: StatementArguments(changingValues + keyValues))
        // What was read by its key is written by its key: an index or a key was damaged.
        guard db.changesCount == 1 else { throw DamagedRow(table: Self.table, reason: "it is not found again") }
    }

    static func find(_ db: Database, _ texts: StatementTexts, _ key: [StoredValue]) throws -> Self? {
        try one(db, texts.selection(Self.self), key)
    }

    static func one(_ db: Database, _ sql: String, _ arguments: [StoredValue]) throws -> Self? {
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        return try rows.next()
            .map { row in
                var columns = Columns(row, of: table)
                return try Self(from: &columns)
            }
    }

    static func all(_ db: Database, _ sql: String, _ arguments: [StoredValue]) throws -> [Self] {
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var found: [Self] = []
        while let row = try rows.next() {
            var columns = Columns(row, of: table)
            found.append(try Self(from: &columns))
        }
        return found
    }
}

/// SQL texts by type, put together once.
final class StatementTexts: Sendable {
    private let insertions: [ObjectIdentifier: String]
    private let changes: [ObjectIdentifier: String]
    private let selections: [ObjectIdentifier: String]

    static let shared = StatementTexts([
        Payment.self, Refund.self, Customer.self, Card.self, Pot.self, Dispute.self, PersonRow.self, Attempt.self,
        Evidence.self, Capture.self, LedgerEntry.self, Event.self, FacetRow.self, NoteRow.self, AliasRow.self,
        APIKeyRow.self, IdempotencyRow.self, AnswerRow.self, SearchEntry.self, WebhookEndpointRow.self,
        WebhookMark.self, Delivery.self, DeliveryAttemptRow.self,
    ])

    private init(_ types: [any StoredRow.Type]) {
        insertions = Dictionary(uniqueKeysWithValues: types.map { (ObjectIdentifier($0), $0.insertion) })
        changes = Dictionary(uniqueKeysWithValues: types.map { (ObjectIdentifier($0), $0.change) })
        selections = Dictionary(uniqueKeysWithValues: types.map { (ObjectIdentifier($0), $0.selection) })
    }

    func insertion(_ type: any StoredRow.Type) -> String { insertions[ObjectIdentifier(type)] ?? type.insertion }
    func change(_ type: any StoredRow.Type) -> String { changes[ObjectIdentifier(type)] ?? type.change }
    func selection(_ type: any StoredRow.Type) -> String { selections[ObjectIdentifier(type)] ?? type.selection }
}
