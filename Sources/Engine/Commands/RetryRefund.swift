import Domain
import Storage

/// Asks for the money of a refund once more, which is proven not to have happened or came back. A refund is retried once;
/// what comes of that can be retried in turn, so that two people who retry at the same time do not pay twice.
package struct RetryRefund: Command {
    package let origin: Origin
    package let refund: ObjectName
    package let payment: ObjectName
    package let policy: RefundPolicy

    /// - Parameter refund: as it was read just before.
    package init(origin: Origin, refund: RefundDetails, policy: RefundPolicy) {
        self.origin = origin
        self.refund = ObjectName(.refund, refund.refund.id.raw, in: origin.book)
        payment = ObjectName(.payment, refund.refund.payment.raw, in: origin.book)
        self.policy = policy
    }

    package var footprint: Footprint {
        var footprint = Footprint()
        footprint.objects = [refund]
        footprint.noted = [refund]
        footprint.contested = [payment]
        footprint.facets = [FacetName(dialect: origin.dialect, object: payment)]
        return footprint
    }

    package func decide(
        _ set: WorkingSet,
        _ context: inout DecisionContext
    ) throws(EngineFailure) -> Decision<RefundDetails> {
        guard let known = set.refund(refund) else { throw .notFound(.refund, text: "") }
        guard context.rules.sending.mayRetry(known) else { throw .rejected(.notRetryable(known.status)) }
        if let other = set.refunds(of: known.payment).first(where: { $0.retryOf == known.id }) {
            throw .rejected(.alreadyRetried(by: other.id))
        }
        guard let amount = Amount(minorUnits: known.amount) else { throw .fault }
        let comment = set.notes[NoteKey(origin.book, ObjectReference(.refund, known.id.raw), "comment")]?.text
        var again = CreateRefund(
            origin: origin,
            payment: payment,
            amount: amount,
            reasonCode: known.reasonCode,
            comment: comment,
            metadata: known.metadata,
            policy: policy
        )
        again.retryOf = known.id
        return try again.decide(set, &context)
    }
}
