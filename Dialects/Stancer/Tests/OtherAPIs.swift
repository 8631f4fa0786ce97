import DialectKit
import Domain
import Engine
import Storage
import TestSupport

@testable import StancerDialect

/// Payments as another API makes them, in the same account and mode.
extension Merchant {
    func origin(_ dialect: String) throws -> Origin {
        guard let known = server.engine.directory.key(for: key) else { throw Unanswered(status: 0, body: "no key") }
        return Origin(book: known.book, actor: Actor(.key, known.name), requestID: nil, dialect: dialect)
    }

    /// The id of a payment that is captured a second later.
    func payByBank(_ amount: Int64) async throws -> String {
        var command = CreatePayment(origin: try origin("collctiv"), amount: amount, currency: Currency(code: "GBP"))
        command.method = .bank
        return ObjectID.payment.text(try await server.engine.perform(command).payment.id.raw)
    }

    /// The id of a payment that another API shows as settled at once.
    func payElsewhere(_ amount: Int64, edit: (inout CreatePayment) -> Void = { _ in }) async throws -> String {
        var command = CreatePayment(origin: try origin("cari"), amount: amount, currency: Currency(code: "USD"))
        command.method = .card
        command.settlesAtOnce = true
        edit(&command)
        return ObjectID.payment.text(try await server.engine.perform(command).payment.id.raw)
    }
}
