#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    /// Numbers are given before the commit, and nodes commit at the same time: a reader that went by them could pass over
    /// an event that is committed late. So events are ordered by transaction, and settled below the oldest that may still be
    /// under way.
    private static let order = EventQuery.Order(
        place: "transaction::text::int8, number",
        isBehind: { comparison, place in
            (
                "(transaction, number) \(comparison) (?::int8::text::xid8, ?)",
                [.number(place.transaction), .number(place.number)]
            )
        },
        isSettled: "transaction < pg_snapshot_xmin(pg_current_snapshot())",
        columns: ["transaction", "number"]
    )

    package func events(in range: EventRange) async throws(StoreFailure) -> [PlacedEvent] {
        let query = EventQuery(range, Self.order)
        return try await reading { connection in
            try connection.execute(Statement(marked: query.sql, query.arguments))
                .map(of: Event.table) { try PlacedEvent(from: &$0) }
        }
    }

    package func place(
        of object: ObjectReference,
        _ sequence: Int64,
        in book: Book
    ) async throws(StoreFailure) -> PlacedEvent? {
        let sql = """
            SELECT \(Self.order.place), \(Event.columnList()) FROM event WHERE book = ? AND object = ? AND sequence = ?
            """
        return try await reading { connection in
            let arguments: [StoredValue] = [.book(book), .id(object.id), .integer(sequence)]
            return try connection.execute(Statement(marked: sql, arguments))
                .map(of: Event.table) { try PlacedEvent(from: &$0) }.first
        }
    }
}
#endif
