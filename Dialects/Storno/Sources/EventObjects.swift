import DialectKit
import Domain
import Engine
import Storage

extension RequestContext {
    /// Events as they are shown, with their objects as they then were.
    func shown(_ events: [Event]) async throws(Refusal) -> [JSONValue] {
        try await ask { engine throws(EngineFailure) in try await engine.shown(events, in: book) }
    }
}

extension Engine {
    /// Events as they are shown, with their objects as they then were. The objects of one kind are read together.
    func shown(_ events: [Event], in book: Book) async throws(EngineFailure) -> [JSONValue] {
        var shown: [ObjectReference: (Event) -> JSONValue] = [:]
        for kind in ObjectKind.withEvents {
            let ids = Set(events.map(\.object).filter { $0.kind == kind }.map(\.id))
            guard !ids.isEmpty else { continue }
            for (id, show) in try await past(kind, Page(Array(ids)), book) { shown[ObjectReference(kind, id)] = show }
        }
        return events.map { event in
            .event(event, shown[event.object]?(event) ?? .reference(event))
        }
    }

    /// How each of some objects was at one of its events.
    private func past(
        _ kind: ObjectKind,
        _ page: Page,
        _ book: Book
    ) async throws(EngineFailure) -> [(UInt128, (Event) -> JSONValue)] {
        switch kind {
        case .payment:
            try await payments(page, in: book, dialect: "storno").items
                .map { details in (details.payment.id.raw, { .payment(details, at: $0) }) }
        case .refund:
            try await refunds(page, in: book, dialect: "storno").items
                .map { details in (details.refund.id.raw, { .refund(details, at: $0) }) }
        case .dispute:
            try await disputes(page, in: book).items
                .map { details in (details.dispute.id.raw, { .dispute(details, at: $0) }) }
        case .pot:
            try await pots(page, in: book, dialect: "storno").items
                .map { details in (details.pot.id.raw, { .pot(details, at: $0) }) }
        case .webhookEndpoint: page.keys.map { ($0, { .endpointReference($0) }) }
        case .customer, .card, .delivery: []
        }
    }
}
