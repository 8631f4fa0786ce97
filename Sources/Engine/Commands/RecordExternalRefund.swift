import Domain
import Storage

/// Writes down a refund that was found at the processor and that nobody asked us for. It has happened, so it
/// succeeded; what goes beyond the captured amount shows as excess.
package struct RecordExternalRefund: Command {
    package let origin: Origin
    package let payment: ObjectName
    package let amount: Amount
    /// If given, it has to be the payment's.
    package let currency: Currency?
    package let processorReference: String
    /// When the processor says that it happened.
    package let processorTime: Moment?
    /// Who says so.
    package let source: EvidenceSource

    package enum Outcome: Sendable, Equatable {
        case recorded(Refund)
        /// A refund with this reference is there already, ours or not. Nothing was changed.
        case known(Refund)
        /// A refund of ours of this amount is undecided and may be this one. It is asked about at once; whoever
        /// found it tells again later.
        case mayBeOurs(Refund)
    }

    package init(
        origin: Origin,
        payment: ObjectName,
        amount: Amount,
        currency: Currency? = nil,
        processorReference: String,
        processorTime: Moment? = nil,
        source: EvidenceSource = .inquiry
    ) {
        self.origin = origin
        self.payment = payment
        self.amount = amount
        self.currency = currency
        self.processorReference = processorReference
        self.processorTime = processorTime
        self.source = source
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.contested = [payment]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<Outcome> {
        guard let payment = set.payment(payment) else {
            throw .notFound(.payment, text: self.payment.spelling?.text ?? "")
        }
        if let currency, currency != payment.currency {
            throw .rejected(.currencyDiffers(expected: payment.currency))
        }
        let rules = context.rules.external
        let refunds = set.refunds(of: payment.id)
        let known = refunds.first { rules.isKnown($0, set.evidence(of: $0.id), processorReference) }
        if let known { return Decision([], .known(known)) }
        let candidates = refunds.filter { rules.mayBeOurs($0, amount.minorUnits) }
        if let first = candidates.first {
            return Decision(candidates.flatMap { inquiry(about: $0, set, context) }, .mayBeOurs(first))
        }
        let refund = refund(of: payment, &context)
        var move = RefundMove(creating: refund, payment: payment, pot: payment.pot.flatMap { set.pots[$0] })
        let changes = move.create(by: origin, context) + [.insert(.evidence(fact(about: refund, &context)))]
        return Decision(changes, .recorded(refund))
    }

    private func refund(of payment: Payment, _ context: inout DecisionContext) -> Refund {
        var refund = Refund(
            id: context.newID(),
            book: payment.book,
            payment: payment,
            kind: .external,
            amount: amount.minorUnits,
            createdAt: context.moment,
            status: .succeeded,
            reasonCode: nil,
            actor: origin.actor,
            requestID: origin.requestID,
            origin: origin.dialect,
            metadata: [:]
        )
        refund.processorReference = processorReference
        refund.firstSentAt = processorTime ?? context.moment
        refund.succeededAt = processorTime ?? context.moment
        return refund
    }

    private func fact(about refund: Refund, _ context: inout DecisionContext) -> Evidence {
        Evidence(
            id: context.newID(),
            book: refund.book,
            refund: refund.id,
            attempt: nil,
            source: source,
            claim: .succeeded,
            amount: refund.amount,
            currency: refund.currency,
            processorReference: processorReference,
            processorTime: processorTime,
            arrivedAt: context.moment
        )
    }

    /// Makes a refund's next question due now, where there is one to wait for: a call in flight ends by itself,
    /// and what a person has to decide is not asked.
    private func inquiry(about refund: Refund, _ set: WorkingSet, _ context: DecisionContext) -> [Change] {
        let name = ObjectName(.refund, refund.id.raw, in: refund.book)
        guard let dueAt = refund.dueAt, dueAt > context.moment, refund.status != .dispatching,
            var move = RefundMove(name, in: set)
        else { return [] }
        return move.step(to: refund.status, by: origin, context) { $0.dueAt = context.moment }
    }
}
