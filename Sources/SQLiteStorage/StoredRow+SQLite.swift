import Domain
import GRDB
import NIOConcurrencyHelpers
import Rows
import Storage

extension StoredRow {
    fileprivate static var insertion: String {
        "INSERT INTO \(table) (\(columnList())) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }

    /// - Parameter columns: the places of those that are written, among the changing ones.
    fileprivate static func change(of columns: [Int]) -> String {
        let sets = columns.map { "\(changingColumns[$0]) = ?" }.joined(separator: ", ")
        let keys = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
        return "UPDATE \(table) SET \(sets) WHERE \(keys)"
    }

    fileprivate static var selection: String {
        "SELECT \(columnList()) FROM \(table) WHERE \(keyColumns.map { "\($0) = ?" }.joined(separator: " AND "))"
    }

    func insert(_ db: Database, _ texts: StatementTexts) throws {
        try db.cachedStatement(sql: texts.insertion(Self.self)).run(keyValues, fixedValues, changingValues)
    }

    /// Writes what is no longer as it was: each column costs, with what stands guard over it.
    ///
    /// - Parameter before: the row as it is in the database; `nil` to write all that may change.
    func update(_ db: Database, _ texts: StatementTexts, from before: Self? = nil) throws {
        let values = changingValues
        let old = before?.changingValues
        let changed = values.indices.filter { old?[$0] != values[$0] }
        guard !changed.isEmpty else { return }
        try db.cachedStatement(sql: texts.change(Self.self, of: changed)).run(changed.map { values[$0] }, keyValues)
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
    private let changes = NIOLockedValueBox<[Change: String]>([:])
    private let selections: [ObjectIdentifier: String]

    private struct Change: Hashable {
        let type: ObjectIdentifier
        let columns: [Int]
    }

    static let shared = StatementTexts([
        Payment.self, Refund.self, Customer.self, Card.self, Pot.self, Dispute.self, PersonRow.self, Attempt.self,
        Evidence.self, Capture.self, LedgerEntry.self, Event.self, FacetRow.self, NoteRow.self, AliasRow.self,
        APIKeyRow.self, IdempotencyRow.self, AnswerRow.self, SearchEntry.self, WebhookEndpointRow.self,
        WebhookMark.self, Delivery.self, DeliveryAttemptRow.self,
    ])

    private init(_ types: [any StoredRow.Type]) {
        insertions = Dictionary(uniqueKeysWithValues: types.map { (ObjectIdentifier($0), $0.insertion) })
        selections = Dictionary(uniqueKeysWithValues: types.map { (ObjectIdentifier($0), $0.selection) })
    }

    func insertion(_ type: any StoredRow.Type) -> String { insertions[ObjectIdentifier(type)] ?? type.insertion }
    func selection(_ type: any StoredRow.Type) -> String { selections[ObjectIdentifier(type)] ?? type.selection }

    /// - Parameter columns: the places of those that are written, among the changing ones.
    func change(_ type: any StoredRow.Type, of columns: [Int]) -> String {
        let change = Change(type: ObjectIdentifier(type), columns: columns)
        return changes.withLockedValue { known in
            if let text = known[change] { return text }
            let text = type.change(of: columns)
            known[change] = text
            return text
        }
    }
}
