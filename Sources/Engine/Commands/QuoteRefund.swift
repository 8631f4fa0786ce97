import Domain
import Storage

/// Says what a refund would do if it were asked for now, and does nothing.
package struct QuoteRefund: Command {
    package let refund: CreateRefund
    /// What processors kept of the payment, in minor units: no refund brings it back.
    package let fees: Int64

    package init(_ refund: CreateRefund, fees: Int64) {
        self.refund = refund
        self.fees = fees
    }

    package var footprint: Footprint {
        var footprint = refund.footprint
        footprint.detailed.insert(refund.payment)
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundQuote> {
        guard let payment = set.payment(refund.payment) else {
            // Refused as the refund itself would be.
            _ = try refund.decide(set, &context)
            throw .fault
        }
        var quote = RefundQuote(payment: payment, names: set.names)
        do throws(EngineFailure) {
            for case .insert(.refund(let made)) in try refund.decide(set, &context).changes { quote.refund = made }
        } catch {
            guard case .rejected(let rejection) = error else { throw error }
            quote.refusal = rejection
        }
        quote.oddities = oddities(of: payment, quote.refund, set, context.moment)
        return Decision([], quote)
    }

    /// How long ago an equal refund may be a double click, or a colleague's.
    private static let recent = Duration.seconds(24 * 3600)

    private func oddities(
        of payment: Payment,
        _ wanted: Refund?,
        _ set: WorkingSet,
        _ moment: Moment
    ) -> [RefundQuote.Oddity] {
        var found: [RefundQuote.Oddity] = []
        if payment.isDisputed { found.append(.disputed(amount: payment.disputed)) }
        let amount = wanted?.amount ?? refund.amount?.minorUnits
        for other in set.refunds(of: payment.id) {
            switch other.status {
            case .canceled, .failed: continue
            case .reversed: found.append(.cameBack(other.id))
            case .needsReview, .inDoubt: found.append(.undecided(other.id))
            case .awaitingApproval, .queued, .dispatching, .submitted, .requiresAction, .succeeded: break
            }
            if other.amount == amount, moment.since(other.createdAt) < Self.recent {
                found.append(.equal(other.id, at: other.createdAt))
            }
        }
        if fees > 0 { found.append(.feesKept(amount: fees)) }
        if wanted?.status == .awaitingApproval { found.append(.needsApproval) }
        return found
    }
}

/// What a refund would be, or why there would be none, on the payment as it is now.
package struct RefundQuote: Sendable {
    package enum Oddity: Sendable, Equatable {
        /// The payer's bank holds that much of it, in minor units.
        case disputed(amount: Int64)
        /// Another refund of the same amount, not long ago.
        case equal(Refund.ID, at: Moment)
        /// What became of another refund is not known.
        case undecided(Refund.ID)
        /// The money of another refund came back.
        case cameBack(Refund.ID)
        /// The processor keeps that much of the payment, in minor units, whatever is refunded.
        case feesKept(amount: Int64)
        /// A person has to approve it first.
        case needsApproval
    }

    package let payment: Payment
    package let names: Names
    /// As it would be made; its id is given to nothing.
    package var refund: Refund?
    package var refusal: Rejection?
    package var oddities: [Oddity] = []

    init(payment: Payment, names: Names) {
        self.payment = payment
        self.names = names
    }
}
