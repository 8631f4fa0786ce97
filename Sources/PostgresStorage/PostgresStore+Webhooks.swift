#if PostgreSQL
import Domain
import Rows
import Storage

extension PostgresStore {
    package func webhookEndpoints(
        _ ids: [WebhookEndpoint.ID],
        in book: Book
    ) async throws(StoreFailure) -> [WebhookEndpoint] {
        let values = ids.map { [StoredValue.book(book), .id($0)] }
        let found = try await reading { [rows, sealer] connection in
            try connection.execute(rows.selection(WebhookEndpointRow.self, by: ["book", "id"], values))
                .rows(WebhookEndpointRow.self).map { try $0.endpoint(sealer) }
        }
        let shown = Dictionary(uniqueKeysWithValues: found.filter { $0.deletedAt == nil }.map { ($0.id, $0) })
        return ids.compactMap { shown[$0] }
    }

    package func webhookWork() async throws(StoreFailure) -> [WebhookWork] {
        try await reading { connection in
            try connection.execute(Statement(WebhookWork.query))
                .map(of: WebhookEndpointRow.table) { try WebhookWork(from: &$0) }
        }
    }

    package func deliveries(_ ids: [Delivery.ID], in book: Book) async throws(StoreFailure) -> [Delivery] {
        let values = ids.map { [StoredValue.book(book), .id($0)] }
        let found = try await reading { [rows] connection in
            try connection.execute(rows.selection(Delivery.self, by: ["book", "id"], values)).rows(Delivery.self)
        }
        let shown = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return ids.compactMap { shown[$0] }
    }

    package func deliveryAttempts(
        of delivery: Delivery.ID,
        in book: Book
    ) async throws(StoreFailure) -> [DeliveryAttempt] {
        let value: [[StoredValue]] = [[.book(book), .id(delivery)]]
        return try await reading { [rows, sealer] connection in
            try connection.execute(rows.selection(DeliveryAttemptRow.self, by: ["book", "delivery"], value))
                .rows(DeliveryAttemptRow.self).map { try $0.attempt(sealer) }
        }
    }
}
#endif
