import Domain
import Storage

/// One refund on its way from a status to the next, with everything that moves along: the payment's amounts,
/// the pot's balance, the journal and the event.
struct RefundMove {
    private(set) var refund: Refund
    private(set) var payment: Payment
    private var pot: Pot?
    private let isNew: Bool

    /// A refund that is being made.
    init(creating refund: Refund, payment: Payment, pot: Pot?) {
        self.refund = refund
        self.payment = payment
        self.pot = pot
        isNew = true
    }

    /// A refund of the working set.
    init?(_ name: ObjectName, in set: WorkingSet) {
        guard let refund = set.refund(name), let payment = set.payments[refund.payment] else { return nil }
        self.refund = refund
        self.payment = payment
        pot = payment.pot.flatMap { set.pots[$0] }
        isNew = false
    }

    /// The changes that bring a new refund in, as it is.
    ///
    /// - Parameter type: of the event.
    mutating func create(
        by origin: Origin,
        as type: String = "refund.created",
        _ context: DecisionContext
    ) -> [Change] {
        precondition(isNew, "a refund is created once")
        payment.refundCount += 1
        shift(from: nil, to: refund.status.hold, context.rules.amounts)
        payment.updatedAt = context.moment
        payment.version += 1
        // A void ends its payment.
        let end = refund.kind == .void ? [cancelPayment(by: origin, context)] : []
        return end + [.insert(.refund(refund))] + consequences(of: nil, type, by: origin, context)
    }

    /// The changes of a step. `edit` may set what the step brings to the refund besides its status.
    mutating func step(
        to status: RefundStatus,
        by origin: Origin,
        _ context: DecisionContext,
        edit: (inout Refund) -> Void = { _ in }
    ) -> [Change] {
        precondition(!isNew, "a step is one of a refund that is there")
        let before = refund.status
        refund.status = status
        edit(&refund)
        refund.updatedAt = context.moment
        refund.version += 1
        guard context.rules.events.tells(before, status) else { return [.update(.refund(refund))] }
        refund.sequence += 1
        shift(from: before.hold, to: status.hold, context.rules.amounts)
        return [.update(.refund(refund))]
            + consequences(of: before.hold, "refund.\(status.rawValue)", by: origin, context)
    }

    private func consequences(
        of before: RefundStatus.Hold?,
        _ type: String,
        by origin: Origin,
        _ context: DecisionContext
    ) -> [Change] {
        let cause = ObjectReference(.refund, refund.id.raw)
        var changes: [Change] = []
        if before != refund.status.hold {
            changes.append(.update(.payment(payment)))
            if let pot { changes.append(.update(.pot(pot))) }
        }
        if refund.kind != .void, let posting = context.rules.postings.refund(before, refund.status.hold) {
            let entry = LedgerEntry(
                book: refund.book,
                posting: posting,
                amount: refund.amount,
                currency: refund.currency,
                cause: cause,
                sequence: refund.sequence,
                bookedAt: context.moment,
                valueDate: refund.status.hold == .spent ? refund.succeededAt : nil
            )
            changes.append(.insert(.entry(entry)))
        }
        let event = Event(
            book: refund.book,
            object: cause,
            sequence: refund.sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: refund.eventPart
        )
        return changes + [.insert(.event(event))]
    }

    /// Moves the amount between what a payment holds, what it has given back and what is free.
    private mutating func shift(
        from before: RefundStatus.Hold?,
        to after: RefundStatus.Hold,
        _ amounts: AmountRules
    ) {
        guard before != after else { return }
        amounts.hold(&payment, refund, before, after)
        if refund.kind != .void {
            payment.excess = amounts.excess(payment)
            pot?.balance += (before?.isTaken == true ? refund.amount : 0) - (after.isTaken ? refund.amount : 0)
        }
        payment.updatedAt = refund.updatedAt
        payment.version += isNew ? 0 : 1
        pot?.version += 1
    }
}

extension RefundMove {
    /// The event of it; the payment's row is among the changes of the refund.
    private mutating func cancelPayment(by origin: Origin, _ context: DecisionContext) -> Change {
        payment.state = .canceled
        payment.dueAt = nil
        payment.sequence += 1
        let event = Event(
            book: payment.book,
            object: ObjectReference(.payment, payment.id.raw),
            sequence: payment.sequence,
            type: "payment.canceled",
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: payment.eventPart
        )
        return .insert(.event(event))
    }
}
