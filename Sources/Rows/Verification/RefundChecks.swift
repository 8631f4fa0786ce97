import Domain

extension Verification {
    /// Refunds against their payments, and against themselves.
    static let refundChecks = [
        Check(
            "payment_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r LEFT JOIN payment p ON p.book = r.book AND p.id = r.payment
            WHERE p.id IS NULL OR r.currency <> p.currency OR r.exponent <> p.exponent
            """
        ),
        // What somebody still has to look at has a time at which that happens.
        Check(
            "due_of_refund",
            """
            SELECT book, hex(id) FROM refund
            WHERE kind = 'refund' AND due_at IS NULL
                AND status IN (\(quoted([.queued, .dispatching, .inDoubt, .submitted, .requiresAction])))
            """
        ),
        // What is due by a book's own clock stands where the others' work does not, and the other way round.
        Check("clock_of_refund", clock("refund")),
        // One refund at the processor is one refund here, whoever asked for it.
        Check(
            "external_once",
            """
            SELECT x.book, hex(x.id) FROM refund x
            WHERE x.kind = 'external' AND x.processor_reference IS NOT NULL AND EXISTS (
                SELECT 1 FROM refund r INDEXED BY refund_by_payment
                WHERE r.book = x.book AND r.payment = x.payment AND r.id <> x.id
                    AND r.processor_reference = x.processor_reference
            )
            """
        ),
        Check(
            "object_of_idempotency_key",
            """
            SELECT i.book, hex(i.object) FROM idempotency i
            WHERE i.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.book = i.book AND r.id = i.object)
            """
        ),
        Check("tally_of_refunds", tally("refunds", counts: "refund")),
    ]

    static func clock(_ table: String) -> String {
        """
        SELECT o.book, hex(o.id) FROM \(table) o LEFT JOIN test_clock c ON c.book = o.book
        WHERE o.due_at IS NOT NULL
            AND o.on_clock <> (CASE WHEN c.frozen_at IS NOT NULL OR c.ahead > 0 THEN 1 ELSE 0 END)
        """
    }
}
