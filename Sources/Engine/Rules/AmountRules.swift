import Domain

/// What refunds and disputes do to a payment's amounts, in minor units.
package struct AmountRules: Sendable {
    /// What can be refunded of a payment now.
    package var refundable: @Sendable (Payment) -> Int64 = { $0.refundable }

    /// Moves a refund's amount between what the payment holds, what it has given back and what is free.
    package var hold: @Sendable (inout Payment, Refund, RefundStatus.Hold?, RefundStatus.Hold) -> Void = {
        payment,
        refund,
        before,
        after in
        let amount = refund.amount
        guard refund.kind != .void else {
            payment.voided += (after.isTaken ? amount : 0) - (before?.isTaken == true ? amount : 0)
            return
        }
        if before == .reserved { payment.reserved -= amount }
        if before == .spent { payment.refunded -= amount }
        if after == .reserved { payment.reserved += amount }
        if after == .spent { payment.refunded += amount }
    }

    /// Moves a dispute's amount between what the payment holds for disputes and what is free.
    package var dispute: @Sendable (inout Payment, Dispute, _ before: DisputeState?) -> Void = {
        payment,
        dispute,
        before in
        if before?.holdsAmount == true { payment.disputed -= dispute.amount }
        if dispute.state.holdsAmount { payment.disputed += dispute.amount }
    }

    /// What facts from outside took beyond the captured amount. Facts are recorded, whatever they sum up to.
    package var excess: @Sendable (Payment) -> Int64 = {
        max(0, $0.reserved + $0.refunded + $0.disputed - $0.captured)
    }

    package init() {}
}

extension RefundStatus.Hold {
    /// Whether the amount is away from what can be refunded.
    var isTaken: Bool { self != .released }
}
