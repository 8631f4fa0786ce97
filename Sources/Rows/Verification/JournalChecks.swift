import Domain

extension Verification {
    /// The journal, line by line and as a whole, against the rows that it is about.
    static let journalChecks = [
        Check(
            "entries_of_payment",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE (
                p.captured,
                (SELECT coalesce(sum(c.fee), 0) FROM capture c WHERE c.book = p.book AND c.payment = p.id)
            ) <> (
                SELECT coalesce(sum(e.amount * (CAST(e.credit = 2 AS INTEGER) - CAST(e.debit = 2 AS INTEGER))), 0),
                    coalesce(sum(e.amount * (CAST(e.debit = 5 AS INTEGER) - CAST(e.credit = 5 AS INTEGER))), 0)
                FROM entry e WHERE e.book = p.book AND e.cause = p.id
            )
            """
        ),
        Check(
            "entries_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE (
                CASE WHEN r.kind <> 'void' AND r.status IN (\(words(.reserved))) THEN r.amount ELSE 0 END,
                CASE WHEN r.kind <> 'void' AND r.status IN (\(words(.spent))) THEN r.amount ELSE 0 END
            ) <> (
                SELECT coalesce(sum(amount * (CAST(credit = 3 AS INTEGER) - CAST(debit = 3 AS INTEGER))), 0),
                    coalesce(sum(amount * (CAST(credit = 1 AS INTEGER) - CAST(debit = 1 AS INTEGER))), 0)
                FROM entry e WHERE e.book = r.book AND e.cause = r.id
            )
            """
        ),
        Check(
            "entries_of_dispute",
            """
            SELECT d.book, hex(d.id) FROM dispute d
            WHERE CASE WHEN d.state <> 'won' THEN d.amount ELSE 0 END <> (
                SELECT coalesce(sum(e.amount * (CAST(e.credit = 4 AS INTEGER) - CAST(e.debit = 4 AS INTEGER))), 0) FROM entry e
                WHERE e.book = d.book AND e.cause = d.id
            )
            """
        ),
        // Lines between accounts that nothing of this kind moves.
        Check(
            "accounts_of_entry",
            """
            SELECT DISTINCT book, hex(cause) FROM entry
            WHERE (cause_kind, debit, credit) NOT IN (VALUES
                ('payment', 1, 2), ('payment', 5, 1), ('dispute', 2, 4), ('dispute', 4, 2), ('refund', 2, 3),
                ('refund', 3, 1), ('refund', 3, 2), ('refund', 2, 1), ('refund', 1, 2), ('refund', 1, 3))
            """
        ),
        // Lines whose cause is not there, or is in another currency.
        Check(
            "cause_of_entry",
            """
            SELECT DISTINCT j.book, hex(j.cause) FROM entry j
            WHERE CASE j.cause_kind
                WHEN 'refund' THEN NOT EXISTS (
                    SELECT 1 FROM refund o WHERE o.book = j.book AND o.id = j.cause AND o.currency = j.currency)
                WHEN 'payment' THEN NOT EXISTS (
                    SELECT 1 FROM payment o WHERE o.book = j.book AND o.id = j.cause AND o.currency = j.currency)
                WHEN 'dispute' THEN NOT EXISTS (
                    SELECT 1 FROM dispute o WHERE o.book = j.book AND o.id = j.cause AND o.currency = j.currency)
                ELSE TRUE END
            """
        ),
        Check(
            "event_of_entry",
            """
            SELECT DISTINCT e.book, hex(e.cause) FROM entry e
            WHERE NOT EXISTS (
                SELECT 1 FROM event v WHERE v.book = e.book AND v.object = e.cause AND v.sequence = e.sequence
            )
            """
        ),
    ]
}
