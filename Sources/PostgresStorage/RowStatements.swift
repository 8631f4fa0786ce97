#if PostgreSQL
import Domain
import Rows
import Storage

/// The statements that move rows of each kind, many at a time: one for any number of rows.
struct RowStatements: Sendable {
    private let types: [String: [String: ColumnType]]

    /// - Parameter connection: to a database whose schema is in place.
    init(readingTypes connection: PostgresConnection) throws {
        let rows = try connection.execute(
            Statement(
                """
                SELECT c.relname::text, a.attname::text, t.typname::text
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
                    AND NOT a.attisdropped
                """
            )
        )
        var types: [String: [String: ColumnType]] = [:]
        _ = try rows.map(of: "pg_attribute") { columns in
            let (table, column) = try (columns.text(), columns.text())
            types[table, default: [:]][column] = ColumnType(rawValue: try columns.text())
        }
        self.types = types
    }

    func type(_ table: String, _ column: String) -> ColumnType {
        guard let type = types[table]?[column] else {
            preconditionFailure("\(table).\(column) is a column of the schema")
        }
        return type
    }

    /// Writes new rows.
    func insertion<Row: StoredRow>(_ rows: [Row]) -> Statement? {
        let values = rows.map { $0.keyValues + $0.fixedValues + $0.changingValues }
        return insertion(into: Row.table, Row.columns, values)
    }

    /// - Parameters:
    ///   - rows: values in the order of the columns.
    ///   - ending: what follows, such as what to do where there is such a row.
    func insertion(
        into table: String,
        _ columns: [String],
        _ rows: [[StoredValue]],
        _ ending: String = ""
    ) -> Statement? {
        guard !rows.isEmpty else { return nil }
        let sql = """
            INSERT INTO \(table) (\(columns.joined(separator: ", "))) \
            SELECT * FROM unnest(\(places(table, columns))) \(ending)
            """
        return Statement(sql, arrays(table, columns, rows))
    }

    /// Writes what changed of rows; fails if one of them is not there.
    func change<Row: StoredRow>(_ rows: [Row]) -> Statement? {
        guard !rows.isEmpty else { return nil }
        let columns = Row.keyColumns + Row.changingColumns
        let sets = Row.changingColumns.map { "\($0) = n.\($0)" }.joined(separator: ", ")
        let keys = Row.keyColumns.map { "t.\($0) = n.\($0)" }.joined(separator: " AND ")
        let sql = """
            WITH changed AS (
                UPDATE \(Row.table) t SET \(sets)
                FROM unnest(\(places(Row.table, columns))) AS n (\(columns.joined(separator: ", ")))
                WHERE \(keys) RETURNING 1
            )
            SELECT must_be_all(count(*), $\(columns.count + 1)::int8) FROM changed
            """
        let parameters = arrays(Row.table, columns, rows.map { $0.keyValues + $0.changingValues })
        return Statement(sql, parameters + [.value(.integer(rows.count))])
    }

    /// Rows by some of their columns, such as a key; in the order of their own keys, and locked in it.
    ///
    /// - Parameters:
    ///   - values: what the columns have, a list for each row that is looked for.
    ///   - ending: the lock, for a transaction that may change them.
    func selection<Row: StoredRow>(
        _ type: Row.Type,
        by columns: [String],
        _ values: [[StoredValue]],
        where condition: String? = nil,
        _ ending: String = ""
    ) -> Statement {
        let keys = (columns.map { "t.\($0) = k.\($0)" } + (condition.map { [$0] } ?? [])).joined(separator: " AND ")
        let order = Row.keyColumns.map { "t.\($0)" }.joined(separator: ", ")
        let sql = """
            SELECT \(Row.columnList("t.")) \
            FROM unnest(\(places(Row.table, columns))) AS k (\(columns.joined(separator: ", "))) \
            JOIN \(Row.table) t ON \(keys) ORDER BY \(order) \(ending)
            """
        return Statement(sql, arrays(Row.table, columns, values))
    }

    /// `$1::int8[], $2::bytea[]`, …
    func places(_ table: String, _ columns: [String]) -> String {
        columns.enumerated().map { "$\($0.offset + 1)::\(type(table, $0.element).rawValue)[]" }.joined(separator: ", ")
    }

    /// The rows' values column by column.
    func arrays(_ table: String, _ columns: [String], _ rows: [[StoredValue]]) -> [Parameter] {
        columns.enumerated().map { index, column in .array(rows.map { $0[index] }, type(table, column)) }
    }
}

extension ResultRows {
    func rows<Row: StoredRow>(_ type: Row.Type) throws -> [Row] {
        try map(of: Row.table) { columns in try Row(from: &columns) }
    }
}
#endif
