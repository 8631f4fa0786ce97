import Domain
import Storage

/// Writes down that a payer's bank takes money back. That is a fact, so it is always recorded: what goes beyond
/// the captured amount shows as excess.
///
/// Refunds of the payment that nothing was sent for are withdrawn at once; those that were sent go on. A dispute that
/// has been won by then withdraws nothing.
package struct OpenDispute: Command {
    package let origin: Origin
    package let payment: ObjectName
    package let amount: Amount
    /// If given, it has to be the payment's.
    package let currency: Currency?
    package let stage: DisputeStage
    package let fundsWithdrawn: Bool
    /// How it ended, if it has.
    package let outcome: DisputeState
    /// The processor's. The same one again on the same payment is the same dispute: what is told otherwise now is
    /// recorded, and what is told again changes nothing.
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
        outcome: DisputeState = .open,
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
        self.outcome = outcome
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
        if let currency, currency != payment.currency {
            throw .rejected(.currencyDiffers(expected: payment.currency))
        }
        var move: DisputeMove
        var changes: [Change]
        if let reference, let known = set.disputes(of: payment.id).first(where: { $0.reference == reference }) {
            move = DisputeMove(known, of: payment)
            changes = move.correct(to: amount, stage, fundsWithdrawn, by: origin, context)
        } else {
            move = DisputeMove(dispute(of: payment, &context), of: payment)
            changes = move.open(by: origin, context)
        }
        if outcome != .open { changes += move.close(as: outcome, by: origin, context) }
        return move.decision(changes, in: set, context)
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
}
