import Domain
import Storage

/// The entries that the rows of a database ask for.
package enum SearchFilling {
    /// Every entry that there has to be, kind by kind.
    ///
    /// - Throws: ``DamagedRow``, ``SecretKeyMissing``; what `visit` throws.
    package static func each(
        in rows: any RowWalk,
        _ sealer: Sealer,
        _ secrets: Secrets,
        _ visit: (SearchEntry) throws -> Void
    ) throws {
        try each(Payment.self, in: rows, visit)
        try each(Refund.self, in: rows, visit)
        try each(Dispute.self, in: rows, visit)
        try each(Pot.self, in: rows, visit, "WHERE o.deleted_at IS NULL")
        let sql = """
            SELECT \(Customer.columnList("o.")), p.sealed FROM customer o
            LEFT JOIN person p ON p.book = o.book AND p.id = o.person WHERE o.deleted_at IS NULL
            """
        try rows.each(sql, [], of: Customer.table) { columns in
            let customer = try Customer(from: &columns)
            try visit(SearchedCustomer(customer, try person(of: customer, &columns, sealer)).searchEntry(secrets))
            return true
        }
    }

    private static func each<Row: StoredRow & SearchedRow>(
        _ type: Row.Type,
        in rows: any RowWalk,
        _ visit: (SearchEntry) throws -> Void,
        _ condition: String = ""
    ) throws {
        // The schema that this fills first knew no clocks, and no search asks for them.
        let columns = Row.columns.map { $0 == "on_clock" ? "0" : "o.\($0)" }.joined(separator: ", ")
        let sql = "SELECT \(columns) FROM \(Row.table) o \(condition)"
        try rows.each(sql, [], of: Row.table) { columns in
            try visit(try Row(from: &columns).searchEntry)
            return true
        }
    }

    static func person(of customer: Customer, _ columns: inout Columns, _ sealer: Sealer) throws -> Person? {
        guard let sealed = try columns.optionalData(), let id = customer.person else { return nil }
        return try PersonRow(book: customer.book, id: id, sealed: sealed).person(sealer)
    }
}
