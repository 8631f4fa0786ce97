import Domain
import Storage

/// Something that rows say against a rule.
package struct Finding: Sendable, Equatable {
    /// The rule's name, such as `entries_of_refund`.
    package let check: String
    package let book: Int64
    /// The offending object's id as 32 hexadecimal digits, or what it is about.
    package let subject: String

    package init(check: String, book: Int64, subject: String) {
        self.check = check
        self.book = book
        self.subject = subject
    }
}

/// The rows of a database as they are at one moment, for whoever walks through many.
package protocol RowWalk {
    /// - Parameters:
    ///   - sql: a question mark for each argument.
    ///   - visit: returns whether to go on.
    func each(
        _ sql: String,
        _ arguments: [StoredValue],
        of table: String,
        _ visit: (inout Columns) throws -> Bool
    ) throws
}

/// Proves the books from the rows alone: a rule is a walk along an index, so that time grows with the rows and
/// memory does not. The rules are the same on every database.
package enum Verification {
    /// The longest come first, in favour of whoever waits for the last.
    package static let checks =
        [Check.walks, Check.seals, Check.search, Check.trialBalance]
        + eventChecks + journalChecks + paymentChecks + attemptChecks + refundChecks + deliveryChecks
}

/// One rule, and how to find what breaks it.
package struct Check: Sendable {
    /// At most `limit` of the findings.
    package typealias Findings = @Sendable (_ rows: any RowWalk, _ sealer: Sealer, _ limit: Int) throws -> [Finding]

    package let name: String
    private let look: Findings

    package init(_ name: String, findings: @escaping Findings) {
        self.name = name
        look = findings
    }

    /// - Parameter sql: finds what breaks the rule: the book, and what it is about.
    package init(_ name: String, _ sql: String) {
        self.init(name) { rows, _, limit in
            var findings: [Finding] = []
            try rows.each(sql, [], of: name) { columns in
                let book = (try? columns.integer()) ?? 0
                let subject = try? columns.text()
                findings.append(Finding(check: name, book: book, subject: subject ?? "a row that does not decode"))
                return findings.count < limit
            }
            return findings
        }
    }

    /// A row that does not decode is a finding too.
    package func findings(in rows: any RowWalk, _ sealer: Sealer, _ limit: Int) throws -> [Finding] {
        do {
            return try look(rows, sealer, limit)
        } catch let damaged as DamagedRow {
            return [Finding(check: name, book: 0, subject: "\(damaged)")]
        }
    }
}
