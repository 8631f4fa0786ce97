import Domain
import GRDB
import Rows
import Storage

extension SQLiteStore {
    package func webhookEndpoints(
        _ ids: [WebhookEndpoint.ID],
        in book: Book
    ) async throws(StoreFailure) -> [WebhookEndpoint] {
        try await reading { [sealer] db in
            try ids.compactMap { id in
                try WebhookEndpointRow.find(db, .shared, [.book(book), .id(id)])?.endpoint(sealer)
            }
            .filter { $0.deletedAt == nil }
        }
    }

    package func webhookWork() async throws(StoreFailure) -> [WebhookWork] {
        try await reading { db in
            try db.cachedStatement(sql: WebhookWork.query)
                .all(of: WebhookEndpointRow.table) { try WebhookWork(from: &$0) }
        }
    }

    package func deliveries(_ ids: [Delivery.ID], in book: Book) async throws(StoreFailure) -> [Delivery] {
        try await reading { db in try ids.compactMap { try Delivery.find(db, .shared, [.book(book), .id($0)]) } }
    }

    package func deliveryAttempts(
        of delivery: Delivery.ID,
        in book: Book
    ) async throws(StoreFailure) -> [DeliveryAttempt] {
        let sql = """
            SELECT \(DeliveryAttemptRow.columnList()) FROM delivery_attempt WHERE book = ? AND delivery = ? ORDER BY number
            """
        return try await reading { [sealer] db in
            try DeliveryAttemptRow.all(db, sql, [.book(book), .id(delivery)]).map { try $0.attempt(sealer) }
        }
    }
}
