import ConnectorKit
import Domain
import Storage

/// The rules that decisions follow, as values: whoever makes an engine may put another in place of any of them,
/// which is how the simulator plants a fault. Each group is in a file of its own under `Rules/`.
package struct Rules: Sendable {
    /// The next status, or `nil` when the happening is not allowed there.
    package var lifecycle: @Sendable (RefundStatus, RefundHappening) -> RefundStatus? = {
        RefundLifecycle().next($0, on: $1)
    }
    /// What all of a refund's evidence says, taken together; with the newest attempt's number, and whether
    /// notifications count as more than hints.
    package var fold: @Sendable ([Evidence], Int64, Bool) -> RefundHappening = {
        EvidenceFold().happening($0, attempt: $1, trustsNotifications: $2)
    }
    package var amounts = AmountRules()
    package var postings = PostingRules()
    package var events = EventRules()
    package var approval = ApprovalRules()
    package var sending = SendingRules()
    package var hearing = HearingRules()
    package var idempotency = IdempotencyRules()
    package var disputes = DisputeRules()
    package var external = ExternalRules()
    package var delivery = DeliveryRules()

    package init() {}
}
