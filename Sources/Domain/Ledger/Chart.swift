/// The accounts of the journal. The numbers are stored; `docs/reference/ledger.md` says what each is for.
package enum LedgerAccount: Int64, CaseIterable, Sendable {
    /// Money that a processor holds for the merchant.
    case processorFunds = 1
    /// What the merchant may dispose of.
    case merchantBalance = 2
    /// Held by refunds that are not decided yet.
    case refundsReserved = 3
    /// Held by disputes that are not decided yet, or lost to them.
    case disputesHeld = 4
    /// What processors kept for their work.
    case processorFees = 5

    /// Whether debits add to it and credits take away, as with assets and costs.
    package var isDebitAccount: Bool {
        switch self {
        case .processorFunds, .processorFees: true
        case .merchantBalance, .refundsReserved, .disputesHeld: false
        }
    }
}

/// One line of the journal: `amount` minor units from `credit` to `debit`. Written once, never changed.
package struct LedgerEntry: Sendable, Equatable {
    package let book: Book
    package let debit: LedgerAccount
    package let credit: LedgerAccount
    package let amount: Int64
    package let currency: Currency
    package let cause: ObjectReference
    /// The number of the cause's event that it was booked with.
    package let sequence: Int64
    package let bookedAt: Moment
    /// When the money counts as moved.
    package let valueDate: Moment

    package init(
        book: Book,
        posting: Posting,
        amount: Int64,
        currency: Currency,
        cause: ObjectReference,
        sequence: Int64,
        bookedAt: Moment,
        valueDate: Moment? = nil
    ) {
        precondition(amount > 0, "an entry moves a positive amount")
        self.book = book
        debit = posting.debit
        credit = posting.credit
        self.amount = amount
        self.currency = currency
        self.cause = cause
        self.sequence = sequence
        self.bookedAt = bookedAt
        self.valueDate = valueDate ?? bookedAt
    }
}

package struct Posting: Sendable, Equatable {
    package let debit: LedgerAccount
    package let credit: LedgerAccount

    package init(debit: LedgerAccount, credit: LedgerAccount) {
        self.debit = debit
        self.credit = credit
    }
}
