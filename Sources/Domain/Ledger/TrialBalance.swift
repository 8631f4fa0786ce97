/// What all lines of a journal that touch one account add up to, in minor units of one currency.
package struct AccountTotal: Sendable, Equatable {
    package let book: Book
    package let currency: Currency
    package let account: LedgerAccount
    package let debit: Int64
    package let credit: Int64

    package init(book: Book, currency: Currency, account: LedgerAccount, debit: Int64, credit: Int64) {
        self.book = book
        self.currency = currency
        self.account = account
        self.debit = debit
        self.credit = credit
    }

    /// As it is read: what an account for assets or costs holds is on its debit side, for the others on the credit
    /// side.
    package var balance: Int64 { account.isDebitAccount ? debit - credit : credit - debit }
}

/// The totals of all accounts that a book's journal touches in one currency.
package struct TrialBalance: Sendable, Equatable {
    package let book: Book
    package let currency: Currency
    /// In the order of the chart.
    package let totals: [AccountTotal]

    package var debit: Int64 { totals.reduce(0) { $0 + $1.debit } }
    package var credit: Int64 { totals.reduce(0) { $0 + $1.credit } }
    package var isBalanced: Bool { debit == credit }

    /// - Parameter totals: of any books and currencies, in any order.
    /// - Returns: one for each book and currency, in the order of the books and the codes.
    package static func group(_ totals: [AccountTotal]) -> [TrialBalance] {
        Dictionary(grouping: totals) { Key(book: $0.book, currency: $0.currency) }.values
            .map { group in
                TrialBalance(
                    book: group[0].book,
                    currency: group[0].currency,
                    totals: group.sorted { $0.account.rawValue < $1.account.rawValue }
                )
            }
            .sorted { ($0.book, $0.currency.code) < ($1.book, $1.currency.code) }
    }

    private struct Key: Hashable {
        let book: Book
        let currency: Currency
    }
}
