import Domain
import GRDB
import Storage

extension SQLiteStore {
    package func totals(of book: Book?) async throws(StoreFailure) -> [AccountTotal] {
        try await reading { db in try db.journalTotals(of: book) }
    }
}

extension Database {
    /// Adds the journal up in one walk: SQLite would sort every line by its currency first.
    func journalTotals(of book: Book?) throws -> [AccountTotal] {
        let sql = "SELECT book, currency, exponent, debit, credit, amount FROM entry"
        let lines = try Row.fetchCursor(
            self,
            sql: book == nil ? sql : sql + " WHERE book = ?",
            arguments: StatementArguments(book.map { [$0.number] } ?? [])
        )
        var sums: [Line: Int64] = [:]
        while let line = try lines.next() {
            var columns = Columns(line)
            let book = columns.book()
            let currency = columns.currency()
            let debit = Line(book: book, currency: currency, account: columns.integer(), isDebit: true)
            let credit = Line(book: book, currency: currency, account: columns.integer(), isDebit: false)
            let amount = columns.integer()
            sums[debit, default: 0] += amount
            sums[credit, default: 0] += amount
        }
        let touched = Set(sums.keys.map { Line(book: $0.book, currency: $0.currency, account: $0.account) })
        return touched.map { line in
            AccountTotal(
                book: line.book,
                currency: line.currency,
                account: LedgerAccount(stored: line.account),
                debit: sums[line] ?? 0,
                credit: sums[Line(book: line.book, currency: line.currency, account: line.account, isDebit: false)]
                    ?? 0
            )
        }
    }
}

/// One side of an account, in one currency of a book.
private struct Line: Hashable {
    let book: Book
    let currency: Currency
    let account: Int64
    var isDebit = true
}
