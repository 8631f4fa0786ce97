import Domain
import Storage

/// One dispute as it opens, changes or closes, with everything that moves along: the payment's amounts, the journal,
/// the events, and the refunds that are withdrawn for it.
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

    /// The changes that follow what is told otherwise now, but for the payment's own row; none when nothing is.
    mutating func correct(
        to amount: Amount,
        _ stage: DisputeStage,
        _ fundsWithdrawn: Bool,
        by origin: Origin,
        _ context: DecisionContext
    ) -> [Change] {
        let before = dispute
        dispute.amount = amount.minorUnits
        dispute.stage = stage
        dispute.fundsWithdrawn = fundsWithdrawn
        return dispute == before ? [] : step("dispute.updated", from: before, by: origin, context)
    }

    /// The changes that end it, or end it the other way, but for the payment's own row; none when it has ended so.
    mutating func close(as state: DisputeState, by origin: Origin, _ context: DecisionContext) -> [Change] {
        precondition(state != .open, "a dispute closes as won or lost")
        guard dispute.state != state else { return [] }
        let before = dispute
        dispute.state = state
        dispute.closedAt = context.moment
        return step("dispute.\(state.rawValue)", from: before, by: origin, context)
    }

    private mutating func step(
        _ type: String,
        from before: Dispute,
        by origin: Origin,
        _ context: DecisionContext
    ) -> [Change] {
        dispute.version += 1
        dispute.sequence += 1
        return [.update(.dispute(dispute))] + consequences(of: before, type, by: origin, context)
    }

    private mutating func consequences(
        of before: Dispute?,
        _ type: String,
        by origin: Origin,
        _ context: DecisionContext
    ) -> [Change] {
        hold(instead: before, context.rules.amounts)
        payment.excess = context.rules.amounts.excess(payment)
        payment.updatedAt = context.moment
        let cause = ObjectReference(.dispute, dispute.id.raw)
        var changes: [Change] = []
        if let (posting, amount) = booking(instead: before, context.rules.postings) {
            let entry = LedgerEntry(
                book: dispute.book,
                posting: posting,
                amount: amount,
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

    private mutating func hold(instead before: Dispute?, _ rules: AmountRules) {
        guard let before, before.amount != dispute.amount else {
            return rules.dispute(&payment, dispute, before?.state)
        }
        // The old amount goes as if it had been won, and the new one comes.
        var gone = before
        gone.state = .won
        rules.dispute(&payment, gone, before.state)
        rules.dispute(&payment, dispute, nil)
    }

    /// What to book, and how much of it: the whole amount when its hold changes, the difference when the amount does.
    private func booking(instead before: Dispute?, _ rules: PostingRules) -> (Posting, Int64)? {
        guard let before, before.amount != dispute.amount else {
            return rules.dispute(before?.state, dispute.state).map { ($0, dispute.amount) }
        }
        let difference = dispute.amount - before.amount
        let posting = difference > 0 ? rules.dispute(nil, dispute.state) : rules.dispute(before.state, .won)
        return posting.map { ($0, abs(difference)) }
    }
}

// MARK: - What goes with it

extension DisputeMove {
    /// The changes with those of the payment's row and of the refunds that are withdrawn.
    ///
    /// - Parameter set: has the payment's refunds, as `Footprint.contested` brings them.
    func decision(_ changes: [Change], in set: WorkingSet, _ context: DecisionContext) -> Decision<Dispute> {
        guard !changes.isEmpty else { return Decision([], dispute) }
        var changes = changes + [paymentChange]
        guard dispute.state.holdsAmount else { return Decision(changes, dispute) }
        // Each withdrawal has to see what the dispute and the one before left of the payment.
        var seen = set
        for change in changes { seen.apply(change) }
        for refund in set.refunds(of: payment.id) where context.rules.disputes.withdraws(refund) {
            let steps = Self.withdrawal(of: refund, in: seen, context)
            for change in steps { seen.apply(change) }
            changes += steps
        }
        return Decision(changes, dispute)
    }

    /// The change of the payment's own row, where nothing else writes it.
    private var paymentChange: Change {
        var payment = payment
        payment.version += 1
        return .update(.payment(payment))
    }

    private static func withdrawal(of refund: Refund, in set: WorkingSet, _ context: DecisionContext) -> [Change] {
        guard let next = context.rules.lifecycle(refund.status, .cancelRequested),
            var move = RefundMove(ObjectName(.refund, refund.id.raw, in: refund.book), in: set)
        else { return [] }
        return move.step(to: next, by: .system(refund.book, "disputes"), context) { refund in
            refund.failure = RefundFailure(.disputed)
            refund.pendingReason = nil
            refund.dueAt = nil
        }
    }
}
