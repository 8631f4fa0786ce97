import Domain

extension Verification {
    /// Deliveries against their events, their endpoints and what was sent.
    static let deliveryChecks = [
        Check(
            "event_of_delivery",
            """
            SELECT d.book, hex(d.id) FROM delivery d
            WHERE NOT EXISTS (
                SELECT 1 FROM event e
                WHERE e.book = d.book AND e.object = d.object AND e.sequence = d.sequence AND e.kind = d.kind
                    AND e.type = d.type AND e.at <= d.created_at
            )
            """
        ),
        Check(
            "mark_of_endpoint",
            """
            SELECT e.book, hex(e.id) FROM webhook_endpoint e
            WHERE NOT EXISTS (SELECT 1 FROM webhook_mark m WHERE m.book = e.book AND m.endpoint = e.id)
            """
        ),
        // What waits has something before it to wait for, or nobody would ever send it.
        Check(
            "head_of_lane",
            """
            SELECT DISTINCT w.book, hex(w.id) FROM delivery w
            WHERE w.state = 'waiting' AND NOT EXISTS (
                SELECT 1 FROM delivery h
                WHERE h.book = w.book AND h.endpoint = w.endpoint AND h.object = w.object AND h.due_at IS NOT NULL
            )
            """
        ),
        // An event was not sent for the first time before the one that came before it to the same endpoint was delivered
        // or given up. (The ids are compared in a way that no index serves: the one of ids leads through the whole book.)
        Check(
            "order_of_lane",
            """
            SELECT l.book, hex(l.id) FROM delivery l
            WHERE l.attempts > 0 AND EXISTS (
                SELECT 1 FROM delivery e
                WHERE e.book = l.book AND e.endpoint = l.endpoint AND e.object = l.object AND e.sequence < l.sequence
                    AND CASE WHEN e.id < l.id THEN 1 ELSE 0 END = 1 AND e.created_at <= l.created_at AND e.attempts = 0
            )
            """
        ),
        Check(
            "attempts_of_delivery",
            """
            SELECT d.book, hex(d.id) FROM delivery d
            WHERE d.failures > d.attempts OR d.attempts - CASE WHEN d.state = 'sending' THEN 1 ELSE 0 END <> (
                SELECT count(*) FROM delivery_attempt a WHERE a.book = d.book AND a.delivery = d.id
            )
            """
        ),
        // Nothing counts as delivered that no receiver took.
        Check(
            "outcome_of_delivery",
            """
            SELECT d.book, hex(d.id) FROM delivery d
            WHERE d.state = 'delivered' AND NOT EXISTS (
                SELECT 1 FROM delivery_attempt a
                WHERE a.book = d.book AND a.delivery = d.id AND a.outcome = 'delivered' AND a.status BETWEEN 200 AND 299
            )
            """
        ),
    ]
}
