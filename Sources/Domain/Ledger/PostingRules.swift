/// Which accounts move when money or a claim on it moves. Corrections are new entries the other way.
package struct PostingRules: Sendable {
    package init() {}

    package func captured() -> Posting { Posting(debit: .processorFunds, credit: .merchantBalance) }

    package func feeKept() -> Posting { Posting(debit: .processorFees, credit: .processorFunds) }

    /// From one hold of a refund's amount to another; none when nothing moves.
    ///
    /// - Parameter before: `nil` for a refund that was not there yet.
    package func refund(from before: RefundStatus.Hold?, to after: RefundStatus.Hold) -> Posting? {
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

    /// - Parameter before: `nil` for a dispute that was not there yet.
    package func dispute(from before: DisputeState?, to after: DisputeState) -> Posting? {
        switch (before?.holdsAmount ?? false, after.holdsAmount) {
        case (false, true): Posting(debit: .merchantBalance, credit: .disputesHeld)
        case (true, false): Posting(debit: .disputesHeld, credit: .merchantBalance)
        case (true, true), (false, false): nil
        }
    }
}
