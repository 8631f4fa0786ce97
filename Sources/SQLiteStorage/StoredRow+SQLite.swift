import Domain
import GRDB
import Rows
import Storage

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
        try db.cachedStatement(sql: texts.insertion(Self.self)).run(keyValues + fixedValues + changingValues)
    }

    func update(_ db: Database, _ texts: StatementTexts) throws {
        try db.cachedStatement(sql: texts.change(Self.self)).run(changingValues + keyValues)
        // What was read by its key is written by its key: an index or a key was damaged.
        guard db.changesCount == 1 else { throw DamagedRow(table: Self.table, reason: "it is not found again") }
    }

    static func find(_ db: Database, _ texts: StatementTexts, _ key: [StoredValue]) throws -> Self? {
        try one(db, texts.selection(Self.self), key)
    }

    static func one(_ db: Database, _ sql: String, _ arguments: [StoredValue]) throws -> Self? {
        try db.cachedStatement(sql: sql).first(of: table, arguments) { try Self(from: &$0) }
    }

    static func all(_ db: Database, _ sql: String, _ arguments: [StoredValue]) throws -> [Self] {
        try db.cachedStatement(sql: sql).all(of: table, arguments) { try Self(from: &$0) }
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
