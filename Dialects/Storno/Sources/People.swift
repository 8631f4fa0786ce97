import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

// What is answered about customers and pots.

extension StornoDialect {
    func listCustomers(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly(PageWish.names)
        let wish = try PageWish(context.request.query)
        return try await context.list(.customer, .customers(context.book), wish) { engine, page throws(EngineFailure) in
            try await engine.customers(page, in: context.book).items.map { .customer($0) }
        }
    }

    func createCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreateCustomer(context)) { JSONWriter.bytes(.customer($0)) }
    }

    func readCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.customer)
    }

    func updateCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.members(UpdateCustomer.members)
        let named = context.named(.customer, context.parameter("id"))
        let known = try await context.ask { engine throws(EngineFailure) in try await engine.customer(named) }
        return try await context.answer(UpdateCustomer(context, fields, named, known)) {
            JSONWriter.bytes(.customer($0))
        }
    }

    func deleteCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly([])
        let named = context.named(.customer, context.parameter("id"))
        try await context.perform(DeleteCustomer(origin: context.origin, customer: named))
        context.engine.forgetPages(of: context.book)
        return WireResponse(status: .noContent, body: .empty)
    }

    // MARK: - Pots

    func listPots(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try context.request.query.takeOnly(PageWish.names)
        let wish = try PageWish(context.request.query)
        return try await context.list(.pot, .pots(context.book), wish) { engine, page throws(EngineFailure) in
            try await engine.pots(page, in: context.book, dialect: name).items.map { .pot($0) }
        }
    }

    func createPot(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.answer(CreatePot(context)) { JSONWriter.bytes(.pot($0)) }
    }

    func readPot(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.read(.pot)
    }
}
