import Domain
import Foundation
import GRDB

/// Something that rows say against a rule.
package struct Finding: Sendable, Equatable {
    /// The rule's name, such as `entries_of_refund`.
    package let check: String
    package let book: Int64
    /// The offending object's id as 32 hexadecimal digits, or what it is about.
    package let subject: String
}

/// Proves the books from the rows alone: one statement a rule, each a walk along an index, so that time grows
/// with the rows and memory does not.
package struct Verification: Sendable {
    package static let checks: [(name: String, sql: String)] = [
        (
            "payment_amounts",
            """
            SELECT book, hex(id) FROM payment
            WHERE captured + voided > authorized OR reserved + refunded + disputed > captured + excess
                OR min(authorized, captured, voided, reserved, refunded, disputed, excess) < 0
            """
        ),
        ("payment_excess", "SELECT book, hex(id) FROM payment WHERE excess > 0"),
        (
            "payment_captured",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.captured <> (SELECT coalesce(sum(c.amount), 0) FROM capture c WHERE c.book = p.book AND c.payment = p.id)
            """
        ),
        (
            "payment_refunds",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE (p.reserved, p.refunded, p.voided, p.refund_count) <> (
                SELECT
                    coalesce(sum(CASE WHEN kind <> 'void' AND status IN (\(words(.reserved))) THEN amount END), 0),
                    coalesce(sum(CASE WHEN kind <> 'void' AND status IN (\(words(.spent))) THEN amount END), 0),
                    coalesce(sum(CASE WHEN kind = 'void' AND status NOT IN (\(words(.released))) THEN amount END), 0),
                    count(*)
                FROM refund r WHERE r.book = p.book AND r.payment = p.id
            )
            """
        ),
        (
            "payment_disputes",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.disputed <> (
                SELECT coalesce(sum(d.amount), 0) FROM dispute d
                WHERE d.book = p.book AND d.payment = p.id AND d.state <> 'won'
            )
            """
        ),
        (
            "refund_currency",
            """
            SELECT r.book, hex(r.id) FROM refund r JOIN payment p ON p.book = r.book AND p.id = r.payment
            WHERE r.currency <> p.currency OR r.exponent <> p.exponent
            """
        ),
        (
            "entries_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE (
                CASE WHEN r.kind <> 'void' AND r.status IN (\(words(.reserved))) THEN r.amount ELSE 0 END,
                CASE WHEN r.kind <> 'void' AND r.status IN (\(words(.spent))) THEN r.amount ELSE 0 END
            ) <> (
                SELECT coalesce(sum(amount * ((credit = 3) - (debit = 3))), 0),
                    coalesce(sum(amount * ((credit = 1) - (debit = 1))), 0)
                FROM entry e WHERE e.book = r.book AND e.cause = r.id
            )
            """
        ),
        (
            "entries_of_payment",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.captured <> (
                SELECT coalesce(sum(e.amount * ((e.debit = 1) - (e.credit = 1))), 0) FROM entry e
                WHERE e.book = p.book AND e.cause = p.id
            )
            """
        ),
        (
            "ledger_balance",
            """
            SELECT book, currency FROM entry GROUP BY book, currency
            HAVING sum(amount * (debit IN (\(accounts)))) <> sum(amount * (credit IN (\(accounts))))
                OR sum(amount * (debit IN (\(accounts)))) <> sum(amount)
            """
        ),
        (
            "events_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE r.sequence <> (SELECT coalesce(max(e.sequence), 0) FROM event e WHERE e.book = r.book AND e.object = r.id)
                OR r.sequence <> (SELECT count(*) FROM event e WHERE e.book = r.book AND e.object = r.id)
            """
        ),
        (
            "events_of_payment",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.sequence <> (SELECT coalesce(max(e.sequence), 0) FROM event e WHERE e.book = p.book AND e.object = p.id)
                OR p.sequence <> (SELECT count(*) FROM event e WHERE e.book = p.book AND e.object = p.id)
            """
        ),
        (
            "attempts_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE r.kind = 'refund' AND r.attempts <> (
                SELECT coalesce(max(a.number), 0) FROM attempt a WHERE a.book = r.book AND a.refund = r.id
            )
            """
        ),
        (
            "pot_balance",
            """
            SELECT t.book, hex(t.id) FROM pot t LEFT JOIN (
                SELECT book, pot, sum(captured) AS volume, sum(captured - reserved - refunded) AS balance
                FROM payment WHERE pot IS NOT NULL GROUP BY book, pot
            ) p ON p.book = t.book AND p.pot = t.id
            WHERE t.balance <> coalesce(p.balance, 0) OR t.volume <> coalesce(p.volume, 0)
            """
        ),
        (
            "accounts_of_refund",
            """
            SELECT DISTINCT book, hex(cause) FROM entry
            WHERE cause_kind = 'refund'
                AND (debit, credit) NOT IN (VALUES (2, 3), (3, 1), (3, 2), (2, 1), (1, 2), (1, 3))
            """
        ),
        (
            "accounts_of_payment",
            """
            SELECT DISTINCT book, hex(cause) FROM entry
            WHERE cause_kind = 'payment' AND (debit, credit) NOT IN (VALUES (1, 2), (5, 1))
            """
        ),
        (
            "entries_of_dispute",
            """
            SELECT d.book, hex(d.id) FROM dispute d
            WHERE CASE WHEN d.state <> 'won' THEN d.amount ELSE 0 END <> (
                SELECT coalesce(sum(e.amount * ((e.credit = 4) - (e.debit = 4))), 0) FROM entry e
                WHERE e.book = d.book AND e.cause = d.id
            )
            """
        ),
        ("cause_of_refund_entry", orphans("entry", "cause_kind", "cause", "refund", currency: true)),
        ("cause_of_payment_entry", orphans("entry", "cause_kind", "cause", "payment", currency: true)),
        ("cause_of_dispute_entry", orphans("entry", "cause_kind", "cause", "dispute", currency: true)),
        (
            "cause_of_other_entry",
            "SELECT book, hex(cause) FROM entry WHERE cause_kind NOT IN ('refund', 'payment', 'dispute')"
        ),
        ("object_of_refund_event", orphans("event", "kind", "object", "refund", currency: false)),
        ("object_of_payment_event", orphans("event", "kind", "object", "payment", currency: false)),
        (
            "events_of_dispute",
            """
            SELECT d.book, hex(d.id) FROM dispute d
            WHERE d.sequence <> (SELECT count(*) FROM event e WHERE e.book = d.book AND e.object = d.id)
            """
        ),
        (
            "status_in_newest_event",
            """
            SELECT r.book, hex(r.id) FROM refund r JOIN event e
                ON e.book = r.book AND e.object = r.id AND e.sequence = r.sequence
            WHERE json_extract(e.part, '$.status') <> r.status
            """
        ),
        (
            "payment_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE NOT EXISTS (SELECT 1 FROM payment p WHERE p.book = r.book AND p.id = r.payment)
            """
        ),
        (
            "object_of_idempotency_key",
            """
            SELECT i.book, hex(i.object) FROM idempotency i
            WHERE i.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.book = i.book AND r.id = i.object)
            """
        ),
        ("tally_of_refunds", tally("refunds", counts: "refund")),
        ("tally_of_payments", tally("payments", counts: "payment")),
        ("references", "SELECT 0, \"table\" FROM pragma_foreign_key_check"),
    ]

    /// Rows of a journal whose object is not there, or is in another currency.
    private static func orphans(
        _ table: String,
        _ kindColumn: String,
        _ objectColumn: String,
        _ kind: String,
        currency: Bool
    ) -> String {
        """
        SELECT DISTINCT j.book, hex(j.\(objectColumn)) FROM \(table) j
        WHERE j.\(kindColumn) = '\(kind)' AND NOT EXISTS (
            SELECT 1 FROM \(kind) o WHERE o.book = j.book AND o.id = j.\(objectColumn)
                \(currency ? "AND o.currency = j.currency" : "")
        )
        """
    }

    /// Books whose count is not that of the rows, also where there is no count at all.
    private static func tally(_ name: String, counts table: String) -> String {
        """
        SELECT b.number, '\(name)' FROM book b
        WHERE (SELECT coalesce(sum(t.amount), 0) FROM tally t WHERE t.book = b.number AND t.name = '\(name)')
            <> (SELECT count(*) FROM \(table) o WHERE o.book = b.number)
        """
    }

    private static let accounts = LedgerAccount.allCases.map { String($0.rawValue) }.joined(separator: ", ")

    private static func words(_ hold: RefundStatus.Hold) -> String {
        RefundStatus.allCases.filter { $0.hold == hold }.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
}

extension SQLiteStore {
    /// Every finding of every check, at most `limit` of them, in one snapshot.
    ///
    /// - Parameter progress: told the name of each check before it runs.
    package func verify(limit: Int = 1000, progress: @Sendable (String) -> Void = { _ in }) throws -> [Finding] {
        try pool.read { db in
            var findings: [Finding] = []
            for check in Verification.checks where findings.count < limit {
                progress(check.name)
                let rows = try Row.fetchCursor(db, sql: check.sql)
                while findings.count < limit, let row = try rows.next() {
                    findings.append(Finding(check: check.name, book: row[0], subject: row[1]))
                }
            }
            progress("file")
            for problem in try String.fetchAll(db, sql: "PRAGMA quick_check(100)") where problem != "ok" {
                findings.append(Finding(check: "file", book: 0, subject: problem))
            }
            return findings
        }
    }
}
