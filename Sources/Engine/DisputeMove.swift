import Domain
import Storage

/// One dispute as it opens or closes, with everything that moves along: the payment's amounts, the journal and
/// the event.
struct DisputeMove {
    private(set) var dispute: Dispute
    private(set) var payment: Payment

    init(_ dispute: Dispute, of payment: Payment) {
        self.dispute = dispute
        self.payment = payment
    }

    /// The changes that bring a new dispute in, but for the payment's own row.
    mutating func open(by origin: Origin, _ context: DecisionContext) -> [Change] {
        [.insert(.dispute(dispute))] + consequences(of: nil, "dispute.opened", by: origin, context)
    }

    /// The changes that end it, but for the payment's own row.
    mutating func close(as state: DisputeState, by origin: Origin, _ context: DecisionContext) -> [Change] {
        let before = dispute.state
        precondition(before == .open && state != .open, "a dispute closes once, as won or lost")
        dispute.state = state
        dispute.closedAt = context.moment
        dispute.version += 1
        dispute.sequence += 1
        return [.update(.dispute(dispute))]
            + consequences(of: before, "dispute.\(state.rawValue)", by: origin, context)
    }

    /// The change of the payment's own row, where nothing else writes it.
    var paymentChange: Change {
        var payment = payment
        payment.version += 1
        return .update(.payment(payment))
    }

    private mutating func consequences(
        of before: DisputeState?,
        _ type: String,
        by origin: Origin,
        _ context: DecisionContext
    ) -> [Change] {
        context.rules.amounts.dispute(&payment, dispute, before)
        payment.excess = context.rules.amounts.excess(payment)
        payment.updatedAt = context.moment
        let cause = ObjectReference(.dispute, dispute.id.raw)
        var changes: [Change] = []
        if let posting = context.rules.postings.dispute(before, dispute.state) {
            let entry = LedgerEntry(
                book: dispute.book,
                posting: posting,
                amount: dispute.amount,
                currency: dispute.currency,
                cause: cause,
                sequence: dispute.sequence,
                bookedAt: context.moment
            )
            changes.append(.insert(.entry(entry)))
        }
        let event = Event(
            book: dispute.book,
            object: cause,
            sequence: dispute.sequence,
            type: type,
            at: context.moment,
            actor: origin.actor,
            requestID: origin.requestID,
            part: dispute.eventPart
        )
        return changes + [.insert(.event(event))]
    }
}
