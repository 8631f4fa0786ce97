import Domain
import Storage

/// A page of a list with its objects.
package struct Items<Item: Sendable>: Sendable {
    package let items: [Item]
    package let hasMore: Bool
}

extension Engine {
    package func refunds(
        _ page: Page,
        in book: Book,
        dialect: String
    ) async throws(EngineFailure) -> Items<RefundDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.refunds(page.keys.map { Refund.ID($0) }, in: book, dialect: dialect)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func payments(
        _ page: Page,
        in book: Book,
        dialect: String
    ) async throws(EngineFailure) -> Items<PaymentDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.payments(page.keys.map { Payment.ID($0) }, in: book, dialect: dialect)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func customers(_ page: Page, in book: Book) async throws(EngineFailure) -> Items<CustomerDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.customers(page.keys.map { Customer.ID($0) }, in: book)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func cards(_ page: Page, in book: Book) async throws(EngineFailure) -> Items<CardDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.cards(page.keys.map { Card.ID($0) }, in: book)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func pots(_ page: Page, in book: Book, dialect: String) async throws(EngineFailure) -> Items<PotDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.pots(page.keys.map { Pot.ID($0) }, in: book, dialect: dialect)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    package func disputes(_ page: Page, in book: Book) async throws(EngineFailure) -> Items<DisputeDetails> {
        let items = try await read { store throws(StoreFailure) in
            try await store.disputes(page.keys.map { Dispute.ID($0) }, in: book)
        }
        return Items(items: items, hasMore: page.hasMore)
    }

    /// How many payments or refunds of a book an API shows.
    package func count(_ kind: CountedKind, in book: Book, dialect: String) async throws(EngineFailure) -> Int64 {
        try await read { store throws(StoreFailure) -> Int64 in
            switch kind {
            case .payments:
                let hidden = try await store.tally(Tally(book, .hiddenPayments(dialect)))
                return try await store.tally(Tally(book, .payments)) - hidden
            case .refunds:
                let hidden = try await store.tally(Tally(book, .hiddenRefunds(dialect)))
                return try await store.tally(Tally(book, .refunds)) - hidden
            }
        }
    }

    package enum CountedKind: Sendable {
        case payments
        case refunds
    }
}
