#if PostgreSQL
/// Work by connector, so that one that hangs holds up no other; facts found at the processor once; and no word in
/// a row that Storno would not understand.
let m0002 =
    """
    DROP INDEX refund_to_send;
    CREATE INDEX refund_to_send ON refund (connector, due_at)
        WHERE status = 'queued' AND due_at IS NOT NULL;
    DROP INDEX refund_to_follow;
    CREATE INDEX refund_to_follow ON refund (connector, due_at)
        WHERE status <> 'queued' AND status <> 'awaiting_approval' AND due_at IS NOT NULL;
    CREATE INDEX refund_to_approve ON refund (due_at)
        WHERE status = 'awaiting_approval' AND due_at IS NOT NULL;
    CREATE INDEX refund_in_flight ON refund (due_at)
        WHERE status = 'dispatching' AND due_at IS NOT NULL;
    CREATE INDEX refund_for_operators ON refund (status, id)
        WHERE status IN ('awaiting_approval', 'in_doubt', 'needs_review');
    CREATE UNIQUE INDEX refund_found_once ON refund (book, payment, processor_reference)
        WHERE kind = 'external' AND processor_reference IS NOT NULL;
    CREATE UNIQUE INDEX dispute_known_once ON dispute (book, payment, reference)
        WHERE reference IS NOT NULL;
    """
    + words(
        in: "refund",
        "status",
        "awaiting_approval queued dispatching in_doubt submitted requires_action succeeded reversed failed canceled needs_review"
    )
    + words(in: "refund", "kind", "refund void external manual")
    + words(
        in: "payment",
        "state",
        "created authorized to_capture capture_sent captured canceled expired failed refused"
    )
    + words(in: "dispute", "state", "open won lost")
    + words(in: "dispute", "stage", "inquiry chargeback arbitration")
    + words(in: "evidence", "source", "silence notification reply inquiry settlement operator")
    + words(
        in: "evidence",
        "claim",
        "none unsent postponed accepted action_required action_taken succeeded refused returned absent contradicted withdrawn"
    )

/// No other word is taken in a column. A later migration that knows one more replaces it.
private func words(in table: String, _ column: String, _ known: String) -> String {
    let list = known.split(separator: " ").map { "'\($0)'" }.joined(separator: ", ")
    return """

        ALTER TABLE \(table) ADD CONSTRAINT \(table)_\(column)_is_known CHECK (\(column) IN (\(list)));
        """
}
#endif
