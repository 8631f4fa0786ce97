import Domain
import Storage

/// Writes down that a payer's bank takes money back. That is a fact, so it is always recorded: what goes beyond
/// the captured amount shows as excess.
///
/// Refunds of the payment that nothing was sent for are withdrawn at once; those that were sent go on.
package struct OpenDispute: Command {
    package let origin: Origin
    package let payment: ObjectName
    package let amount: Amount
    /// If given, it has to be the payment's.
    package let currency: Currency?
    package let stage: DisputeStage
    package let fundsWithdrawn: Bool
    /// The processor's. The same one again on the same payment is the same dispute, and changes nothing.
    package let reference: String?
    /// The network's reason code.
    package let response: String?
    /// `nil` for now.
    package let openedAt: Moment?

    package init(
        origin: Origin,
        payment: ObjectName,
        amount: Amount,
        currency: Currency? = nil,
        stage: DisputeStage = .chargeback,
        fundsWithdrawn: Bool = true,
        reference: String? = nil,
        response: String? = nil,
        openedAt: Moment? = nil
    ) {
        self.origin = origin
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.stage = stage
        self.fundsWithdrawn = fundsWithdrawn
        self.reference = reference
        self.response = response
        self.openedAt = openedAt
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.contested = [payment]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Dispute> {
        guard let payment = set.payment(payment) else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        if let reference, let known = set.disputes(of: payment.id).first(where: { $0.reference == reference }) {
            return Decision([], known)
        }
        if let currency, currency != payment.currency {
            throw .rejected(.currencyDiffers(expected: payment.currency))
        }
        var move = DisputeMove(dispute(of: payment, &context), of: payment)
        var changes = move.open(by: origin, context)
        changes.append(move.paymentChange)
        // Each withdrawal has to see what the dispute and the one before left of the payment.
        var seen = set
        for change in changes { seen.apply(change) }
        for refund in set.refunds(of: payment.id) where context.rules.disputes.withdraws(refund) {
            let steps = withdrawal(of: refund, in: seen, context)
            for change in steps { seen.apply(change) }
            changes += steps
        }
        return Decision(changes, move.dispute)
    }

    private func dispute(of payment: Payment, _ context: inout DecisionContext) -> Dispute {
        Dispute(
            id: context.newID(),
            book: payment.book,
            payment: payment.id,
            amount: amount.minorUnits,
            currency: payment.currency,
            stage: stage,
            state: .open,
            fundsWithdrawn: fundsWithdrawn,
            openedAt: openedAt ?? context.moment,
            reference: reference,
            response: response
        )
    }

    private func withdrawal(of refund: Refund, in set: WorkingSet, _ context: DecisionContext) -> [Change] {
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
