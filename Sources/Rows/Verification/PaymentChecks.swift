import Domain

extension Verification {
    /// Payments against their captures, refunds, disputes and pots.
    static let paymentChecks = [
        Check(
            "payment_amounts",
            """
            SELECT book, hex(id) FROM payment
            WHERE captured + voided > authorized OR authorized < 0 OR captured < 0 OR voided < 0 OR reserved < 0
                OR refunded < 0 OR disputed < 0 OR excess <> CASE
                    WHEN reserved + refunded + disputed > captured THEN reserved + refunded + disputed - captured
                    ELSE 0 END
            """
        ),
        Check("clock_of_payment", clock("payment")),
        Check("payment_excess", "SELECT book, hex(id) FROM payment WHERE excess > 0"),
        Check(
            "payment_captured",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.captured <> (SELECT coalesce(sum(c.amount), 0) FROM capture c WHERE c.book = p.book AND c.payment = p.id)
            """
        ),
        // Without the index's name SQLite walks every refund of the book for each payment.
        Check(
            "payment_refunds",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE (p.reserved, p.refunded, p.voided, p.refund_count) <> (
                SELECT
                    coalesce(sum(CASE WHEN kind <> 'void' AND status IN (\(words(.reserved))) THEN amount END), 0),
                    coalesce(sum(CASE WHEN kind <> 'void' AND status IN (\(words(.spent))) THEN amount END), 0),
                    coalesce(sum(CASE WHEN kind = 'void' AND status NOT IN (\(words(.released))) THEN amount END), 0),
                    count(*)
                FROM refund r INDEXED BY refund_by_payment WHERE r.book = p.book AND r.payment = p.id
            )
            """
        ),
        Check(
            "payment_disputes",
            """
            SELECT p.book, hex(p.id) FROM payment p
            WHERE p.disputed <> (
                SELECT coalesce(sum(d.amount), 0) FROM dispute d INDEXED BY dispute_by_payment
                WHERE d.book = p.book AND d.payment = p.id AND d.state <> 'won'
            )
            """
        ),
        Check(
            "pot_balance",
            """
            SELECT t.book, hex(t.id) FROM pot t LEFT JOIN (
                SELECT book, pot, sum(captured) AS volume, sum(captured - reserved - refunded) AS balance
                FROM payment WHERE pot IS NOT NULL GROUP BY book, pot
            ) p ON p.book = t.book AND p.pot = t.id
            WHERE t.balance <> coalesce(p.balance, 0) OR t.volume <> coalesce(p.volume, 0)
            """
        ),
        Check("tally_of_payments", tally("payments", counts: "payment")),
    ]

    /// Books whose count is not that of the rows, also where there is no count at all.
    static func tally(_ name: String, counts table: String) -> String {
        """
        SELECT b.number, '\(name)' FROM book b
        WHERE (SELECT coalesce(sum(t.amount), 0) FROM tally t WHERE t.book = b.number AND t.name = '\(name)')
            <> (SELECT count(*) FROM \(table) o WHERE o.book = b.number)
        """
    }

    /// The statuses that hold an amount in this way, as a list.
    static func words(_ hold: RefundStatus.Hold) -> String {
        quoted(RefundStatus.allCases.filter { $0.hold == hold })
    }

    static func quoted(_ statuses: [RefundStatus]) -> String {
        statuses.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
}
