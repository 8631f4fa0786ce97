import DialectKit
import Domain
import Engine
import Storage

// Objects as this API shows them. Amounts are in minor units of `currency`.

extension Names {
    /// An id as it came from elsewhere, otherwise in this API's alphabet.
    func text(_ kind: ObjectKind, _ id: UInt128) -> String {
        text(for: id, in: "storno") ?? ObjectID.of(kind).text(id)
    }

    func text<Kind>(_ kind: ObjectKind, _ id: Identifier<Kind>?) -> JSONValue {
        .optional(id.map { text(kind, $0.raw) })
    }
}

extension JSONValue {
    static func payment(_ details: PaymentDetails) -> JSONValue {
        let (payment, names) = (details.payment, details.names)
        return .members(
            ("id", .string(names.text(.payment, payment.id.raw))),
            ("object", "payment"),
            ("amount", .integer(payment.authorized)),
            ("amount_captured", .integer(payment.captured)),
            ("amount_capturable", .integer(payment.capturable)),
            ("amount_voided", .integer(payment.voided)),
            ("amount_refundable", .integer(payment.refundable)),
            ("amount_pending", .integer(payment.reserved)),
            ("amount_refunded", .integer(payment.refunded)),
            ("amount_disputed", .integer(payment.disputed)),
            ("amount_excess", .integer(payment.excess)),
            ("currency", .string(payment.currency.code)),
            ("status", .string(payment.state.rawValue)),
            ("method", .optional(payment.method?.rawValue)),
            ("card", names.text(.card, payment.card)),
            ("customer", names.text(.customer, payment.customer)),
            ("pot", names.text(.pot, payment.pot)),
            ("reference", .optional(payment.uniqueReference)),
            ("order_reference", .optional(payment.orderReference)),
            ("description", .optional(details.notes["description"])),
            ("processor", .string(payment.connector)),
            ("processor_account", .string(payment.connectorAccount)),
            ("processor_reference", .optional(payment.processorReference)),
            ("refund_count", .integer(payment.refundCount)),
            ("origin", .string(payment.origin)),
            ("created_at", .time(payment.createdAt)),
            ("updated_at", .time(payment.updatedAt)),
            ("captured_at", .time(payment.capturedAt)),
            ("metadata", .texts(payment.metadata)),
            ("version", .integer(payment.version))
        )
    }

    static func capture(_ capture: Capture) -> JSONValue {
        .members(
            ("object", "capture"),
            ("amount", .integer(capture.amount)),
            ("fee", .integer(capture.fee)),
            ("processor_reference", .optional(capture.reference)),
            ("captured_at", .time(capture.capturedAt))
        )
    }

    static func refund(_ details: RefundDetails) -> JSONValue {
        let (refund, names) = (details.refund, details.names)
        return .members(
            ("id", .string(names.text(.refund, refund.id.raw))),
            ("object", "refund"),
            ("payment", .string(names.text(.payment, refund.payment.raw))),
            ("kind", .string(refund.kind.rawValue)),
            ("amount", .integer(refund.amount)),
            ("currency", .string(refund.currency.code)),
            ("status", .string(refund.status.rawValue)),
            ("pending_reason", .optional(refund.pendingReason?.rawValue)),
            ("failure", refund.failure.map { failure($0) } ?? .null),
            ("reason", .optional(refund.reasonCode)),
            ("comment", .optional(details.comment)),
            ("retry_of", names.text(.refund, refund.retryOf)),
            ("customer", names.text(.customer, refund.customer)),
            ("pot", names.text(.pot, refund.pot)),
            ("actor", actor(refund.actor)),
            ("request_id", .optional(refund.requestID)),
            ("origin", .string(refund.origin)),
            ("processor", .string(refund.connector)),
            ("processor_reference", .optional(refund.processorReference)),
            ("bank_reference", .optional(refund.bankReference)),
            ("attempt_count", .integer(refund.attempts)),
            ("created_at", .time(refund.createdAt)),
            ("updated_at", .time(refund.updatedAt)),
            ("sent_at", .time(refund.firstSentAt)),
            ("succeeded_at", .time(refund.succeededAt)),
            ("expires_at", .time(refund.expiresAt)),
            ("next_check_at", .time(refund.dueAt)),
            ("metadata", .texts(refund.metadata)),
            ("version", .integer(refund.version))
        )
    }

    static func actor(_ actor: Actor) -> JSONValue {
        .members(("type", .string(actor.kind.rawValue)), ("id", .string(actor.id)))
    }

    static func failure(_ failure: RefundFailure) -> JSONValue {
        .members(("code", .string(failure.code.rawValue)), ("detail", .optional(failure.detail)))
    }

    static func attempt(_ attempt: Attempt) -> JSONValue {
        .members(
            ("object", "attempt"),
            ("number", .integer(attempt.number)),
            ("leg", .string(attempt.leg.rawValue)),
            ("processor", .string(attempt.connector)),
            ("processor_key", .string(attempt.processorKey)),
            ("started_at", .time(attempt.startedAt)),
            ("ended_at", .time(attempt.endedAt)),
            ("outcome", .optional(attempt.outcome?.rawValue))
        )
    }

