import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// Cari Finance's API: charges, and the refunds of charges.
package struct CariDialect: Dialect {
    /// Every path exists bare, as the vendor prints it, and under `/v1`, as the vendor's headings have it.
    package var routes: [Route] {
        ["", "/v1"]
            .flatMap { base in
                [
                    Route(.get, "\(base)/charges", scope: "payments:read", handler: listCharges),
                    Route(.post, "\(base)/charges", scope: "payments:write", handler: createCharge),
                    Route(.get, "\(base)/charges/{id}", scope: "payments:read", handler: readCharge),
                    Route(.put, "\(base)/charges/{id}", scope: "payments:write", handler: updateCharge),
                    Route(.delete, "\(base)/charges/{id}", scope: "payments:write", handler: deleteCharge),
                    Route(.get, "\(base)/refunds", scope: "refunds:read", handler: listRefunds),
                    Route(.post, "\(base)/refunds", scope: "refunds:write", handler: createRefund),
                    Route(.get, "\(base)/refunds/{id}", scope: "refunds:read", handler: readRefund),
                    Route(.put, "\(base)/refunds/{id}", scope: "refunds:write", handler: updateRefund),
                    Route(.delete, "\(base)/refunds/{id}", scope: "refunds:write", handler: deleteRefund),
                ]
            }
    }

    package let name = "cari"
    package let hosts = ["api.cari.finance"]
    package var document: StaticString { Embedded.openapi }
    /// How many objects of a whole list are in memory at a time.
    private let chunk: Int

    package init(chunk: Int = 100) {
        precondition(chunk > 0, "a chunk holds something")
        self.chunk = chunk
    }

    package func claims(_ path: RequestPath) -> Bool {
        switch path.segments.first {
        case "charges", "refunds": true
        case "v1": path.segments.dropFirst().first == "charges"
        default: false
        }
    }

    // MARK: - Charges

    private func listCharges(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await answer(.charges, PageWish(context.request.query), context)
    }

    private func createCharge(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreatePayment(context)) { JSONWriter.bytes(.charge($0)) }
    }

    private func readCharge(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = try context.namedCharge
        let charge = try await context.ask { engine throws(EngineFailure) in
            try await engine.payment(name, dialect: self.name)
        }
        return .json(.charge(charge))
    }

    private func updateCharge(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        .json(.charge(try await context.perform(LabelPayment(context))))
    }

    private func deleteCharge(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.perform(HidePayment(origin: context.origin, payment: context.namedCharge))
        context.engine.forgetPages(of: context.book)
        return .json(.message("Charge deleted successfully"))
    }

    // MARK: - Refunds

    private func listRefunds(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let page = try PageWish(context.request.query)
        guard let charge = try context.chargeFilter else {
            return try await answer(.refunds(of: nil), page, context)
        }
        return try await answer(.refunds(of: identify(charge, context)), page, context)
    }

    private func createRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreateRefund(context)) { JSONWriter.bytes(.refund($0)) }
    }

    private func readRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        .json(.refund(try await refund(context.namedRefund, context)))
    }

    private func updateRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let status = try context.wantedRefundStatus()
        return .json(.refund(try await set(status, of: context.namedRefund, context)))
    }

    private func deleteRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        _ = try await context.perform(
            CancelRefund(origin: context.origin, refund: context.namedRefund, hides: true)
        )
        context.engine.forgetPages(of: context.book)
        return .json(.message("Refund deleted successfully"))
    }
}

// MARK: - The steps of a handler

extension CariDialect {
    /// Without paging a bare array of everything, with it one page in an envelope.
    private func answer(
        _ kind: WireList.Kind,
        _ page: PageWish?,
        _ context: RequestContext
    ) async throws(Refusal) -> WireResponse {
        let list = WireList(kind, in: context.book, engine: context.engine, dialect: name)
        do {
            guard let page else { return try await list.stream(chunk: chunk) }
            return .json(try await list.envelope(page))
        } catch {
            throw .engine(error)
        }
    }

    /// A charge whose refunds are asked for. It may be a deleted one: its refunds can still be read.
    private func identify(_ charge: ObjectName, _ context: RequestContext) async throws(Refusal) -> Payment.ID {
        let id = try await context.ask { engine throws(EngineFailure) in try await engine.identify(charge) }
        guard let id else { throw .engine(.notFound(.payment, text: charge.spelling?.text ?? "")) }
        return Payment.ID(id)
    }

    func refund(_ name: ObjectName, _ context: RequestContext) async throws(Refusal) -> RefundDetails {
        try await context.ask { engine throws(EngineFailure) in try await engine.refund(name, dialect: self.name) }
    }
}
