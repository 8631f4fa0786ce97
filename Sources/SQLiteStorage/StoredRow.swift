import Domain
import Foundation
import GRDB

/// How a value is kept in a table: its columns in three groups, and back.
protocol StoredRow {
    static var table: String { get }
    static var keyColumns: [String] { get }
    static var fixedColumns: [String] { get }
    static var changingColumns: [String] { get }

    var keyValues: [(any DatabaseValueConvertible)?] { get }
    var fixedValues: [(any DatabaseValueConvertible)?] { get }
    var changingValues: [(any DatabaseValueConvertible)?] { get }

    /// Reads the columns in the order key, fixed, changing.
    init(from columns: inout Columns)
}

extension StoredRow {
    static var columns: [String] { keyColumns + fixedColumns + changingColumns }

    static func columnList(_ prefix: String = "") -> String {
        columns.map { prefix + $0 }.joined(separator: ", ")
    }

    static var insertion: String {
        "INSERT INTO \(table) (\(columnList())) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }

    static var change: String {
        let sets = changingColumns.map { "\($0) = ?" }.joined(separator: ", ")
        let keys = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
        return "UPDATE \(table) SET \(sets) WHERE \(keys)"
    }

    static var selection: String {
        "SELECT \(columnList()) FROM \(table) WHERE \(keyColumns.map { "\($0) = ?" }.joined(separator: " AND "))"
    }

    func insert(_ db: Database, _ texts: StatementTexts) throws {
        let statement = try db.cachedStatement(sql: texts.insertion(Self.self))
        try statement.execute(arguments: StatementArguments(keyValues + fixedValues + changingValues))
    }

    func update(_ db: Database, _ texts: StatementTexts) throws {
        let statement = try db.cachedStatement(sql: texts.change(Self.self))
        try statement.execute(arguments: StatementArguments(changingValues + keyValues))
        precondition(db.changesCount == 1, "a changed row of \(Self.table) is there")
    }

    static func find(
        _ db: Database,
        _ texts: StatementTexts,
        _ key: [(any DatabaseValueConvertible)?]
    ) throws -> Self? {
        try one(db, texts.selection(Self.self), key)
    }

    static func one(_ db: Database, _ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> Self? {
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        return try rows.next()
            .map { row in
                var columns = Columns(row)
                return Self(from: &columns)
            }
    }

    static func all(_ db: Database, _ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> [Self] {
        let statement = try db.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var found: [Self] = []
        while let row = try rows.next() {
            var columns = Columns(row)
            found.append(Self(from: &columns))
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
        Payment.self, Refund.self, Customer.self, Card.self, Pot.self, Dispute.self, Person.self, Attempt.self,
        Evidence.self, Capture.self, LedgerEntry.self, Event.self, FacetRow.self, NoteRow.self, AliasRow.self,
        APIKeyRow.self,
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

/// The columns of a row, read from left to right. The schema is strict: a value of another type is a broken
/// database.
struct Columns {
    private let row: Row
    private var index = 0

    init(_ row: Row) {
        self.row = row
    }

    private mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value {
        defer { index += 1 }
        return row[index]
    }

    private mutating func nextOptional<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value? {
        defer { index += 1 }
        return row[index]
    }

    mutating func integer() -> Int64 { next() }
    mutating func optionalInteger() -> Int64? { nextOptional() }
    mutating func flag() -> Bool { integer() != 0 }
    mutating func text() -> String { next() }
    mutating func optionalText() -> String? { nextOptional() }
    mutating func moment() -> Moment { Moment(milliseconds: integer()) }
    mutating func optionalMoment() -> Moment? { optionalInteger().map(Moment.init(milliseconds:)) }
    mutating func book() -> Book { Book(integer()) }

    mutating func raw() -> UInt128 {
        let data: Data = next()
        return UInt128(data)
    }

    mutating func id<Kind>() -> Identifier<Kind> { Identifier(raw()) }

    mutating func optionalID<Kind>() -> Identifier<Kind>? {
        let data: Data? = nextOptional()
        return data.map { Identifier(UInt128($0)) }
    }

    mutating func digest() -> Digest256 {
        let data: Data = next()
        return Digest256(data)
    }

    mutating func optionalDigest() -> Digest256? {
        let data: Data? = nextOptional()
        return data.map { Digest256($0) }
    }

    mutating func bytes() -> [UInt8] {
        let data: Data = next()
        return Array(data)
    }

    mutating func word<Word: RawRepresentable>() -> Word where Word.RawValue == String {
        let text = text()
        guard let word = Word(rawValue: text) else {
            preconditionFailure("the database holds only known words of \(Word.self), not \(text)")
        }
        return word
    }

    mutating func optionalWord<Word: RawRepresentable>() -> Word? where Word.RawValue == String {
        optionalText().flatMap(Word.init(rawValue:))
    }

    mutating func currency() -> Currency {
        let code = text()
        return Currency(stored: code, exponent: Int(integer()))
    }

    mutating func optionalCurrency() -> Currency? {
        let code = optionalText()
        let exponent = optionalInteger()
        guard let code, let exponent else { return nil }
        return Currency(stored: code, exponent: Int(exponent))
    }

    mutating func failure() -> RefundFailure? {
        let code: FailureCode? = optionalWord()
        let detail = optionalText()
        return code.map { RefundFailure($0, detail: detail) }
    }

    mutating func metadata() -> Metadata {
        guard let text = optionalText() else { return [:] }
        return (try? JSONDecoder().decode(Metadata.self, from: Data(text.utf8))) ?? [:]
    }
}

extension UInt128 {
    init(_ data: Data) {
        precondition(data.count == 16, "an id has sixteen bytes")
        self = data.reduce(0) { $0 << 8 | UInt128($1) }
    }

    var data: Data {
        withUnsafeBytes(of: bigEndian) { Data($0) }
    }
}

extension Identifier {
    var data: Data { raw.data }
}

extension Digest256 {
    var data: Data { Data(bytes) }
}

extension Metadata {
    /// JSON with sorted names; nothing for no metadata.
    var stored: String? {
        guard !isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("names and texts can be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
