import Domain
import Storage

extension Engine {
    /// - Throws: ``EngineFailure/notFound(_:text:)`` also for what that API no longer shows.
    package func payment(_ name: ObjectName, dialect: String) async throws(EngineFailure) -> PaymentDetails {
        let found = try await find(name) { store, id throws(StoreFailure) in
            try await store.payments([Payment.ID(id)], in: name.book, dialect: dialect).first
        }
        guard found.facet?.hiddenAt == nil else { throw .notFound(.payment, text: name.spelling?.text ?? "") }
        return found
    }

    /// - Throws: ``EngineFailure/notFound(_:text:)`` also for what that API no longer shows.
    package func refund(_ name: ObjectName, dialect: String) async throws(EngineFailure) -> RefundDetails {
        let found = try await find(name) { store, id throws(StoreFailure) in
            try await store.refunds([Refund.ID(id)], in: name.book, dialect: dialect).first
        }
        guard !found.isHidden else { throw .notFound(.refund, text: name.spelling?.text ?? "") }
        return found
    }

    /// The request that asked for a refund; `nil` where none did.
    package func requestID(ofRefund id: Refund.ID, in book: Book) async throws(EngineFailure) -> String? {
        try await read { store throws(StoreFailure) in
            try await store.refunds([id], in: book, dialect: "storno").first?.refund.requestID
        }
    }

    package func customer(_ name: ObjectName) async throws(EngineFailure) -> CustomerDetails {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.customers([Customer.ID(id)], in: name.book).first
        }
    }

    package func card(_ name: ObjectName) async throws(EngineFailure) -> CardDetails {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.cards([Card.ID(id)], in: name.book).first
        }
    }

    package func pot(_ name: ObjectName, dialect: String) async throws(EngineFailure) -> PotDetails {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.pots([Pot.ID(id)], in: name.book, dialect: dialect).first
        }
    }

    package func dispute(_ name: ObjectName) async throws(EngineFailure) -> DisputeDetails {
        try await find(name) { store, id throws(StoreFailure) in
            try await store.disputes([Dispute.ID(id)], in: name.book).first
        }
    }

    /// The id that a name stands for, or `nil`.
    package func identify(_ name: ObjectName) async throws(EngineFailure) -> UInt128? {
        try await read { store throws(StoreFailure) in try await store.identify(name) }
    }

    func find<Found>(
        _ name: ObjectName,
        _ load: (any Store, UInt128) async throws(StoreFailure) -> Found?
    ) async throws(EngineFailure) -> Found {
        let found = try await read { store throws(StoreFailure) -> Found? in
            if let id = name.id, let found = try await load(store, id) { return found }
            guard name.spelling != nil, let id = try await store.identify(name), id != name.id else { return nil }
            return try await load(store, id)
        }
        guard let found else { throw .notFound(name.kind, text: name.spelling?.text ?? "") }
        return found
    }
}
