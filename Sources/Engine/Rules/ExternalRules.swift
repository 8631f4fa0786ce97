import Domain

/// Whether a refund that was found at the processor is one that nobody asked us for.
package struct ExternalRules: Sendable {
    /// Whether a refund, with all that was heard about it, is the one that the processor knows by this reference.
    package var isKnown: @Sendable (Refund, [Evidence], _ reference: String) -> Bool = { refund, facts, reference in
        refund.processorReference == reference || facts.contains { $0.processorReference == reference }
    }

    /// Whether what was found may be a refund of ours whose answer was lost: one of the same amount that was sent,
    /// is undecided, and has no reference yet.
    package var mayBeOurs: @Sendable (Refund, _ amount: Int64) -> Bool = { refund, amount in
        guard refund.kind == .refund, refund.amount == amount, refund.processorReference == nil else { return false }
        return switch refund.status {
        case .dispatching, .inDoubt, .submitted, .requiresAction, .needsReview: true
        case .awaitingApproval, .queued, .succeeded, .reversed, .failed, .canceled: false
        }
    }

    package init() {}
}
