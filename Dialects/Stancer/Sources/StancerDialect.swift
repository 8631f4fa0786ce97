import DialectKit
import Domain
import Engine
import HTTPTypes
import Storage

/// Stancer's API v1: Basic authentication, Unix seconds, every object's members sorted by name.
package struct StancerDialect: Dialect {
    package let routes: [Route] = [
        Route(.post, "/v1/refunds", scope: "refunds:write", handler: Self.createRefund),
        Route(.get, "/v1/refunds", scope: "refunds:read", handler: Self.listRefunds),
        Route(.get, "/v1/refunds/{id}", scope: "refunds:read", handler: Self.readRefund),

        Route(.post, "/v1/checkout", scope: "payments:write", handler: Self.createPayment),
        Route(.get, "/v1/checkout", scope: "payments:read", handler: Self.listPayments),
        Route(.get, "/v1/checkout/{id}", scope: "payments:read", handler: Self.readPayment),
        Route(.patch, "/v1/checkout/{id}", scope: "payments:write", handler: Self.updatePayment),

        Route(.post, "/v1/customers", scope: "customers:write", handler: Self.createCustomer),
        Route(.get, "/v1/customers", scope: "customers:read", handler: Self.listCustomers),
        Route(.get, "/v1/customers/{id}", scope: "customers:read", handler: Self.readCustomer),
        Route(.patch, "/v1/customers/{id}", scope: "customers:write", handler: Self.updateCustomer),
        Route(.delete, "/v1/customers/{id}", scope: "customers:write", handler: Self.deleteCustomer),

        Route(.post, "/v1/cards", scope: "cards:write", handler: Self.createCard),
        Route(.get, "/v1/cards", scope: "cards:read", handler: Self.listCards),
        Route(.get, "/v1/cards/{id}", scope: "cards:read", handler: Self.readCard),
        Route(.patch, "/v1/cards/{id}", scope: "cards:write", handler: Self.updateCard),
        Route(.delete, "/v1/cards/{id}", scope: "cards:write", handler: Self.deleteCard),

        Route(.get, "/v1/disputes", scope: "disputes:read", handler: Self.listDisputes),
        Route(.get, "/v1/disputes/{id}", scope: "disputes:read", handler: Self.readDispute),

        Route(.get, "/v1/payouts", scope: "payouts:read", handler: Self.refusePayouts),
        Route(.get, "/v1/payouts/{id}", scope: "payouts:read", handler: Self.refusePayouts),
        Route(.get, "/v1/payouts/{id}/{part}", scope: "payouts:read", handler: Self.refusePayouts),
    ]

    package let name = "stancer"
    package let hosts = ["api.stancer.com"]
    package var document: StaticString { Embedded.openapi }

    package init() {}
}

// MARK: - Refunds

extension StancerDialect {
    static func createRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let command = try Requests.newRefund(context)
        let responses = context.responses
        return try await context.answer(command) { Responses.bytes(responses.refund($0)) }
    }

    static func listRefunds(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let (book, dialect) = (context.book, context.key.dialect)
        let listing = Listing.refunds(book, payment: nil, customer: nil, pot: nil, hiddenIn: dialect)
        return try await context.list("refunds", listing, context.responses.refund) {
            engine,
            page throws(EngineFailure) in
            try await engine.refunds(page, in: book, dialect: dialect)
        }
    }

    static func readRefund(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.object(.refund)
        let refund = try await context.ask { engine throws(EngineFailure) in
            try await engine.refund(name, dialect: context.key.dialect)
        }
        return .json(context.responses.refund(refund), .sorted)
    }
}

// MARK: - Payments

