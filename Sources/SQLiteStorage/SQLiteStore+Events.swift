import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    /// One process writes, one transaction after the other: the numbers are the order.
    static let order = EventQuery.Order(
        place: "0, number",
        isBehind: { comparison, place in ("number \(comparison) ?", [.number(place.number)]) },
        isSettled: nil,
        columns: ["number"]
    )

    package func events(in range: EventRange) async throws(StoreFailure) -> [PlacedEvent] {
        try await reading { db in
            let query = EventQuery(range, Self.order)
            return try db.placedEvents(query.sql, query.arguments)
        }
    }

    package func place(
        of object: ObjectReference,
        _ sequence: Int64,
        in book: Book
    ) async throws(StoreFailure) -> PlacedEvent? {
        try await reading { db in
            let sql = """
                SELECT \(Self.order.place), \(Event.columnList()) FROM event WHERE book = ? AND object = ? AND sequence = ?
                """
            return try db.placedEvents(sql, [.book(book), .id(object.id), .integer(sequence)]).first
        }
    }
}

extension Database {
    fileprivate func placedEvents(_ sql: String, _ arguments: [StoredValue]) throws -> [PlacedEvent] {
        try cachedStatement(sql: sql).all(of: Event.table, arguments) { try PlacedEvent(from: &$0) }
    }
}
