import Domain
import Storage

extension Engine {
    package func webhookEndpoint(_ name: ObjectName) async throws(EngineFailure) -> WebhookEndpoint {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.webhookEndpoints([WebhookEndpoint.ID(id)], in: name.book).first
        }
    }

    package func webhookEndpoints(_ page: Page, in book: Book) async throws(EngineFailure) -> Items<WebhookEndpoint> {
        let items = try await read { store throws(StoreFailure) in
            try await store.webhookEndpoints(page.keys.map { WebhookEndpoint.ID($0) }, in: book)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func delivery(_ name: ObjectName) async throws(EngineFailure) -> Delivery {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.deliveries([Delivery.ID(id)], in: name.book).first
        }
    }

    package func deliveries(_ page: Page, in book: Book) async throws(EngineFailure) -> Items<Delivery> {
        let items = try await read { store throws(StoreFailure) in
            try await store.deliveries(page.keys.map { Delivery.ID($0) }, in: book)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func attempts(of delivery: Delivery) async throws(EngineFailure) -> [DeliveryAttempt] {
        try await read { store throws(StoreFailure) in
            try await store.deliveryAttempts(of: delivery.id, in: delivery.book)
        }
    }

    /// What there is to do for every endpoint that is told.
    package func webhookWork() async throws(EngineFailure) -> [WebhookWork] {
        try await read { store throws(StoreFailure) in try await store.webhookWork() }
    }

    /// Where a book's events end, those aside before which others may still come.
    package func lastSettledPlace(in book: Book) async throws(EngineFailure) -> EventPlace {
        let range = EventRange(book, .newestFirst, limit: 1, isSettled: true)
        return try await events(in: range).first?.place ?? EventPlace(transaction: 0, number: 0)
    }
}
