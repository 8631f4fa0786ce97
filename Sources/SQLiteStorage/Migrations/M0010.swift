/// Answers in the order in which they came, so that what is written together stands together, and with a number for each
/// row: without one, a long row lies on a page of its own. And the words of a
/// row looked at one after the other: for `IN` with more than two of them, SQLite made a table each time.
let m0010 =
    """
    CREATE TABLE ordered_answer (
        book INTEGER NOT NULL,
        object BLOB NOT NULL CHECK (length(object) = 16),
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (book, object, key),
        FOREIGN KEY (book, key) REFERENCES idempotency (book, key)
    ) STRICT;
    INSERT INTO ordered_answer (book, object, key, body)
        SELECT i.book, i.object, i.key, a.body FROM idempotency i JOIN answer a ON a.book = i.book AND a.key = i.key
        ORDER BY i.book, i.object, i.key;
    DROP TABLE answer;
    ALTER TABLE ordered_answer RENAME TO answer;

    DROP INDEX refund_for_operators;
    CREATE INDEX refund_for_operators ON refund (status, id)
        WHERE (status = 'awaiting_approval' OR status = 'in_doubt' OR status = 'needs_review') IS TRUE;
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

/// Triggers that refuse any other word in a column, in place of those of before.
private func words(in table: String, _ column: String, _ known: String) -> String {
    let cases = known.split(separator: " ").map { "WHEN '\($0)' THEN 0" }.joined(separator: " ")
    let body = """
        WHEN CASE NEW.\(column) \(cases) ELSE 1 END
        BEGIN SELECT RAISE(ABORT, 'unknown word in \(table).\(column)'); END;
        """
    return """

        DROP TRIGGER \(table)_\(column)_new;
        DROP TRIGGER \(table)_\(column)_set;
        CREATE TRIGGER \(table)_\(column)_new BEFORE INSERT ON \(table) \(body)
        CREATE TRIGGER \(table)_\(column)_set BEFORE UPDATE OF \(column) ON \(table) \(body)
        """
}
