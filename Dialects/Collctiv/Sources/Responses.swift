import DialectKit
import Domain
import Storage

extension JSONValue {
    static func refund(_ details: RefundDetails, _ settings: AccountSettings) -> JSONValue {
        let refund = details.refund
        let status = RefundWord(refund, namesFailure: settings.isOn("collctiv.failed"))
        let reason = JSONValue.members(
            ("code", .optional(refund.reasonCode)),
            ("comment", .string(details.comment ?? ""))
        )
        return .members(
            ("id", .string(details.names.text(refund.id.raw))),
            ("amount", .integer(refund.amount)),
            ("created_at", .integer(refund.createdAt.seconds)),
            ("pot", .optional(refund.pot.map { details.names.text($0.raw) })),
            ("payment", .string(details.names.text(refund.payment.raw))),
            ("customer", .optional(refund.customer.map { details.names.text($0.raw) })),
            ("reason", reason),
            ("status", .string(status.rawValue)),
            ("metadata", .texts(refund.metadata)),
            ("failure_details", FailureDetails(refund).map { .failure($0) })
        )
    }

    private static func failure(_ failure: FailureDetails) -> JSONValue {
        .members(("code", .string(failure.code.rawValue)), ("message", .string(failure.message)))
    }

    static func payment(_ details: PaymentDetails) -> JSONValue {
        let payment = details.payment
        let amount = payment.captured > 0 ? payment.captured : payment.authorized
        let payer = details.payer ?? details.customer?.person
        return .members(
            ("id", .string(details.names.text(payment.id.raw))),
            ("amount", .integer(amount)),
            ("created_at", .integer(payment.createdAt.seconds)),
            ("pot", .optional(payment.pot.map { details.names.text($0.raw) })),
            ("billing_details", .members(("name", .optional(payer?.fullName)), ("email", .optional(payer?.email)))),
            ("customer", .optional(payment.customer.map { details.names.text($0.raw) })),
            ("status", .string(PaymentWord(payment).rawValue)),
            ("currency", .string(payment.currency.lowercased)),
            ("note", .string(details.notes["note"] ?? "")),
            ("metadata", .texts(payment.metadata)),
            ("amount_details", .amounts(of: amount)),
            ("descriptor", .optional(details.notes["statement_descriptor"])),
            ("payment_method_details", .method(details.card?.card))
        )
    }

    /// There are neither tips nor fees here: all of it is the contribution, and all of it reaches the pot.
    private static func amounts(of amount: Int64) -> JSONValue {
        .members(
            ("contribution", .integer(amount)),
            ("fee", .integer(0)),
            ("net", .integer(amount)),
            ("tip", .integer(0))
        )
    }

    private static func method(_ card: Card?) -> JSONValue {
        .members(
            ("country", .optional(card?.country)),
            ("exp_month", .optional(card?.expiryMonth)),
            ("exp_year", .optional(card?.expiryYear)),
            ("last4", .optional(card?.lastFour)),
            ("provider", .optional(card?.brand))
        )
    }

    static func pot(_ details: PotDetails) -> JSONValue {
        let pot = details.pot
        let terms = PotTerms(details.facet?.body)
        return .members(
            ("id", .string(details.names.text(pot.id.raw))),
            ("name", .string(pot.name)),
            ("created_at", .integer(pot.createdAt.seconds)),
            ("balance", .integer(pot.balance)),
            ("currency", .string(pot.currency.code)),
            ("volume", .integer(pot.volume)),
            ("status", .string(pot.isOpen ? "open" : "closed")),
            ("customer", .optional(pot.owner.map { details.names.text($0.raw) })),
            ("settings", terms.settings),
            ("requested_amount", terms.requested),
            ("metadata", .texts(pot.metadata))
        )
    }

    static func customer(_ details: CustomerDetails) -> JSONValue {
        .members(
            ("id", .string(details.names.text(details.customer.id.raw))),
            ("first_name", .optional(details.person?.givenName)),
            ("last_name", .optional(details.person?.familyName)),
            ("email", .optional(details.person?.email)),
            ("created_at", .integer(details.customer.createdAt.seconds)),
            ("metadata", .texts(details.customer.metadata))
        )
    }
}
