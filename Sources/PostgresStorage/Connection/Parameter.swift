#if PostgreSQL
import Foundation
import Rows

/// A value of a statement, in PostgreSQL's binary form. Statements name the types: `$1::int8[]`.
enum Parameter: Sendable {
    case value(StoredValue)
    /// One column of many rows. All are of the column's type, or nothing.
    case array([StoredValue], ColumnType)

    /// What stands for it on the wire; `nil` for nothing.
    var bytes: [UInt8]? {
        switch self {
        case .value(let value): value.wireBytes
        case .array(let values, let type): Self.array(values, type)
        }
    }

    /// One dimension from 1: `array_recv` in PostgreSQL's sources.
    private static func array(_ values: [StoredValue], _ type: ColumnType) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + values.count * 24)
        bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(values.contains(.null) ? 1 : 0))
        bytes.append(bigEndian: type.oid)
        guard !values.isEmpty else { return bytes }
        bytes.append(bigEndian: Int32(values.count))
        bytes.append(bigEndian: Int32(1))
        for value in values {
            guard let content = value.wireBytes else {
                bytes.append(bigEndian: Int32(-1))
                continue
            }
            bytes.append(bigEndian: Int32(content.count))
            bytes += content
        }
        return bytes
    }
}

/// The three types that columns have, by their numbers in `pg_type`.
enum ColumnType: String, Sendable {
    case int8
    case text
    case bytea

    var oid: Int32 {
        switch self {
        case .int8: 20
        case .text: 25
        case .bytea: 17
        }
    }
}

extension StoredValue {
    fileprivate var wireBytes: [UInt8]? {
        switch self {
        case .null: return nil
        case .number(let number): return withUnsafeBytes(of: number.bigEndian) { Array($0) }
        case .characters(let text): return Array(text.utf8)
        case .identifier(let id): return withUnsafeBytes(of: id.bigEndian) { Array($0) }
        case .bytes(let data): return Array(data)
        case .foreign: preconditionFailure("nothing is kept as a type that cannot be read back")
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: Int32) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
#endif
