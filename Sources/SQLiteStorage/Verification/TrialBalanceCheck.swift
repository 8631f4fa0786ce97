import Domain
import GRDB

/// The whole journal against all payments together: for each book and currency, what the accounts hold has to be
/// what the payments say.
enum TrialBalanceCheck {
    static func findings(_ db: Database, _ limit: Int) throws -> [Finding] {
        var held: [Place: Int64] = [:]
        for total in try db.journalTotals(of: nil) {
            held[Place(total.book, total.currency.code, total.account)] = total.balance
        }
        var owed: [Place: Int64] = [:]
        let payments = try Row.fetchCursor(
            db,
            sql:
                "SELECT book, currency, captured, reserved, refunded, disputed FROM payment WHERE captured > 0 OR excess > 0"
        )
        while let payment = try payments.next() {
            var columns = Columns(payment)
            let (book, currency) = (columns.book(), columns.text())
            let (captured, reserved) = (columns.integer(), columns.integer())
            let (refunded, disputed) = (columns.integer(), columns.integer())
            owed[Place(book, currency, .processorFunds), default: 0] += captured - refunded
            owed[Place(book, currency, .merchantBalance), default: 0] += captured - reserved - refunded - disputed
            owed[Place(book, currency, .refundsReserved), default: 0] += reserved
            owed[Place(book, currency, .disputesHeld), default: 0] += disputed
        }
        // A fee is money that left the processor's funds.
        for (place, fees) in held where place.account == .processorFees {
            owed[place] = fees
            owed[Place(place.book, place.currency, .processorFunds), default: 0] -= fees
        }
        let findings = Set(held.keys).union(owed.keys).filter { held[$0] ?? 0 != owed[$0] ?? 0 }
            .map { Finding(check: "trial_balance", book: $0.book.number, subject: "\($0.currency) \($0.account)") }
        return Array(findings.sorted { ($0.book, $0.subject) < ($1.book, $1.subject) }.prefix(limit))
    }

    private struct Place: Hashable {
        let book: Book
        let currency: String
        let account: LedgerAccount

        init(_ book: Book, _ currency: String, _ account: LedgerAccount) {
            self.book = book
            self.currency = currency
            self.account = account
        }
    }
}

extension Check {
    static let trialBalance = Check("trial_balance", findings: TrialBalanceCheck.findings)
}