    static func evidence(_ fact: Evidence) -> JSONValue {
        .members(
            ("object", "evidence"),
            ("source", .string(fact.source.rawValue)),
            ("claim", .string(fact.claim.rawValue)),
            ("attempt", .optional(fact.attempt)),
            ("amount", .optional(fact.amount)),
            ("currency", .optional(fact.currency?.code)),
            ("processor_reference", .optional(fact.processorReference)),
            ("failure", fact.failure.map { failure($0) } ?? .null),
            ("processor_time", .time(fact.processorTime)),
            ("arrived_at", .time(fact.arrivedAt))
        )
    }

    static func dispute(_ details: DisputeDetails) -> JSONValue {
        let (dispute, names) = (details.dispute, details.names)
        return .members(
            ("id", .string(names.text(.dispute, dispute.id.raw))),
            ("object", "dispute"),
            ("payment", .string(names.text(.payment, dispute.payment.raw))),
            ("amount", .integer(dispute.amount)),
            ("currency", .string(dispute.currency.code)),
            ("stage", .string(dispute.stage.rawValue)),
            ("status", .string(dispute.state.rawValue)),
            ("funds_withdrawn", .bool(dispute.fundsWithdrawn)),
            ("reference", .optional(dispute.reference)),
            ("network_reason", .optional(dispute.response)),
            ("order_reference", .optional(details.orderReference)),
            ("opened_at", .time(dispute.openedAt)),
            ("closed_at", .time(dispute.closedAt)),
            ("version", .integer(dispute.version))
        )
    }

    static func card(_ details: CardDetails) -> JSONValue {
        let card = details.card
        return .members(
            ("id", .string(details.names.text(.card, card.id.raw))),
            ("object", "card"),
            ("brand", .string(card.brand)),
            ("last_four", .string(card.lastFour)),
            ("expiry_month", .integer(card.expiryMonth)),
            ("expiry_year", .integer(card.expiryYear)),
            ("country", .optional(card.country)),
            ("funding", .optional(card.funding)),
            ("holder", .optional(details.holder?.fullName)),
            ("created_at", .time(card.createdAt)),
            ("version", .integer(card.version))
        )
    }

    static func customer(_ details: CustomerDetails) -> JSONValue {
        .members(
            ("id", .string(details.names.text(.customer, details.customer.id.raw))),
            ("object", "customer"),
            ("name", .optional(details.person?.fullName)),
            ("email", .optional(details.person?.email)),
            ("external_reference", .optional(details.customer.externalReference)),
            ("created_at", .time(details.customer.createdAt)),
            ("updated_at", .time(details.customer.updatedAt)),
            ("metadata", .texts(details.customer.metadata)),
            ("version", .integer(details.customer.version))
        )
    }

    static func pot(_ details: PotDetails) -> JSONValue {
        let (pot, names) = (details.pot, details.names)
        return .members(
            ("id", .string(names.text(.pot, pot.id.raw))),
            ("object", "pot"),
            ("name", .string(pot.name)),
            ("currency", .string(pot.currency.code)),
            ("balance", .integer(pot.balance)),
            ("volume", .integer(pot.volume)),
            ("status", .string(pot.isOpen ? "open" : "closed")),
            ("owner", names.text(.customer, pot.owner)),
            ("created_at", .time(pot.createdAt)),
            ("updated_at", .time(pot.updatedAt)),
            ("metadata", .texts(pot.metadata)),
            ("version", .integer(pot.version))
        )
    }

    static func balance(_ balance: TrialBalance) -> JSONValue {
        let accounts = balance.totals.map { JSONMember($0.account.word, .integer($0.balance)) }
        return .members(
            ("object", "balance"),
            ("currency", .string(balance.currency.code)),
            ("accounts", .object(accounts))
        )
    }

    static func entry(_ entry: LedgerEntry) -> JSONValue {
        .members(
            ("object", "ledger_entry"),
            ("debit", .string(entry.debit.word)),
            ("credit", .string(entry.credit.word)),
            ("amount", .integer(entry.amount)),
            ("currency", .string(entry.currency.code)),
            ("cause", .string(entry.cause.text)),
            ("cause_type", .string(entry.cause.kind.rawValue)),
            ("sequence", .integer(entry.sequence)),
            ("booked_at", .time(entry.bookedAt)),
            ("value_date", .time(entry.valueDate))
        )
    }
}

extension LedgerAccount {
    /// As this API calls it.
    var word: String {
        switch self {
        case .processorFunds: "processor_funds"
        case .merchantBalance: "merchant_balance"
        case .refundsReserved: "refunds_reserved"
        case .disputesHeld: "disputes_held"
        case .processorFees: "processor_fees"
        }
    }
}
