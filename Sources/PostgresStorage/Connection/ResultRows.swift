#if PostgreSQL
import CLibPQ
import Foundation
import Rows

/// What a statement found. Its memory is libpq's until this goes.
final class ResultRows {
    private let result: OpaquePointer

    /// - Parameter result: taken over.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var count: Int { Int(PQntuples(result)) }

    /// One row, counted from 0.
    func columns(_ index: Int, of table: String) -> Columns {
        Columns(ResultRow(rows: self, index: Int32(index)), of: table)
    }

    /// One row as it is kept.
    func values(_ index: Int) -> [StoredValue] {
        (0..<PQnfields(result)).map { value(Int32(index), $0) }
    }

    /// Reads every row.
    func map<Value>(of table: String, _ read: (inout Columns) throws -> Value) throws -> [Value] {
        try (0..<count)
            .map { index in
                var columns = columns(index, of: table)
                return try read(&columns)
            }
    }

    fileprivate func value(_ row: Int32, _ column: Int32) -> StoredValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch PQftype(result, column) {
        case 20 where bytes.count == 8: return .number(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case 23 where bytes.count == 4: return .number(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case 16 where bytes.count == 1: return .number(bytes[0] == 0 ? 0 : 1)
        case 25, 19, 1043: return .characters(String(decoding: bytes, as: UTF8.self))
        case 17: return StoredValue(blob: bytes)
        default: return .foreign
        }
    }

    fileprivate func column(named name: String) -> Int32? {
        let index = PQfnumber(result, name)
        return index < 0 ? nil : index
    }
}

/// One row of a result.
private struct ResultRow: RowSource {
    let rows: ResultRows
    let index: Int32

    func value(at column: Int) -> StoredValue { rows.value(index, Int32(column)) }

    func value(named name: String) -> StoredValue? { rows.column(named: name).map { rows.value(index, $0) } }
}
#endif
