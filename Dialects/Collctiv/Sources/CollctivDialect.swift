import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// Collctiv's API: refunds, and the pots, payments and customers that they are about.
package struct CollctivDialect: Dialect {
    package var routes: [Route] {
        [
            Route(.get, "/v1/refunds", scope: "refunds:read", handler: listRefunds),
            Route(.post, "/v1/refunds", scope: "refunds:write", handler: createRefund),
            Route(.get, "/v1/refunds/{id}", scope: "refunds:read", handler: readRefund),
            Route(.get, "/v1/payments", scope: "payments:read", handler: listPayments),
            Route(.post, "/v1/payments", scope: "payments:write", handler: createPayment),
            Route(.get, "/v1/payments/{id}", scope: "payments:read", handler: readPayment),
            Route(.get, "/v1/pots", scope: "pots:read", handler: listPots),
            Route(.post, "/v1/pots", scope: "pots:write", handler: createPot),
            Route(.get, "/v1/pots/{id}", scope: "pots:read", handler: readPot),
            Route(.get, "/v1/customers", scope: "customers:read", handler: listCustomers),
            Route(.post, "/v1/customers", scope: "customers:write", handler: createCustomer),
            Route(.get, "/v1/customers/{id}", scope: "customers:read", handler: readCustomer),
        ]
    }

    package let name = "collctiv"
    package let hosts = ["api.collctiv.com"]
    package var document: StaticString { Embedded.openapi }

    package init() {}

    package func claims(_ path: RequestPath) -> Bool {
        path.segments.first == "v1" && ["pots", "payments"].contains(path.segments.dropFirst().first)
    }

    // MARK: - Refunds

    private func listRefunds(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let wish = try PageWish(context.request.query)
        guard let listing = try await refunds(context) else { return .json(.nothing) }
        let page = try await context.page(of: listing, wish)
        let refunds = try await context.ask { engine throws(EngineFailure) in
            try await engine.refunds(page, in: context.book, dialect: name)
        }
        return .json(.page(refunds) { .refund($0, context.settings) })
    }

    private func createRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let settings = context.settings
        return try await context.answer(CreateRefund(context)) { JSONWriter.bytes(.refund($0, settings)) }
    }

    private func readRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let refund = try await refund(context.parameter("id"), context)
        return .json(.refund(refund, context.settings))
    }

    // MARK: - Payments

    private func listPayments(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let listing = Listing.payments(
            context.book,
            orderReference: nil,
            uniqueReference: nil,
            includingUnbegun: false,
            hiddenIn: name
        )
        let page = try await context.page(of: listing, PageWish(context.request.query))
        let payments = try await context.ask { engine throws(EngineFailure) in
            try await engine.payments(page, in: context.book, dialect: name)
        }
        return .json(.page(payments) { .payment($0) })
    }

    private func createPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreatePayment(context)) { JSONWriter.bytes(.payment($0)) }
    }

    private func readPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.named(.payment, context.parameter("id"))
        let payment = try await context.ask { engine throws(EngineFailure) in
            let found = try await engine.payment(name, dialect: self.name)
            guard found.payment.state.isBegun else { throw .notFound(.payment, text: name.spelling?.text ?? "") }
            return found
        }
        return .json(.payment(payment))
    }

    // MARK: - Pots

    private func listPots(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let page = try await context.page(of: .pots(context.book), PageWish(context.request.query))
        let pots = try await context.ask { engine throws(EngineFailure) in
            try await engine.pots(page, in: context.book, dialect: name)
        }
        return .json(.page(pots) { .pot($0) })
    }

    private func createPot(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreatePot(context)) { JSONWriter.bytes(.pot($0)) }
    }

    private func readPot(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.named(.pot, context.parameter("id"))
        let pot = try await context.ask { engine throws(EngineFailure) in
            try await engine.pot(name, dialect: self.name)
        }
        return .json(.pot(pot))
    }

    // MARK: - Customers

    private func listCustomers(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let page = try await context.page(of: .customers(context.book), PageWish(context.request.query))
        let customers = try await context.ask { engine throws(EngineFailure) in
            try await engine.customers(page, in: context.book)
        }
        return .json(.page(customers) { .customer($0) })
    }

    private func createCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreateCustomer(context)) { JSONWriter.bytes(.customer($0)) }
    }

    private func readCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.named(.customer, context.parameter("id"))
        let customer = try await context.ask { engine throws(EngineFailure) in try await engine.customer(name) }
        return .json(.customer(customer))
    }
}
