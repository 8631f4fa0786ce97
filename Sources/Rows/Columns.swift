import Domain
import Foundation

/// A row that cannot be what was written: the disk changed it. Found where it is read, so that nothing is decided or
/// answered from it.
package struct DamagedRow: Error, CustomStringConvertible {
    package let table: String
    package let reason: String

    package init(table: String, reason: String) {
        self.table = table
        self.reason = reason
    }

    package var description: String { "a row of \(table) is damaged: \(reason)" }
}

/// A row that a database gave.
package protocol RowSource {
    func value(at index: Int) -> StoredValue
    /// - Returns: `nil` where there is no such column.
    func value(named name: String) -> StoredValue?
}

/// The columns of a row, read from left to right.
///
/// The schema is strict, but it holds for what is written through the database, not for what a disk gives back: every
/// column is read as it could have been written, or throws ``DamagedRow``.
package struct Columns {
    private let row: any RowSource
    private let table: String
    private var index = 0

    package init(_ row: any RowSource, of table: String) {
        self.row = row
        self.table = table
    }

    package func damaged(_ reason: String) -> DamagedRow {
        guard let id = row.value(named: "id")?.data else { return DamagedRow(table: table, reason: reason) }
        return DamagedRow(table: table, reason: "\(Self.hexadecimal(id)): \(reason)")
    }

    private static func hexadecimal(_ data: Data) -> String {
        data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func notA(_ type: String) -> DamagedRow { damaged("column \(index) is no \(type)") }

    private mutating func next() -> StoredValue {
        defer { index += 1 }
        return row.value(at: index)
    }

    private mutating func optional<Value>(_ type: String, _ read: (StoredValue) -> Value?) throws -> Value? {
        let value = next()
        guard value != .null else { return nil }
        guard let read = read(value) else { throw notA(type) }
        return read
    }

    private mutating func present<Value>(_ type: String, _ read: (StoredValue) -> Value?) throws -> Value {
        guard let value = read(next()) else { throw notA(type) }
        return value
    }

    /// Nothing that is stored comes near: what is added up from a row cannot overflow.
    private static let magnitude: Int64 = 1 << 60

    private func bounded(_ number: Int64) throws -> Int64 {
        guard number > -Self.magnitude, number < Self.magnitude else { throw notA("number that is ever stored") }
        return number
    }

    package mutating func integer() throws -> Int64 { try bounded(present("number", \.number)) }

    package mutating func optionalInteger() throws -> Int64? { try optional("number", \.number).map(bounded) }

    package mutating func flag() throws -> Bool { try integer() != 0 }
    package mutating func text() throws -> String { try present("text", \.text) }
    package mutating func optionalText() throws -> String? { try optional("text", \.text) }
    package mutating func moment() throws -> Moment { Moment(milliseconds: try integer()) }
    package mutating func optionalMoment() throws -> Moment? {
        try optionalInteger().map(Moment.init(milliseconds:))
    }
    package mutating func book() throws -> Book { Book(try integer()) }
    package mutating func data() throws -> Data { try present("bytes", \.data) }
    package mutating func optionalData() throws -> Data? { try optional("bytes", \.data) }

    package mutating func raw() throws -> UInt128 { try present("id", \.raw) }

    package mutating func optionalRaw() throws -> UInt128? { try optional("id", \.raw) }

    package mutating func id<Kind>() throws -> Identifier<Kind> { Identifier(try raw()) }

    package mutating func optionalID<Kind>() throws -> Identifier<Kind>? {
        try optional("id", \.raw).map { Identifier($0) }
    }

    package mutating func digest() throws -> Digest256 { try present("digest", \.digest) }

    package mutating func optionalDigest() throws -> Digest256? { try optional("digest", \.digest) }

    package mutating func word<Word: RawRepresentable>() throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text()) else { throw notA("word of \(Word.self)") }
        return word
    }

    package mutating func optionalWord<Word: RawRepresentable>() throws -> Word? where Word.RawValue == String {
        guard let text = try optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw notA("word of \(Word.self)") }
        return word
    }

    package mutating func ledgerAccount() throws -> LedgerAccount {
        guard let account = LedgerAccount(rawValue: try integer()) else { throw notA("account of the chart") }
        return account
    }

    package mutating func currency() throws -> Currency {
        let code = try text()
        return try currency(code, try integer())
    }

    package mutating func optionalCurrency() throws -> Currency? {
        let code = try optionalText()
        let exponent = try optionalInteger()
        guard let code, let exponent else { return nil }
        return try currency(code, exponent)
    }

    private func currency(_ code: String, _ exponent: Int64) throws -> Currency {
        guard (0...4).contains(exponent), code.utf8.count == 3, code.utf8.allSatisfy((UInt8(65)...90).contains) else {
            throw notA("currency")
        }
        return Currency(stored: code, exponent: Int(exponent))
    }

    package mutating func failure() throws -> RefundFailure? {
        let code: FailureCode? = try optionalWord()
        let detail = try optionalText()
        return code.map { RefundFailure($0, detail: detail) }
    }

    package mutating func metadata() throws -> Metadata {
        guard let text = try optionalText() else { return [:] }
        guard let metadata = try? JSONDecoder().decode(Metadata.self, from: Data(text.utf8)) else {
            throw notA("metadata")
        }
        return metadata
    }
}

extension StoredValue {
    fileprivate var number: Int64? { if case .number(let number) = self { number } else { nil } }
    fileprivate var text: String? { if case .characters(let text) = self { text } else { nil } }
    fileprivate var data: Data? {
        switch self {
        case .bytes(let data): data
        case .identifier(let id): id.data
        default: nil
        }
    }
    fileprivate var raw: UInt128? {
        switch self {
        case .identifier(let id): id
        case .bytes(let data): UInt128(data)
        default: nil
        }
    }
    fileprivate var digest: Digest256? { data.flatMap { $0.count == 32 ? Digest256($0) : nil } }
}

extension Metadata {
    /// JSON with sorted names; nothing for no metadata.
    package var stored: String? {
        guard !isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("names and texts can be written as JSON")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
