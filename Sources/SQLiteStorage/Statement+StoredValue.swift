import Foundation
import GRDB
import GRDBSQLite
import Rows

/// GRDB prepares statements and keeps them; values go to SQLite and back without GRDB's own in between, which cost more
/// than SQLite's work for a row.
extension Statement {
    /// Runs it to its end, with the values of one group behind those of the other.
    func run(_ groups: [StoredValue]...) throws {
        try each(in: groups) { _ in true }
    }

    /// Visits its rows until `visit` has seen enough.
    func each(_ values: [StoredValue] = [], _ visit: (SQLiteRow) throws -> Bool) throws {
        try each(in: [values], visit)
    }

    private func each(in groups: [[StoredValue]], _ visit: (SQLiteRow) throws -> Bool) throws {
        let count = groups.reduce(0) { $0 + $1.count }
        precondition(Int(sqlite3_bind_parameter_count(sqliteStatement)) == count, "a value for each parameter")
        defer { sqlite3_reset(sqliteStatement) }
        var index: CInt = 0
        for group in groups {
            for value in group {
                index += 1
                guard value.bind(to: sqliteStatement, at: index) == SQLITE_OK else { throw failure }
            }
        }
        while true {
            switch sqlite3_step(sqliteStatement) {
            case SQLITE_ROW: guard try visit(SQLiteRow(statement: sqliteStatement)) else { return }
            case SQLITE_DONE: return
            default: throw failure
            }
        }
    }

    /// Reads the first row.
    func first<Value>(
        of table: String,
        _ values: [StoredValue] = [],
        _ read: (inout Columns) throws -> Value?
    ) throws -> Value? {
        var found: Value?
        try each(values) { row in
            var columns = Columns(row, of: table)
            found = try read(&columns)
            return false
        }
        return found
    }

    /// Reads every row.
    func all<Value>(
        of table: String,
        _ values: [StoredValue] = [],
        _ read: (inout Columns) throws -> Value
    ) throws -> [Value] {
        var found: [Value] = []
        try each(values) { row in
            var columns = Columns(row, of: table)
            found.append(try read(&columns))
            return true
        }
        return found
    }

    /// Without the values, which may be personal.
    private var failure: DatabaseError {
        let database = sqlite3_db_handle(sqliteStatement)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database)),
            message: sqlite3_errmsg(database).map { String(cString: $0) }
        )
    }
}

/// A row as SQLite gives it; read before the next one is.
struct SQLiteRow: RowSource {
    let statement: OpaquePointer

    var count: Int { Int(sqlite3_column_count(statement)) }

    func value(at index: Int) -> StoredValue { StoredValue(statement, CInt(index)) }

    func value(named name: String) -> StoredValue? {
        (0..<count).first { sqlite3_column_name(statement, CInt($0)).map { String(cString: $0) } == name }
            .map { value(at: $0) }
    }
}

extension StoredValue {
    /// For SQLite to copy.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    fileprivate init(_ statement: OpaquePointer, _ column: CInt) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: self = .null
        case SQLITE_INTEGER: self = .number(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            self = .characters(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
            self.init(blob: bytes)
        default: self = .foreign
        }
    }

    fileprivate func bind(to statement: OpaquePointer, at index: CInt) -> CInt {
        switch self {
        case .null: return sqlite3_bind_null(statement, index)
        case .number(let number): return sqlite3_bind_int64(statement, index, number)
        case .characters(var text):
            return text.withUTF8 { bytes in
                // A text of no bytes may have no address, which SQLite would take for none.
                guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, nil) }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text(statement, index, $0, CInt(bytes.count), Self.transient)
                }
            }
        case .identifier(let id):
            return withUnsafeBytes(of: id.bigEndian) {
                sqlite3_bind_blob(statement, index, $0.baseAddress, CInt($0.count), Self.transient)
            }
        case .bytes(let data):
            return data.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(statement, index, 0) }
                return sqlite3_bind_blob(statement, index, start, CInt(bytes.count), Self.transient)
            }
        case .foreign: preconditionFailure("nothing is kept as a type that cannot be read back")
        }
    }
}
