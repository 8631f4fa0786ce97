/// Rows of one kind in a working set: as loaded, and as they are after the decisions so far.
package struct RowSet<Key: Hashable & Sendable, Row: Sendable>: Sendable {
    private var rows: [Key: Row] = [:]
    /// Keys of new rows, in the order in which they came.
    package private(set) var inserted: [Key] = []
    /// Keys of rows that were there before and changed, in the order of their first change.
    package private(set) var updated: [Key] = []
    private var dirty: Set<Key> = []
    /// Changed rows as they were loaded.
    private var originals: [Key: Row] = [:]

    package subscript(key: Key) -> Row? { rows[key] }

    /// In no order.
    package var all: some Collection<Row> { rows.values }

    package mutating func load(_ row: Row, for key: Key) {
        if rows[key] == nil { rows[key] = row }
    }

    package mutating func insert(_ row: Row, for key: Key) {
        precondition(rows.updateValue(row, forKey: key) == nil, "a new row has a key of its own")
        inserted.append(key)
        dirty.insert(key)
    }

    package mutating func update(_ row: Row, for key: Key) {
        guard let before = rows.updateValue(row, forKey: key) else {
            preconditionFailure("a changed row was in the footprint")
        }
        guard dirty.insert(key).inserted else { return }
        updated.append(key)
        originals[key] = before
    }

    package var insertedRows: [Row] { inserted.compactMap { rows[$0] } }
    package var updatedRows: [Row] { updated.compactMap { rows[$0] } }

    /// Of each row that was there before and changed what it was and what it is.
    package var changes: [(before: Row, after: Row)] {
        updated.compactMap { key in
            guard let before = originals[key], let after = rows[key] else { return nil }
            return (before, after)
        }
    }
}
