import Domain

/// The rules that decisions follow, as values, so that a test can put a wrong one in place of a right one.
package struct Rules: Sendable {
    package var lifecycle = RefundLifecycle()
    package var fold = EvidenceFold()
    package var postings = PostingRules()
    /// What can be refunded of a payment now, in minor units.
    package var refundable: @Sendable (Payment) -> Int64 = { $0.refundable }

    package init() {}
}
