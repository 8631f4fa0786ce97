import DialectKit
import Domain
import Storage

extension JSONValue {
    static func charge(_ details: PaymentDetails) -> JSONValue {
        let payment = details.payment
        let labels = ChargeLabels(details.facet?.body)
        let provider = labels.provider ?? payment.method.map { Provider($0) }
        return .members(
            ("id", .string(details.names.text(payment.id.raw, CariID.charge))),
            ("amount", .integer(labels.amount ?? payment.authorized)),
            ("amount_captured", .integer(payment.state == .captured ? payment.captured : 0)),
            ("amount_refunded", .integer(payment.reserved + payment.refunded)),
            ("currency", .string(payment.currency.lowercased)),
            ("status", .string((labels.status ?? ChargeWord(payment.state)).rawValue)),
            ("created", .integer(payment.createdAt.seconds)),
            ("created_at", .timestamp(payment.createdAt)),
            ("updated_at", .timestamp(payment.updatedAt)),
            ("customer", .optional(payment.customer.map { details.names.text($0.raw, CariID.customer) })),
            ("description", .optional(details.notes["description"])),
            ("statement_descriptor", .optional(details.notes["statement_descriptor"])),
            ("receipt_email", .optional(details.notes["receipt_email"])),
            // The vendor's receipts are pages of the vendor's own site; there are none here.
            ("receipt_url", .null),
            ("payment_method", .optional(payment.card.map { details.names.text($0.raw, CariID.card) })),
            ("provider_type", .optional(provider?.rawValue)),
            ("livemode", .bool(Account.mode(of: payment.book) == .live))
        )
    }

    static func refund(_ details: RefundDetails) -> JSONValue {
        let refund = details.refund
        return .members(
            ("id", .string(details.names.text(refund.id.raw, CariID.refund))),
            ("amount", .integer(refund.amount)),
            ("amount_captured", .integer(details.paymentCaptured)),
            ("amount_refunded", .integer(refund.status == .succeeded ? refund.amount : 0)),
            ("currency", .string(refund.currency.lowercased)),
            ("status", .string(RefundWord(refund.status).rawValue)),
            ("created", .integer(refund.createdAt.seconds)),
            ("created_at", .timestamp(refund.createdAt)),
            ("updated_at", .timestamp(refund.updatedAt)),
            ("charge", .string(details.names.text(refund.payment.raw, CariID.charge)))
        )
    }

    static func message(_ text: String) -> JSONValue { .members(("message", .string(text))) }

    private static func timestamp(_ moment: Moment) -> JSONValue { .string(Timestamp.text(moment)) }
}
