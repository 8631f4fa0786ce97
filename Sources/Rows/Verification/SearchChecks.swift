import Domain
import Storage

extension Check {
    /// Each object is found by what it says, and nothing else is found. Without the key customers are left out: what
    /// they are found by is made with it.
    static let search = Check("search") { rows, sealer, limit in
        var findings = try wrong(Payment.self, rows, limit) + wrong(Refund.self, rows, limit)
        findings += try wrong(Dispute.self, rows, limit) + wrong(Pot.self, rows, limit) { $0.deletedAt != nil }
        if let secrets = sealer.secrets { findings += try wrongCustomers(rows, sealer, secrets, limit) }
        try rows.each(leftOver, [], of: SearchEntry.table) { columns in
            findings.append(Finding(check: "search", book: try columns.integer(), subject: try columns.text()))
            return findings.count < limit
        }
        return Array(findings.prefix(limit))
    }

    /// Entries of nothing.
    private static let leftOver = """
        SELECT e.book, hex(e.object) FROM search_entry e
        WHERE CASE e.kind
            WHEN 'refund' THEN NOT EXISTS (SELECT 1 FROM refund o WHERE o.book = e.book AND o.id = e.object)
            WHEN 'payment' THEN NOT EXISTS (SELECT 1 FROM payment o WHERE o.book = e.book AND o.id = e.object)
            WHEN 'dispute' THEN NOT EXISTS (SELECT 1 FROM dispute o WHERE o.book = e.book AND o.id = e.object)
            WHEN 'customer' THEN NOT EXISTS (
                SELECT 1 FROM customer o WHERE o.book = e.book AND o.id = e.object AND o.deleted_at IS NULL)
            WHEN 'pot' THEN NOT EXISTS (
                SELECT 1 FROM pot o WHERE o.book = e.book AND o.id = e.object AND o.deleted_at IS NULL)
            ELSE TRUE END
        """

    private static func wrong<Row: StoredRow & SearchedRow>(
        _ type: Row.Type,
        _ rows: any RowWalk,
        _ limit: Int,
        isGone: (Row) -> Bool = { _ in false }
    ) throws -> [Finding] {
        let sql = """
            SELECT \(Row.columnList("o.")), e.kind, e.terms FROM \(Row.table) o
            LEFT JOIN search_entry e ON e.book = o.book AND e.object = o.id
            """
        var findings: [Finding] = []
        try rows.each(sql, [], of: Row.table) { columns in
            let row = try Row(from: &columns)
            if !isGone(row), try !agree(row.searchEntry, &columns) { findings.append(finding(row.searchEntry)) }
            return findings.count < limit
        }
        return findings
    }

    private static func wrongCustomers(
        _ rows: any RowWalk,
        _ sealer: Sealer,
        _ secrets: Secrets,
        _ limit: Int
    ) throws -> [Finding] {
        let sql = """
            SELECT \(Customer.columnList("o.")), p.sealed, e.kind, e.terms FROM customer o
            LEFT JOIN person p ON p.book = o.book AND p.id = o.person
            LEFT JOIN search_entry e ON e.book = o.book AND e.object = o.id WHERE o.deleted_at IS NULL
            """
        var findings: [Finding] = []
        try rows.each(sql, [], of: Customer.table) { columns in
            let customer = try Customer(from: &columns)
            let person = try SearchFilling.person(of: customer, &columns, sealer)
            let entry = SearchedCustomer(customer, person).searchEntry(secrets)
            if try !agree(entry, &columns) { findings.append(finding(entry)) }
            return findings.count < limit
        }
        return findings
    }

    private static func agree(_ entry: SearchEntry, _ columns: inout Columns) throws -> Bool {
        let (kind, terms) = (try columns.optionalText(), try columns.optionalText())
        return kind == entry.object.kind.rawValue && terms == entry.terms
    }

    private static func finding(_ entry: SearchEntry) -> Finding {
        let digits = String(entry.object.id, radix: 16, uppercase: true)
        let subject = String(repeating: "0", count: 32 - digits.count) + digits
        return Finding(check: "search", book: entry.book.number, subject: subject)
    }
}
