import Domain
import Engine

extension Mutant {
    static let amounts: [Mutant] = [
        Mutant("pending refunds are forgotten in the sum") {
            $0.rules.amounts.refundable = { $0.captured - $0.refunded - $0.disputed }
        },
        Mutant("successful refunds are forgotten in the sum") {
            $0.rules.amounts.refundable = { $0.captured - $0.reserved - $0.disputed }
        },
        Mutant("one unit more than what is left may go") {
            $0.rules.amounts.refundable = { $0.refundable + 1 }
        },
        Mutant("what is left is measured by what was authorized twice over") {
            $0.rules.amounts.refundable = { $0.authorized * 2 - $0.reserved - $0.refunded - $0.disputed }
        },
        Mutant("an excess does not stop further refunds") {
            $0.rules.amounts.refundable = { max($0.captured, $0.reserved + 1) - $0.reserved - $0.refunded }
        },
        Mutant("the amount is not held at the request") {
            $0.rules.amounts.hold = holding { before, after in before == nil && after == .reserved ? nil : after }
        },
        Mutant("a failed refund does not give its amount back") {
            $0.rules.amounts.hold = holding { before, after in
                before == .reserved && after == .released ? nil : after
            }
        },
        Mutant("a failed refund gives its amount back twice") {
            let right = $0.rules.amounts.hold
            $0.rules.amounts.hold = { payment, refund, before, after in
                right(&payment, refund, before, after)
                if before == .reserved, after == .released { payment.reserved -= refund.amount }
            }
        },
        Mutant("success holds on to the amount as well") {
            let right = $0.rules.amounts.hold
            $0.rules.amounts.hold = { payment, refund, before, after in
                right(&payment, refund, before, after)
                if before == .reserved, after == .spent { payment.reserved += refund.amount }
            }
        },
        Mutant("a reversal leaves the amount refunded") {
            $0.rules.amounts.hold = holding { before, after in before == .spent && after == .released ? nil : after }
        },
        Mutant("a void counts as a refund") {
            $0.rules.amounts.hold = { payment, refund, _, after in
                if after == .spent { payment.refunded += refund.amount }
                if after == .reserved { payment.reserved += refund.amount }
            }
        },
        Mutant("an excess is not recorded") { $0.rules.amounts.excess = { _ in 0 } },
    ]

    /// The right rule, except where `after` turns a move into none.
    private static func holding(
        _ after: @Sendable @escaping (RefundStatus.Hold?, RefundStatus.Hold) -> RefundStatus.Hold?
    ) -> @Sendable (inout Payment, Refund, RefundStatus.Hold?, RefundStatus.Hold) -> Void {
        let right = AmountRules().hold
        return { payment, refund, before, to in
            if let to = after(before, to) { right(&payment, refund, before, to) }
        }
    }

    static let postings: [Mutant] = [
        Mutant("holding is not posted") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .released && after == .reserved ? nil : right
            }
        },
        Mutant("a release is not posted") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .reserved && after == .released ? nil : right
            }
        },
        Mutant("success is posted the wrong way round") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .reserved && after == .spent
                    ? right.map { Posting(debit: $0.credit, credit: $0.debit) } : right
            }
        },
        Mutant("success is taken from the merchant a second time") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .reserved && after == .spent
                    ? Posting(debit: .merchantBalance, credit: .processorFunds) : right
            }
        },
        Mutant("a reversal has no contra entry") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .spent && after == .released ? nil : right
            }
        },
        Mutant("a review after success is not posted") {
            $0.rules.postings.refund = posting { before, after, right in
                before == .spent && after == .reserved ? nil : right
            }
        },
        Mutant("a capture is posted the wrong way round") {
            $0.rules.postings.captured = { Posting(debit: .merchantBalance, credit: .processorFunds) }
        },
    ]

    private static func posting(
        _ change:
            @Sendable @escaping (RefundStatus.Hold, RefundStatus.Hold, _ right: Posting?) -> Posting?
    ) -> @Sendable (RefundStatus.Hold?, RefundStatus.Hold) -> Posting? {
        let right = PostingRules().refund
        return { before, after in change(before ?? .released, after, right(before, after)) }
    }
}
