import Domain

extension Verification {
    /// Refunds against what was sent for them and what was heard.
    static let attemptChecks = [
        Check(
            "attempts_of_refund",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE r.kind = 'refund' AND (r.attempts, r.attempts) <> (
                SELECT count(*), coalesce(max(a.number), 0) FROM attempt a WHERE a.book = r.book AND a.refund = r.id
            )
            """
        ),
        // Nothing is in flight, or doubtful, that was not written down before it was sent.
        Check(
            "attempt_in_flight",
            """
            SELECT book, hex(id) FROM refund
            WHERE kind = 'refund' AND attempts = 0
                AND status IN (\(quoted([.dispatching, .inDoubt, .submitted, .requiresAction])))
            """
        ),
        // An answer has the attempt that it answers, and comes after it.
        Check(
            "attempt_of_evidence",
            """
            SELECT DISTINCT e.book, hex(e.refund) FROM evidence e
            WHERE e.attempt > 0 AND NOT EXISTS (
                SELECT 1 FROM attempt a
                WHERE a.book = e.book AND a.refund = e.refund AND a.number = e.attempt AND a.started_at <= e.arrived_at
            )
            """
        ),
        // Nothing has ended without somebody who said so.
        Check(
            "evidence_of_outcome",
            """
            SELECT r.book, hex(r.id) FROM refund r
            WHERE r.kind IN ('refund', 'external') AND r.status IN ('succeeded', 'reversed', 'failed')
                AND r.failure_code IS DISTINCT FROM 'expired_action' AND NOT EXISTS (
                    SELECT 1 FROM evidence e
                    WHERE e.book = r.book AND e.refund = r.id AND CASE r.status
                        WHEN 'succeeded' THEN e.claim = 'succeeded'
                        WHEN 'failed' THEN e.claim = 'refused'
                        ELSE e.claim IN ('returned', 'refused')
                    END
                )
            """
        ),
    ]
}
