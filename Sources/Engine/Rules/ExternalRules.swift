import Domain

/// Whether a refund that was found at the processor is one that nobody asked us for.
package struct ExternalRules: Sendable {
    /// Whether a refund, with all that was heard about it, is the one that the processor knows by this reference.
    package var isKnown: @Sendable (Refund, [Evidence], _ reference: String) -> Bool = { refund, facts, reference in
        // A notification may be forged: what it calls a refund does not make it that.
        refund.processorReference == reference
            || facts.contains { $0.processorReference == reference && $0.source != .notification }
    }

    /// Whether what was found may be a refund of ours whose answer was lost: one of the same amount that can have
    /// left, and has no reference yet.
    package var mayBeOurs: @Sendable (Refund, _ amount: Int64) -> Bool = { refund, amount in
        guard refund.kind == .refund, refund.amount == amount, refund.processorReference == nil else { return false }
        return switch refund.status {
        case .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview: true
        case .queued: refund.firstSentAt != nil
        // One that a person said had succeeded may be another: to count a refund twice is safer than not at all.
        case .succeeded, .awaitingApproval, .reversed, .failed, .canceled: false
        }
    }

    package init() {}
}
