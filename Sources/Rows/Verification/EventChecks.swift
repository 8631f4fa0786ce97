extension Verification {
    /// Objects against their events: one for each change, numbered without gaps.
    static let eventChecks = [
        Check("events_of_payment", numbering("payment")),
        Check("events_of_refund", numbering("refund")),
        Check("events_of_dispute", numbering("dispute")),
        Check("events_of_webhook_endpoint", numbering("webhook_endpoint")),
        Check(
            "object_of_event",
            """
            SELECT DISTINCT e.book, hex(e.object) FROM event e
            WHERE e.sequence = 1 AND CASE e.kind
                WHEN 'refund' THEN NOT EXISTS (SELECT 1 FROM refund o WHERE o.book = e.book AND o.id = e.object)
                WHEN 'payment' THEN NOT EXISTS (SELECT 1 FROM payment o WHERE o.book = e.book AND o.id = e.object)
                WHEN 'dispute' THEN NOT EXISTS (SELECT 1 FROM dispute o WHERE o.book = e.book AND o.id = e.object)
                WHEN 'webhook_endpoint'
                    THEN NOT EXISTS (SELECT 1 FROM webhook_endpoint o WHERE o.book = e.book AND o.id = e.object)
                END
            """
        ),
        Check("status_in_newest_event", newest("refund", "status")),
        Check("state_in_newest_event", newest("dispute", "state")),
        Check("status_of_webhook_endpoint", newest("webhook_endpoint", "status")),
        Check("amount_in_newest_event", newest("dispute", "amount")),
        // What is reserved and refunded moves with refunds' events; these move with the payment's own.
        Check("authorized_in_newest_event", newest("payment", "authorized")),
        Check("captured_in_newest_event", newest("payment", "captured")),
    ]

    private static func numbering(_ kind: String) -> String {
        """
        SELECT o.book, hex(o.id) FROM \(kind) o
        WHERE (o.sequence, o.sequence) <> (
            SELECT count(*), coalesce(max(e.sequence), 0) FROM event e WHERE e.book = o.book AND e.object = o.id
        )
        """
    }

    private static func newest(_ kind: String, _ member: String) -> String {
        """
        SELECT o.book, hex(o.id) FROM \(kind) o CROSS JOIN event e
            ON e.book = o.book AND e.object = o.id AND e.sequence = o.sequence
        WHERE CAST(json_extract(e.part, '$.\(member)') AS TEXT) IS DISTINCT FROM CAST(o.\(member) AS TEXT)
        """
    }
}
