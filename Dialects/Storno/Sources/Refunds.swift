import DialectKit
import Domain
import Engine
import Storage

// What is answered about refunds.

extension StornoDialect {
    func listRefunds(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let query = context.request.query
        try query.takeOnly(
            PageWish.names.union(Query.filterNames).union(query.metadataParameters)
                .union(["reason", "payment", "customer", "pot"])
        )
        let wish = try PageWish(query)
        var filter = try query.filter(RefundStatus.self)
        filter.reason = try query.text("reason")
        let listing = Listing.refunds(
            context.book,
            payment: try await context.filter(.payment).map { Payment.ID($0) },
            customer: try await context.filter(.customer).map { Customer.ID($0) },
            pot: try await context.filter(.pot).map { Pot.ID($0) },
            hiddenIn: name,
            matching: filter
        )
        return try await context.list(.refund, listing, wish) { engine, page throws(EngineFailure) in
            try await engine.refunds(page, in: context.book, dialect: name).items.map { .refund($0) }
        }
    }

    func createRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let command = try CreateRefund(context)
        do throws(Refusal) {
            return try await context.answer(command) { JSONWriter.bytes(.refund($0)) }
        } catch .engine(.rejected(.paymentChanged(let version))) where command.belief.version != nil {
            return try await quoteAnew(command, context, .rejected(.paymentChanged(version: version)))
        }
    }

    func readRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.refund)
    }

    func cancelRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        let command = CancelRefund(
            origin: context.origin,
            refund: context.named(.refund, context.parameter("id"))
        )
        return try await context.answer(command) { JSONWriter.bytes(.refund($0)) }
    }

    func approveRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(DecideApproval(context, isApproved: true)) { JSONWriter.bytes(.refund($0)) }
    }

    func rejectRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(DecideApproval(context, isApproved: false)) { JSONWriter.bytes(.refund($0)) }
    }

    /// Another refund of the same amount for one that did not happen.
    func retryRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try context.members([])
        // A refund's payment never changes, so it may be read before.
        let command = RetryRefund(origin: context.origin, refund: try await refund(context), policy: context.policy)
        return try await context.answer(command) { JSONWriter.bytes(.refund($0)) }
    }

    // MARK: - What was sent and heard

    func listAttempts(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let refund = try await refund(context).refund
        let attempts = try await context.ask { engine throws(EngineFailure) in
            try await engine.attempts(of: refund.id, in: context.book)
        }
        return .list(attempts.map { .attempt($0) })
    }

    func listEvidence(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let refund = try await refund(context).refund
        let evidence = try await context.ask { engine throws(EngineFailure) in
            try await engine.evidence(of: refund.id, in: context.book)
        }
        return .list(evidence.map { .evidence($0) })
    }

    private func refund(_ context: RequestContext) async throws(Refusal) -> RefundDetails {
        let named = context.named(.refund, context.parameter("id"))
        return try await context.ask { engine throws(EngineFailure) in try await engine.refund(named, dialect: name) }
    }
}
