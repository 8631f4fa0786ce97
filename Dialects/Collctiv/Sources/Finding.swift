import DialectKit
import Domain
import Engine
import Storage

// Which refunds a request is about: the steps behind the routes of refunds.

extension CollctivDialect {
    /// - Returns: `nil` when a filter names nobody and nothing, so that no refund is asked for.
    func refunds(_ context: RequestContext) async throws(Refusal) -> Listing? {
        let customerName = try context.filter("customer", .customer)
        let potName = try context.filter("pot", .pot)
        let customer = try await context.identify(customerName)
        let pot = try await context.identify(potName)
        guard (customerName == nil) == (customer == nil), (potName == nil) == (pot == nil) else { return nil }
        return .refunds(
            context.book,
            payment: nil,
            customer: customer.map { Customer.ID($0) },
            pot: pot.map { Pot.ID($0) },
            hiddenIn: name
        )
    }

    /// The refund of that id; where there is none, the newest refund of the payment of that id, as the vendor's
    /// document reads one.
    func refund(_ text: String, _ context: RequestContext) async throws(Refusal) -> RefundDetails {
        let name = context.named(.refund, text)
        let payment = context.named(.payment, text)
        return try await context.ask { engine throws(EngineFailure) in
            do throws(EngineFailure) {
                return try await engine.refund(name, dialect: self.name)
            } catch .notFound {
                guard let newest = try await newestRefund(of: payment, engine) else {
                    throw .notFound(.refund, text: name.spelling?.text ?? "")
                }
                return newest
            }
        }
    }

    private func newestRefund(
        of name: ObjectName,
        _ engine: Engine
    ) async throws(EngineFailure) -> RefundDetails? {
        guard let payment = try await engine.identify(name) else { return nil }
        let listing = Listing.refunds(
            name.book,
            payment: Payment.ID(payment),
            customer: nil,
            pot: nil,
            hiddenIn: self.name
        )
        let page = try await engine.page(of: listing, .newestFirst, start: 0, limit: 1)
        return try await engine.refunds(page, in: name.book, dialect: self.name).items.first
    }
}

extension RequestContext {
    fileprivate func identify(_ name: ObjectName?) async throws(Refusal) -> UInt128? {
        guard let name else { return nil }
        return try await ask { engine throws(EngineFailure) in try await engine.identify(name) }
    }
}
