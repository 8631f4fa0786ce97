/// Which accounts move when money or a claim on it moves. Corrections are new entries the other way.
package struct PostingRules: Sendable {
    package var captured: @Sendable () -> Posting = { Posting(debit: .processorFunds, credit: .merchantBalance) }

    package var feeKept: @Sendable () -> Posting = { Posting(debit: .processorFees, credit: .processorFunds) }

    /// From one hold of a refund's amount to another; none when nothing moves. `before` is `nil` for a refund that
    /// was not there yet.
    package var refund: @Sendable (_ before: RefundStatus.Hold?, _ after: RefundStatus.Hold) -> Posting? = {
        before,
        after in
        switch (before ?? .released, after) {
        case (.released, .released), (.reserved, .reserved), (.spent, .spent): nil
        case (.released, .reserved): Posting(debit: .merchantBalance, credit: .refundsReserved)
        case (.released, .spent): Posting(debit: .merchantBalance, credit: .processorFunds)
        case (.reserved, .spent): Posting(debit: .refundsReserved, credit: .processorFunds)
        case (.reserved, .released): Posting(debit: .refundsReserved, credit: .merchantBalance)
        case (.spent, .released): Posting(debit: .processorFunds, credit: .merchantBalance)
        case (.spent, .reserved): Posting(debit: .processorFunds, credit: .refundsReserved)
        }
    }

    /// `before` is `nil` for a dispute that was not there yet.
    package var dispute: @Sendable (_ before: DisputeState?, _ after: DisputeState) -> Posting? = { before, after in
        switch (before?.holdsAmount ?? false, after.holdsAmount) {
        case (false, true): Posting(debit: .merchantBalance, credit: .disputesHeld)
        case (true, false): Posting(debit: .disputesHeld, credit: .merchantBalance)
        case (true, true), (false, false): nil
        }
    }

    package init() {}
}
