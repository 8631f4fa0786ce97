import Domain

/// What a dispute does to the refunds of its payment.
package struct DisputeRules: Sendable {
    /// Whether a refund is withdrawn when its payment is disputed: only one that nothing was sent for. What was
    /// sent goes on, and shows as excess where both take the same money.
    package var withdraws: @Sendable (Refund) -> Bool = { refund in
        guard refund.firstSentAt == nil else { return false }
        return refund.status == .queued || refund.status == .awaitingApproval
    }

    package init() {}
}
