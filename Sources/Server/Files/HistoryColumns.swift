/// The columns of a file of payments or refunds, in the order in which exports write them.
package enum HistoryKind: String, Sendable, CaseIterable {
    case payments
    case refunds

    package var columns: [String] {
        switch self {
        case .payments:
            [
                "id", "dialect", "amount", "currency", "captured", "created_at", "captured_at", "order_reference",
                "processor", "processor_account", "processor_reference", "fee", "metadata", "status", "amount_refunded",
                "amount_disputed",
            ]
        case .refunds:
            [
                "id", "dialect", "payment", "payment_dialect", "amount", "currency", "status", "created_at",
                "succeeded_at", "reason", "failure", "processor_reference", "metadata",
            ]
        }
    }

    /// Written only when it is asked for.
    package var personalColumns: [String] { self == .payments ? ["customer_email", "customer_name"] : [] }

    var required: [String] {
        switch self {
        case .payments: ["id", "amount", "currency"]
        case .refunds: ["id", "payment", "amount"]
        }
    }

    /// What exports tell and imports do not take.
    var ignored: Set<String> { self == .payments ? ["amount_refunded", "amount_disputed"] : [] }
}

/// A file's first line.
package struct HistoryHeader: Sendable {
    package let kind: HistoryKind
    /// Each a known one, none twice.
    package let columns: [String]

    /// - Throws: ``AdminRefusal``, naming the column.
    package init(_ cells: [String]) throws {
        columns = cells.map { CSVText.plain($0).lowercased() }
        // Only refunds are of a payment.
        kind = columns.contains("payment") ? .refunds : .payments
        if columns.count == 1, let only = columns.first, only.contains(where: { $0 == ";" || $0 == "\t" }) {
            throw AdminRefusal("The columns are not separated by commas. Save the file as CSV with commas (RFC 4180).")
        }
        let known = kind.columns + kind.personalColumns
        for (index, name) in columns.enumerated() {
            guard known.contains(name) else { throw Self.unknown(name, known, kind) }
            if columns[..<index].contains(name) { throw AdminRefusal("The column \(name) is there twice.") }
        }
        for name in kind.required where !columns.contains(name) {
            throw AdminRefusal(
                "A file of \(kind.rawValue) needs the column \(name). It may have: \(known.joined(separator: ", "))."
            )
        }
    }

    private static func unknown(_ name: String, _ known: [String], _ kind: HistoryKind) -> AdminRefusal {
        let shown = String(name.prefix(60))
        let near = known.map { (name: $0, distance: distance(shown, $0)) }.min { $0.distance < $1.distance }
        let advice =
            if let near, near.distance <= max(2, shown.count / 3) { "Did you mean \(near.name)?" } else {
                "A file of \(kind.rawValue) may have: \(known.joined(separator: ", "))."
            }
        return AdminRefusal("There is no column \(shown). \(advice)")
    }

    /// How many letters have to be changed, added or left out.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var last = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let changed = last + (letter == other ? 0 : 1)
                last = row[place + 1]
                row[place + 1] = min(changed, row[place] + 1, last + 1)
            }
        }
        return row[right.count]
    }
}
