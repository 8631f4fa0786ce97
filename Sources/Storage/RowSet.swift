/// Rows of one kind in a working set: as loaded, and as they are after the decisions so far.
package struct RowSet<Key: Hashable & Sendable, Row: Sendable>: Sendable {
    private var rows: [Key: Row] = [:]
    /// Keys of new rows, in the order in which they came.
    package private(set) var inserted: [Key] = []
    /// Keys of rows that were there before and changed, in the order of their first change.
    package private(set) var updated: [Key] = []
    private var dirty: Set<Key> = []

    package subscript(key: Key) -> Row? { rows[key] }

    package mutating func load(_ row: Row, for key: Key) {
        if rows[key] == nil { rows[key] = row }
    }

    package mutating func insert(_ row: Row, for key: Key) {
        precondition(rows.updateValue(row, forKey: key) == nil, "a new row has a key of its own")
        inserted.append(key)
        dirty.insert(key)
    }

    package mutating func update(_ row: Row, for key: Key) {
        precondition(rows.updateValue(row, forKey: key) != nil, "a changed row was in the footprint")
        if dirty.insert(key).inserted { updated.append(key) }
    }

    package var insertedRows: [Row] { inserted.compactMap { rows[$0] } }
    package var updatedRows: [Row] { updated.compactMap { rows[$0] } }
}