extension StancerDialect {
    static func createPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let command = try Requests.newPayment(context)
        let responses = context.responses
        return try await context.namingDuplicates { () async throws(Refusal) in
            try await context.answer(command) { Responses.bytes(responses.payment($0)) }
        }
    }

    static func listPayments(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let (book, dialect) = (context.book, context.key.dialect)
        let listing = Listing.payments(
            book,
            orderReference: try context.filter("order_id"),
            uniqueReference: try context.filter("unique_id"),
            hiddenIn: dialect
        )
        return try await context.list("payments", listing, context.responses.listedPayment) {
            engine,
            page throws(EngineFailure) in
            try await engine.payments(page, in: book, dialect: dialect)
        }
    }

    static func readPayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let payment = try await context.payment(context.object(.payment))
        return .json(context.responses.payment(payment), .sorted)
    }

    static func updatePayment(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let change = try Requests.paymentChange(context)
        try await change.checkTerms(context)
        return try await context.namingDuplicates { () async throws(Refusal) in
            let changed = try await context.perform(change.command)
            // A payment that a processor is asked for now comes to light in the middle of other lists.
            if change.command.step != nil { context.engine.forgetPages(of: context.book) }
            return .json(context.responses.payment(changed), .sorted)
        }
    }
}

// MARK: - Customers

extension StancerDialect {
    static func createCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let draft = try Requests.customerDraft(try context.fields(), context)
        let command = CreateCustomer(origin: context.origin, draft: draft, refusesEqual: true)
        let responses = context.responses
        return try await context.namingDuplicates { () async throws(Refusal) in
            try await context.answer(command) { Responses.bytes(responses.customer($0)) }
        }
    }

    static func listCustomers(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let book = context.book
        return try await context.list("customers", .customers(book), context.responses.customer) {
            engine,
            page throws(EngineFailure) in
            try await engine.customers(page, in: book)
        }
    }

    static func readCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        .json(context.responses.customer(try await context.customer(context.object(.customer))), .sorted)
    }

    static func updateCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let fields = try context.fields()
        let person = try Requests.person(fields)
        let externalReference = try Requests.externalReference(fields)
        let name = context.object(.customer)
        let command = UpdateCustomer(
            origin: context.origin,
            customer: name,
            known: try await context.customer(name),
            person: person,
            externalReference: externalReference,
            secrets: context.engine.secrets
        )
        return .json(context.responses.customer(try await context.perform(command)), .sorted)
    }

    static func deleteCustomer(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.delete(DeleteCustomer(origin: context.origin, customer: context.object(.customer)))
    }
}

// MARK: - Cards

extension StancerDialect {
    static func createCard(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let draft = try Requests.cardDraft(try context.fields(), context)
        let responses = context.responses
        return try await context.namingDuplicates { () async throws(Refusal) in
            try await context.answer(CreateCard(origin: context.origin, draft: draft)) {
                Responses.bytes(responses.card($0))
            }
        }
    }

    static func listCards(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let book = context.book
        return try await context.list("cards", .cards(book), context.responses.card) {
            engine,
            page throws(EngineFailure) in
            try await engine.cards(page, in: book)
        }
    }

    static func readCard(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.object(.card)
        let card = try await context.ask { engine throws(EngineFailure) in try await engine.card(name) }
        return .json(context.responses.card(card), .sorted)
    }

    static func updateCard(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let command = try Requests.cardChange(context)
        return .json(context.responses.card(try await context.perform(command)), .sorted)
    }

    static func deleteCard(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        try await context.delete(DeleteCard(origin: context.origin, card: context.object(.card)))
    }
}

// MARK: - Disputes and payouts

extension StancerDialect {
    static func listDisputes(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let book = context.book
        return try await context.list("disputes", .disputes(book, payment: nil), context.responses.dispute) {
            engine,
            page throws(EngineFailure) in
            try await engine.disputes(page, in: book)
        }
    }

    static func readDispute(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        let name = context.object(.dispute)
        let dispute = try await context.ask { engine throws(EngineFailure) in try await engine.dispute(name) }
        return .json(context.responses.dispute(dispute), .sorted)
    }

    static func refusePayouts(_ context: RequestContext) async throws(Refusal) -> WireResponse {
        throw .notOffered("Payouts are not available with a \(context.mode.rawValue) key on this server")
    }
}
