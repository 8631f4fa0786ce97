import Domain

/// The whole journal against all payments together: for each book and currency, what the accounts hold has to be
/// what the payments say.
package struct Imbalance: Sendable, Equatable {
    package let book: Book
    /// By its code.
    package let currency: String
    /// As the chart names it, or by its number where the chart has none such.
    package let account: String
    package let held: Int64
    package let owed: Int64

    package static func all(in rows: any RowWalk, of book: Book?) throws -> [Imbalance] {
        var held: [Place: Int64] = [:]
        for total in try JournalTotal.all(in: rows, of: book) {
            let isDebit = LedgerAccount(rawValue: total.account)?.isDebitAccount ?? true
            let balance = isDebit ? total.debit &- total.credit : total.credit &- total.debit
            held[Place(total.book, total.currency.code, total.account)] = balance
        }
        var owed = try owed(in: rows, of: book)
        // A fee is money that left the processor's funds.
        for (place, fees) in held where place.account == LedgerAccount.processorFees.rawValue {
            owed[place] = fees
            owed[Place(place.book, place.currency, .processorFunds), default: 0] &-= fees
        }
        // No account outside the chart may be touched, even if it comes to nothing.
        return Set(held.keys).union(owed.keys)
            .filter { held[$0] ?? 0 != owed[$0] ?? 0 || LedgerAccount(rawValue: $0.account) == nil }
            .sorted { ($0.book, $0.currency, $0.account) < ($1.book, $1.currency, $1.account) }
            .map { place in
                Imbalance(
                    book: place.book,
                    currency: place.currency,
                    account: LedgerAccount(rawValue: place.account).map { "\($0)" } ?? "account \(place.account)",
                    held: held[place] ?? 0,
                    owed: owed[place] ?? 0
                )
            }
    }

    private static func owed(in rows: any RowWalk, of book: Book?) throws -> [Place: Int64] {
        let sql = """
            SELECT book, currency, captured, reserved, refunded, disputed FROM payment WHERE (captured > 0 OR excess > 0)
            """
        var owed: [Place: Int64] = [:]
        let place = book.map { (sql + " AND book = ?", [StoredValue.book($0)]) } ?? (sql, [])
        try rows.each(place.0, place.1, of: "payment") { columns in
            let (book, currency) = try (columns.book(), columns.text())
            let (captured, reserved) = try (columns.integer(), columns.integer())
            let (refunded, disputed) = try (columns.integer(), columns.integer())
            owed[Place(book, currency, .processorFunds), default: 0] &+= captured - refunded
            owed[Place(book, currency, .merchantBalance), default: 0] &+= captured - reserved - refunded - disputed
            owed[Place(book, currency, .refundsReserved), default: 0] &+= reserved
            owed[Place(book, currency, .disputesHeld), default: 0] &+= disputed
            return true
        }
        return owed
    }

    private struct Place: Hashable {
        let book: Book
        let currency: String
        let account: Int64

        init(_ book: Book, _ currency: String, _ account: Int64) {
            self.book = book
            self.currency = currency
            self.account = account
        }

        init(_ book: Book, _ currency: String, _ account: LedgerAccount) {
            self.init(book, currency, account.rawValue)
        }
    }
}

extension Check {
    static let trialBalance = Check("trial_balance") { rows, _, limit in
        try Imbalance.all(in: rows, of: nil).prefix(limit)
            .map { Finding(check: "trial_balance", book: $0.book.number, subject: "\($0.currency) \($0.account)") }
    }
}
