import Domain
import GRDB
import Storage

extension SQLiteStore {
    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try await reading { db in try db.journalTotals(of: book).compactMap(AccountTotal.init) }
    }

    /// Where the journal of a book, or with `nil` of all, holds something else than its payments say.
    package func imbalances(of book: Book?) async throws(StoreFailure) -> [Imbalance] {
        try await reading { db in try Imbalance.all(in: db, of: book) }
    }
}

extension Database {
    /// Adds the journal up in one walk: SQLite would sort every line by its currency first.
    func journalTotals(of book: Book?) throws -> [JournalTotal] {
        let sql = "SELECT book, currency, exponent, debit, credit, amount FROM entry"
        let lines = try Row.fetchCursor(
            self,
            sql: book == nil ? sql : sql + " WHERE book = ?",
            arguments: StatementArguments(book.map { [$0.number] } ?? [])
        )
        var sums: [Line: Int64] = [:]
        while let line = try lines.next() {
            var columns = Columns(line, of: "entry")
            let book = try columns.book()
            let currency = try columns.currency()
            let debit = Line(book: book, currency: currency, account: try columns.integer(), isDebit: true)
            let credit = Line(book: book, currency: currency, account: try columns.integer(), isDebit: false)
            let amount = try columns.integer()
            sums[debit, default: 0] &+= amount
            sums[credit, default: 0] &+= amount
        }
        let touched = Set(sums.keys.map { Line(book: $0.book, currency: $0.currency, account: $0.account) })
        return touched.map { line in
            JournalTotal(
                book: line.book,
                currency: line.currency,
                account: line.account,
                debit: sums[line] ?? 0,
                credit: sums[Line(book: line.book, currency: line.currency, account: line.account, isDebit: false)]
                    ?? 0
            )
        }
    }
}

/// What the lines that name one account add up to, also where the chart has no such account.
struct JournalTotal {
    let book: Book
    let currency: Currency
    let account: Int64
    let debit: Int64
    let credit: Int64
}

extension AccountTotal {
    fileprivate init?(_ total: JournalTotal) {
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
