import DialectKit
import Domain
import Engine
import Storage

// What is answered about payments and disputes.

extension StornoDialect {
    func listPayments(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(
            PageWish.names.union(Query.filterNames).union(query.metadataParameters)
                .union(["reference", "order_reference", "customer", "pot"])
        )
        let wish = try PageWish(query)
        let listing = Listing.payments(
            context.book,
            orderReference: try query.text("order_reference"),
            uniqueReference: try query.text("reference"),
            customer: try await context.filter(.customer).map { Customer.ID($0) },
            pot: try await context.filter(.pot).map { Pot.ID($0) },
            hiddenIn: name,
            matching: try query.filter(PaymentState.self)
        )
        return try await context.list(.payment, listing, wish) { engine, page throws(EngineFailure) in
            try await engine.payments(page, in: context.book, dialect: name).items.map { .payment($0) }
        }
    }

    func createPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let now = try await context.ask { engine throws(EngineFailure) in try await engine.moment(in: context.book) }
        return try await context.answer(CreatePayment(context, at: now)) { JSONWriter.bytes(.payment($0)) }
    }

    func readPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.payment)
    }

    /// Of all that is left, for which a processor may take its time, or of a part.
    func capturePayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let wish = try CaptureWish(context)
        var command = UpdatePayment(
            origin: context.origin,
            payment: context.named(.payment, context.parameter("id"))
        )
        command.step = .capture(wish)
        return try await context.answer(command) { JSONWriter.bytes(.payment($0)) }
    }

    func listCaptures(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let named = context.named(.payment, context.parameter("id"))
        let captures = try await context.ask { engine throws(EngineFailure) in
            _ = try await engine.payment(named, dialect: name)
            return try await engine.captures(of: named)
        }
        return .list(captures.map { .capture($0) })
    }

    // MARK: - Disputes

    func listDisputes(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(PageWish.names.union(["payment"]))
        let wish = try PageWish(query)
        let listing = Listing.disputes(
            context.book,
            payment: try await context.filter(.payment).map { Payment.ID($0) }
        )
        return try await context.list(.dispute, listing, wish) { engine, page throws(EngineFailure) in
            try await engine.disputes(page, in: context.book).items.map { .dispute($0) }
        }
    }

    func readDispute(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.dispute)
    }
}
