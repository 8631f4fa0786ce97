import Domain
import Foundation
import GRDB

/// A row that cannot be what was written: the disk changed it. Found where it is read, so that nothing is decided or
/// answered from it.
struct DamagedRow: Error, CustomStringConvertible {
    let table: String
    let reason: String

    var description: String { "a row of \(table) is damaged: \(reason)" }
}

/// The columns of a row, read from left to right.
///
/// The schema is strict, but it holds for what is written through SQLite, not for what a disk gives back: every
/// column is read as it could have been written, or throws ``DamagedRow``.
struct Columns {
    private let row: Row
    private let table: String
    private var index = 0

    init(_ row: Row, of table: String) {
        self.row = row
        self.table = table
    }

    func damaged(_ reason: String) -> DamagedRow {
        let id = try? row.decode(Data?.self, forColumn: "id")
        return DamagedRow(table: table, reason: (id.map { "\(Self.hexadecimal($0)): " } ?? "") + reason)
    }

    private static func hexadecimal(_ data: Data) -> String {
        data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func notA(_ type: String) -> DamagedRow { damaged("column \(index) is no \(type)") }

    private mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value {
        defer { index += 1 }
        do {
            return try row.decode(Value.self, atIndex: index)
        } catch {
            throw damaged("column \(index + 1) does not decode")
        }
    }

    private mutating func nextOptional<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value?
    {
        defer { index += 1 }
        do {
            return try row.decode(Value?.self, atIndex: index)
        } catch {
            throw damaged("column \(index + 1) does not decode")
        }
    }

    /// Nothing that is stored comes near: what is added up from a row cannot overflow.
    private static let magnitude: Int64 = 1 << 60

    private func bounded(_ number: Int64) throws -> Int64 {
        guard number > -Self.magnitude, number < Self.magnitude else { throw notA("number that is ever stored") }
        return number
    }

    mutating func integer() throws -> Int64 { try bounded(next()) }

    mutating func optionalInteger() throws -> Int64? {
        let number: Int64? = try nextOptional()
        return try number.map(bounded)
    }

    mutating func flag() throws -> Bool { try integer() != 0 }
    mutating func text() throws -> String { try next() }
    mutating func optionalText() throws -> String? { try nextOptional() }
    mutating func moment() throws -> Moment { Moment(milliseconds: try integer()) }
    mutating func optionalMoment() throws -> Moment? { try optionalInteger().map(Moment.init(milliseconds:)) }
    mutating func book() throws -> Book { Book(try integer()) }
    mutating func data() throws -> Data { try next() }

    mutating func raw() throws -> UInt128 { try id(next()) }

    private func id(_ data: Data) throws -> UInt128 {
        guard let id = UInt128(data) else { throw notA("id") }
        return id
    }

    mutating func id<Kind>() throws -> Identifier<Kind> { Identifier(try raw()) }

    mutating func optionalID<Kind>() throws -> Identifier<Kind>? {
        let data: Data? = try nextOptional()
        return try data.map { Identifier(try id($0)) }
    }

    mutating func digest() throws -> Digest256 { try digest(next()) }

    mutating func optionalDigest() throws -> Digest256? {
        let data: Data? = try nextOptional()
        return try data.map(digest)
    }

    private func digest(_ data: Data) throws -> Digest256 {
        guard data.count == 32 else { throw notA("digest") }
        return Digest256(data)
    }

    mutating func word<Word: RawRepresentable>() throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text()) else { throw notA("word of \(Word.self)") }
        return word
    }

    mutating func optionalWord<Word: RawRepresentable>() throws -> Word? where Word.RawValue == String {
        guard let text = try optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw notA("word of \(Word.self)") }
        return word
    }

    mutating func ledgerAccount() throws -> LedgerAccount {
        guard let account = LedgerAccount(rawValue: try integer()) else { throw notA("account of the chart") }
        return account
    }

    mutating func currency() throws -> Currency {
        let code = try text()
        return try currency(code, try integer())
    }

    mutating func optionalCurrency() throws -> Currency? {
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

    mutating func failure() throws -> RefundFailure? {
        let code: FailureCode? = try optionalWord()
        let detail = try optionalText()
        return code.map { RefundFailure($0, detail: detail) }
    }

    mutating func metadata() throws -> Metadata {
        guard let text = try optionalText() else { return [:] }
        guard let metadata = try? JSONDecoder().decode(Metadata.self, from: Data(text.utf8)) else {
            throw notA("metadata")
        }
        return metadata
    }
}

extension UInt128 {
    /// - Returns: `nil` for anything but sixteen bytes.
    init?(_ data: Data) {
        guard data.count == 16 else { return nil }
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
