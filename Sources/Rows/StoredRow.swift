import Domain

/// How a value is kept in a table: its columns in three groups, and back.
package protocol StoredRow {
    static var table: String { get }
    static var keyColumns: [String] { get }
    static var fixedColumns: [String] { get }
    static var changingColumns: [String] { get }

    var keyValues: [StoredValue] { get }
    var fixedValues: [StoredValue] { get }
    var changingValues: [StoredValue] { get }

    /// Reads the columns in the order key, fixed, changing.
    ///
    /// - Throws: ``DamagedRow``.
    init(from columns: inout Columns) throws
}

extension StoredRow {
    package static var columns: [String] { keyColumns + fixedColumns + changingColumns }

    package static func columnList(_ prefix: String = "") -> String {
        columns.map { prefix + $0 }.joined(separator: ", ")
    }
}
