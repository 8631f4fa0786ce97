import Domain

/// Which refunds wait for a person, and for whom.
package struct ApprovalRules: Sendable {
    /// Whether a refund of that amount, in minor units, needs a person.
    package var needs: @Sendable (_ amount: Int64, RefundPolicy) -> Bool = { amount, policy in
        policy.approvalAbove.map { amount > $0 } ?? false
    }

    /// Whether somebody may approve a refund: not whoever asked for it. Rejecting it is open to the requester too,
    /// since no money moves by that.
    package var mayDecide: @Sendable (Actor, Refund) -> Bool = { actor, refund in actor != refund.actor }

    package init() {}
}
