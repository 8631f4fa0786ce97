import Domain
import Storage

extension Engine {
    /// One for each currency, in the order of their codes.
    package func balances(of book: Book) async throws(EngineFailure) -> [TrialBalance] {
        TrialBalance.group(try await read { store throws(StoreFailure) in try await store.totals(of: book) })
    }

    package func entries(
        causedBy object: ObjectReference,
        in book: Book
    ) async throws(EngineFailure) -> [LedgerEntry] {
        try await read { store throws(StoreFailure) in try await store.entries(causedBy: object, in: book) }
    }

    /// None of a payment that is not there.
    package func captures(of payment: ObjectName) async throws(EngineFailure) -> [Capture] {
        try await read { store throws(StoreFailure) in
            guard let id = try await store.identify(payment) else { return [] }
            return try await store.captures(of: Payment.ID(id), in: payment.book)
        }
    }

    package func attempts(of refund: Refund.ID, in book: Book) async throws(EngineFailure) -> [Attempt] {
        try await read { store throws(StoreFailure) in try await store.attempts(of: refund, in: book) }
    }

    package func evidence(of refund: Refund.ID, in book: Book) async throws(EngineFailure) -> [Evidence] {
        try await read { store throws(StoreFailure) in try await store.evidence(of: refund, in: book) }
    }

    package func events(in range: EventRange) async throws(EngineFailure) -> [PlacedEvent] {
        try await read { store throws(StoreFailure) in try await store.events(in: range) }
    }

    /// An object's event of that number; `nil` where there is none.
    package func event(
        _ sequence: Int64,
        of object: ObjectReference,
        in book: Book
    ) async throws(EngineFailure) -> PlacedEvent? {
        try await read { store throws(StoreFailure) in try await store.place(of: object, sequence, in: book) }
    }

    package func events(of object: ObjectReference, in book: Book) async throws(EngineFailure) -> [Event] {
        try await read { store throws(StoreFailure) in try await store.events(of: object, in: book) }
    }
}
