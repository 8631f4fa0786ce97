import DialectKit
import Domain
import Engine
import Storage

/// Objects as this API shows them. Dates are whole Unix seconds, `null` until they are known.
struct Responses: Sendable {
    let isLive: Bool

    /// An answer's body. In every object the members stand by name: a client that meets `id` before any other
    /// member asks again for each of those that follow.
    static func bytes(_ value: JSONValue) -> [UInt8] { JSONWriter.bytes(value, .sorted) }

    func refund(_ details: RefundDetails) -> JSONValue { refund(details.refund, details.names) }

    /// A void never reaches a bank, so that it has no dates of one.
    func refund(_ refund: Refund, _ names: Names) -> JSONValue {
        let word = RefundWord(refund)
        let isSent = word != .toRefund && refund.kind != .void
        return .members(
            ("amount", .integer(refund.amount)),
            ("created", .integer(refund.createdAt.seconds)),
            ("currency", .string(refund.currency.lowercased)),
            ("date_bank", .optional(isSent ? refund.succeededAt?.seconds : nil)),
            ("date_refund", .optional(isSent ? refund.firstSentAt?.seconds : nil)),
            ("id", .string(names.text(refund.id.raw, ObjectID.refund))),
            ("live_mode", .bool(isLive)),
            ("payment", .string(names.text(refund.payment.raw, ObjectID.payment))),
            ("status", .string(word.rawValue))
        )
    }

    func dispute(_ details: DisputeDetails) -> JSONValue {
        let dispute = details.dispute
        return .members(
            ("amount", .integer(dispute.amount)),
            ("created", .integer(dispute.openedAt.seconds)),
            ("currency", .string(dispute.currency.lowercased)),
            ("id", .string(details.names.text(dispute.id.raw, ObjectID.dispute))),
            ("live_mode", .bool(isLive)),
            ("order_id", .optional(details.orderReference)),
            ("payment", .string(details.names.text(dispute.payment.raw, ObjectID.payment))),
            ("response", .optional(dispute.response))
        )
    }

    func customer(_ details: CustomerDetails) -> JSONValue {
        let customer = details.customer
        return .members(
            ("created", .integer(customer.createdAt.seconds)),
            ("email", .optional(details.person?.email)),
            ("external_id", .optional(customer.externalReference)),
            ("id", .string(details.names.text(customer.id.raw, ObjectID.customer))),
            ("live_mode", .bool(isLive)),
            ("mobile", .optional(details.person?.mobile)),
            ("name", .optional(details.person?.fullName))
        )
    }

    /// Never its number or code, which nobody has any more. `personnal` is how the vendor spells it.
    func card(_ details: CardDetails) -> JSONValue {
        let card = details.card
        let isKnown = card.brand != "unknown"
        return .members(
            ("brand", .optional(isKnown ? card.brand : nil)),
            ("country", .optional(card.country)),
            ("created", .integer(card.createdAt.seconds)),
            ("exp_month", .integer(card.expiryMonth)),
            ("exp_year", .integer(card.expiryYear)),
            ("external_id", .optional(card.externalReference)),
            ("funding", .optional(card.funding)),
            ("id", .string(details.names.text(card.id.raw, ObjectID.card))),
            ("last4", .string(card.lastFour)),
            ("live_mode", .bool(isLive)),
            ("name", .optional(details.holder?.fullName)),
            ("nature", .optional(isLive ? nil : "personnal")),
            ("network", .optional(card.network ?? (isKnown ? CardNetwork(brand: card.brand).rawValue : nil))),
            ("zip_code", .optional(details.holder?.postalCode))
        )
    }
}
