import DialectKit
import Domain
import Storage

extension Responses {
    func payment(_ details: PaymentDetails) -> JSONValue {
        .object(members(of: details) + wholeMembers(of: details))
    }

    /// In a list without `auth` and `device`, as the vendor shows it: objects there make a client fail.
    func listedPayment(_ details: PaymentDetails) -> JSONValue { .object(members(of: details)) }

    private func members(of details: PaymentDetails) -> [JSONMember] {
        let payment = details.payment
        let facet = PaymentFacet(details.facet?.body)
        return [
            JSONMember("amount", .integer(payment.authorized)),
            JSONMember("capture", .bool(facet.capture)),
            JSONMember("card", details.card.map(card) ?? .null),
            JSONMember("country", .optional(details.card?.card.country)),
            JSONMember("created", .integer(payment.createdAt.seconds)),
            JSONMember("currency", .string(payment.currency.lowercased)),
            JSONMember("customer", details.customer.map(customer) ?? .null),
            JSONMember("date_bank", .optional(payment.capturedAt?.seconds)),
            JSONMember("date_paym", .integer(payment.createdAt.seconds)),
            JSONMember("description", .optional(details.notes["description"])),
            JSONMember("fee", payment.state == .created ? .null : .integer(0)),
            JSONMember("id", .string(details.names.text(payment.id.raw, ObjectID.payment))),
            JSONMember("live_mode", .bool(isLive)),
            JSONMember("method", .optional(payment.methodWord)),
            JSONMember("methods_allowed", facet.methodsAllowed.map { .array($0.map(JSONValue.string)) } ?? .null),
            JSONMember("order_id", .optional(payment.orderReference)),
            JSONMember("refunds", .array(refunds(of: details))),
            JSONMember("response", .optional(payment.response)),
            JSONMember("response_author", .null),
            JSONMember("return_url", .optional(facet.returnURL)),
            JSONMember("sepa", .null),
            JSONMember("status", .optional(payment.statusWord)),
            JSONMember("unique_id", .optional(payment.uniqueReference)),
        ]
    }

    private func wholeMembers(of details: PaymentDetails) -> [JSONMember] {
        [
            JSONMember("auth", authentication(of: details) ?? .null),
            JSONMember("device", Device(details.notes["device"])?.json ?? .null),
        ]
    }

    /// Without those that were not honoured: clients subtract every refund here from what is left.
    private func refunds(of details: PaymentDetails) -> [JSONValue] {
        details.refunds.filter { RefundWord($0) != .notHonored }.map { refund($0, details.names) }
    }

    /// Nobody answers at the address: there is no bank behind the simulation.
    private func authentication(of details: PaymentDetails) -> JSONValue? {
        guard let authentication = PaymentFacet(details.facet?.body).authentication else { return nil }
        let id = details.names.text(details.payment.id.raw, ObjectID.payment)
        let redirect = authentication.returnURL.map { _ in JSONValue.string("https://3ds.storno.invalid/\(id)") }
        return .members(
            ("redirect_url", redirect ?? .null),
            ("return_url", .optional(authentication.returnURL)),
            ("status", .string(authentication.status.rawValue))
        )
    }
}
