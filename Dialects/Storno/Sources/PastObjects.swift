import DialectKit
import Domain
import Engine
import Storage

// Objects as they were right after an event: what never changes, from the row; what changes, from the event. What events do
// not tell is left out.

extension JSONValue {
    static func event(_ event: Event, _ object: JSONValue) -> JSONValue {
        .members(
            ("id", .string(EventID.text(event))),
            ("object", "event"),
            ("type", .string(event.type)),
            ("created_at", .time(event.at)),
            ("sequence", .integer(event.sequence)),
            ("actor", actor(event.actor)),
            ("request_id", .optional(event.requestID)),
            ("data", .members(("object", object)))
        )
    }

    static func payment(_ details: PaymentDetails, at event: Event) -> JSONValue {
        var past = details
        past.payment.authorized = event.part.integer("authorized") ?? details.payment.authorized
        past.payment.captured = event.part.integer("captured") ?? 0
        past.payment.voided = event.part.integer("voided") ?? 0
        past.payment.reserved = event.part.integer("reserved") ?? 0
        past.payment.refunded = event.part.integer("refunded") ?? 0
        past.payment.disputed = event.part.integer("disputed") ?? 0
        past.payment.excess = event.part.integer("excess") ?? 0
        past.payment.state = event.part.text("state").flatMap(PaymentState.init(rawValue:)) ?? details.payment.state
        past.payment.updatedAt = event.at
        return payment(past).without(["amount_capturable", "version", "refund_count", "captured_at"])
    }

    static func refund(_ details: RefundDetails, at event: Event) -> JSONValue {
        var past = details
        past.refund.status = event.part.text("status").flatMap(RefundStatus.init(rawValue:)) ?? details.refund.status
        past.refund.pendingReason = event.part.text("pending_reason").flatMap(PendingReason.init(rawValue:))
        past.refund.failure = event.part.text("failure").flatMap(FailureCode.init(rawValue:)).map { RefundFailure($0) }
        past.refund.processorReference = event.part.text("processor_reference")
        past.refund.firstSentAt = event.part.integer("sent").map(Moment.init(milliseconds:))
        past.refund.succeededAt = event.part.integer("succeeded").map(Moment.init(milliseconds:))
        past.refund.updatedAt = event.at
        return refund(past).without(["version", "attempt_count", "expires_at", "next_check_at", "bank_reference"])
    }

    static func dispute(_ details: DisputeDetails, at event: Event) -> JSONValue {
        var past = details
        past.dispute.amount = event.part.integer("amount") ?? details.dispute.amount
        past.dispute.fundsWithdrawn = event.part.integer("funds_withdrawn") == 1
        past.dispute.stage = event.part.text("stage").flatMap(DisputeStage.init(rawValue:)) ?? details.dispute.stage
        past.dispute.state = event.part.text("state").flatMap(DisputeState.init(rawValue:)) ?? details.dispute.state
        return dispute(past).without(["version", "closed_at"])
    }

    static func pot(_ details: PotDetails, at event: Event) -> JSONValue {
        var past = details
        past.pot.balance = event.part.integer("balance") ?? details.pot.balance
        past.pot.volume = event.part.integer("volume") ?? details.pot.volume
        past.pot.isOpen = event.part.integer("open") == 1
        past.pot.updatedAt = event.at
        return pot(past).without(["version"])
    }

    /// Of somebody: who they are is read where they are, so that erasing it there erases it.
    static func reference(_ event: Event) -> JSONValue {
        .members(
            ("id", .string(event.object.text)),
            ("object", .string(event.object.kind.rawValue)),
            ("deleted", .bool(event.part.integer("deleted") != nil))
        )
    }

    /// Of an endpoint, never its address or its secrets.
    static func endpointReference(_ event: Event) -> JSONValue {
        .members(
            ("id", .string(event.object.text)),
            ("object", "webhook_endpoint"),
            ("status", .optional(event.part.text("status"))),
            ("disabled_reason", .optional(event.part.text("reason"))),
            ("deleted", .bool(event.part.integer("deleted") != nil))
        )
    }

    func without(_ names: Set<String>) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !names.contains($0.name) })
    }
}

extension EventPart {
    fileprivate func integer(_ name: String) -> Int64? {
        guard case .integer(let number)? = members.first(where: { $0.name == name })?.value else { return nil }
        return number
    }

    fileprivate func text(_ name: String) -> String? {
        guard case .text(let text)? = members.first(where: { $0.name == name })?.value else { return nil }
        return text
    }
}
