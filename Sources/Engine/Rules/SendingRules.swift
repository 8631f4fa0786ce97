import ConnectorKit
import Domain

/// How a refund is sent: under which key, for how long it is one worker's, and whether it may go out again.
package struct SendingRules: Sendable {
    /// What the processor recognises a repetition by: the refund's own id, the same for every attempt.
    package var processorKey: @Sendable (_ refund: Refund, _ attempt: Int64) -> String = { refund, _ in
        "rf" + String(refund.id.raw, radix: 36)
    }

    /// Until when an attempt that begins now belongs to the worker that claimed it: the call's timeout, and a
    /// margin after which the worker is taken for dead.
    package var lease: @Sendable (_ moment: Moment, ConnectorCapabilities) -> Moment = { moment, capabilities in
        moment.adding(SteadyTime.ensuring(capabilities.callTimeout) + SendingRules.margin)
    }

    /// Whether a payment's refunds may go out: not while its payer's bank takes money back, nor once facts from
    /// outside took more than was captured.
    package var mayLeave: @Sendable (Payment) -> Bool = { !$0.isDisputed && $0.excess == 0 }

    /// Whether a refund can be withdrawn: only one of which nothing can have left.
    package var mayWithdraw: @Sendable (Refund) -> Bool = { $0.firstSentAt == nil }

    /// Whether a refund can be asked for once more: only one that is proven not to have happened, or came back.
    package var mayRetry: @Sendable (Refund) -> Bool = {
        $0.kind == .refund && [.failed, .canceled, .reversed].contains($0.status)
    }

    /// Whether a claimed attempt may still be sent: a call that began now would end within the lease. A worker
    /// that was held up must not send what others may have resolved meanwhile.
    package var maySend: @Sendable (ClaimedRefund, _ moment: Moment) -> Bool = { claim, moment in
        moment < claim.sendBefore
    }

    /// Whether a worker that comes back is the one that holds the attempt.
    package var isCurrent: @Sendable (_ newest: Attempt, ClaimedRefund) -> Bool = { newest, claim in
        newest.number == claim.attempt && newest.fencing == claim.fencing && newest.outcome == nil
    }

    /// How long ago a refund was first sent; `nil` where nobody knows.
    package var age: @Sendable (_ sentAt: Moment, DecisionContext) -> Duration? = { sentAt, context in
        sentAt >= context.knownSince ? context.moment.since(sentAt) : nil
    }

    /// Whether a doubtful refund is sent again under its key, which is how a keyed processor is asked: only as long
    /// as the processor remembers the key. An age that nobody knows may be any.
    package var resends: @Sendable (RefundStatus, ConnectorCapabilities, _ age: Duration?) -> Bool = {
        status,
        capabilities,
        age in
        guard status == .inDoubt, capabilities.certainty == .keyed else { return false }
        guard let window = capabilities.keyWindow else { return true }
        guard let age else { return false }
        return SteadyTime.atMost(age) + capabilities.callTimeout + SendingRules.clockTolerance < window
    }

    package init() {}

    /// How long after a call's timeout its worker is taken for dead.
    static let margin = Duration.seconds(5)
    /// By how much the clocks of two nodes may differ.
    static let clockTolerance = Duration.seconds(5)
}
