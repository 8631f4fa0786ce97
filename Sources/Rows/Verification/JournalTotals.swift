import Domain
import Storage

/// What the lines that name one account add up to, also where the chart has no such account.
package struct JournalTotal {
    let book: Book
    let currency: Currency
    let account: Int64
    let debit: Int64
    let credit: Int64

    /// Adds the journal of a book, or with `nil` of all, up in one walk: a database would sort every line by its
    /// currency first.
    package static func all(in rows: any RowWalk, of book: Book?) throws -> [JournalTotal] {
        let sql = "SELECT book, currency, exponent, debit, credit, amount FROM entry"
        let place = book.map { (sql + " WHERE book = ?", [StoredValue.book($0)]) } ?? (sql, [])
        var sums: [Line: Int64] = [:]
        try rows.each(place.0, place.1, of: "entry") { columns in
            let book = try columns.book()
            let currency = try columns.currency()
            let debit = Line(book: book, currency: currency, account: try columns.integer(), isDebit: true)
            let credit = Line(book: book, currency: currency, account: try columns.integer(), isDebit: false)
            let amount = try columns.integer()
            sums[debit, default: 0] &+= amount
            sums[credit, default: 0] &+= amount
            return true
        }
        let touched = Set(sums.keys.map { Line(book: $0.book, currency: $0.currency, account: $0.account) })
        return touched.map { line in
            let other = Line(book: line.book, currency: line.currency, account: line.account, isDebit: false)
            return JournalTotal(
                book: line.book,
                currency: line.currency,
                account: line.account,
                debit: sums[line] ?? 0,
                credit: sums[other] ?? 0
            )
        }
    }
}

extension AccountTotal {
    package init?(_ total: JournalTotal) {
        guard let account = LedgerAccount(rawValue: total.account) else { return nil }
        self.init(
            book: total.book,
            currency: total.currency,
            account: account,
            debit: total.debit,
            credit: total.credit
        )
    }
}

/// One side of an account, in one currency of a book.
private struct Line: Hashable {
    let book: Book
    let currency: Currency
    let account: Int64
    var isDebit = true
}
