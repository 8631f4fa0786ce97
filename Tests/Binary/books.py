"""Whether a database holds what was promised: it is whole, its books are right, what was answered is in it."""
import pathlib
import sqlite3

# How a refund's status holds its amount.
RESERVED = "('awaiting_approval', 'queued', 'dispatching', 'in_doubt', 'submitted', 'requires_action', 'needs_review')"
SPENT = "('succeeded')"

# Each finds what breaks its rule; there must be nothing.
RULES = {
    "references": "SELECT * FROM pragma_foreign_key_check",
    "never more than was captured": """
        SELECT id FROM payment
        WHERE reserved + refunded + disputed > captured OR excess <> 0 OR min(reserved, refunded) < 0
    """,
    "payments agree with their refunds": f"""
        SELECT p.id FROM payment p LEFT JOIN refund r ON r.book = p.book AND r.payment = p.id GROUP BY p.book, p.id
        HAVING p.reserved <> coalesce(sum(r.amount) FILTER (WHERE r.status IN {RESERVED}), 0)
            OR p.refunded <> coalesce(sum(r.amount) FILTER (WHERE r.status IN {SPENT}), 0)
            OR p.refund_count <> count(r.id)
    """,
    "the journal agrees with each refund": f"""
        SELECT r.id FROM refund r LEFT JOIN entry e ON e.book = r.book AND e.cause = r.id GROUP BY r.book, r.id
        HAVING coalesce(sum(e.amount * ((e.credit = 3) - (e.debit = 3))), 0) <> r.amount * (r.status IN {RESERVED})
            OR coalesce(sum(e.amount * ((e.credit = 1) - (e.debit = 1))), 0) <> r.amount * (r.status IN {SPENT})
    """,
    "the journal agrees with all payments": """
        SELECT * FROM (
            SELECT coalesce(sum(amount * ((debit = 1) - (credit = 1))), 0) AS funds,
                coalesce(sum(amount * ((credit = 2) - (debit = 2))), 0) AS balance,
                coalesce(sum(amount * ((credit = 3) - (debit = 3))), 0) AS reserved FROM entry
        ) JOIN (
            SELECT coalesce(sum(captured), 0) AS captured, coalesce(sum(reserved), 0) AS held,
                coalesce(sum(refunded), 0) AS refunded, coalesce(sum(disputed), 0) AS disputed FROM payment
        ) WHERE (funds, balance, reserved) <> (captured - refunded, captured - held - refunded - disputed, held)
    """,
    "events are numbered without gaps": """
        SELECT object FROM event GROUP BY book, object HAVING min(sequence) <> 1 OR max(sequence) <> count(*)
    """,
    "a refund's newest event is what it is": """
        SELECT r.id FROM refund r LEFT JOIN event e ON e.book = r.book AND e.object = r.id AND e.sequence = r.sequence
        WHERE json_extract(e.part, '$.status') IS NOT r.status
            OR EXISTS (SELECT 1 FROM event v WHERE v.book = r.book AND v.object = r.id AND v.sequence > r.sequence)
    """,
    "attempts are counted": """
        SELECT r.id FROM refund r LEFT JOIN attempt a ON a.book = r.book AND a.refund = r.id GROUP BY r.book, r.id
        HAVING r.attempts <> count(a.number)
    """,
    "one key at the processor for a refund's life, and one payment under it": """
        SELECT r.id FROM refund r
            LEFT JOIN attempt a ON a.book = r.book AND a.refund = r.id
            LEFT JOIN sandbox_operation o ON o.book = a.book AND o.processor_key = a.processor_key
        WHERE r.kind = 'refund' GROUP BY r.book, r.id HAVING count(DISTINCT a.processor_key) > 1
            OR r.status = 'succeeded' AND count(DISTINCT o.processor_key) <> 1
    """,
    "one key, one answer, one refund": """
        SELECT i.key FROM idempotency i LEFT JOIN refund r ON r.book = i.book AND r.id = i.object AND i.kind = 'refund'
        GROUP BY i.book, i.object HAVING count(*) <> 1 OR count(r.id) <> 1
        UNION ALL SELECT key FROM (SELECT book, key FROM idempotency EXCEPT SELECT book, key FROM answer)
        UNION ALL SELECT key FROM answer GROUP BY book, key HAVING count(*) <> 1
    """,
    "refunds are counted": """
        SELECT book FROM (SELECT book, count(*) AS rows FROM refund GROUP BY book) LEFT JOIN tally USING (book)
        WHERE name = 'refunds' GROUP BY book HAVING sum(amount) <> rows
    """,
}


class Wrong(Exception):
    """What is wrong with a database, in a few words."""


def check(folder, answered, keys=None):
    """Reads the database in `folder` as a newly started program would.

    - answered: the refunds that clients were told of.
    - keys: the idempotency key of each refund's id, as far as the clients know it.
    - Throws: `Wrong`.
    """
    path = pathlib.Path(folder) / "storno.sqlite"
    if not path.exists():
        if answered:
            raise Wrong("lost: the database")
        return
    database = sqlite3.connect(path)
    try:
        check_database(database, pathlib.Path(folder), answered, keys or {})
    except sqlite3.DatabaseError as failure:
        raise Wrong(f"corrupt: {failure}") from None
    finally:
        database.close()


def check_database(database, folder, answered, keys):
    findings = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if findings != "ok":
        raise Wrong(f"corrupt: {findings.split(':')[0]}")
    tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'refund'").fetchone()[0]
    if tables == 0:
        if answered:
            raise Wrong("lost: the schema")
        return
    for name, sql in RULES.items():
        if database.execute(sql).fetchone():
            raise Wrong(f"broken: {name}")
    check_secret_key(database, folder)
    check_answers(database, answered, keys)


def check_secret_key(database, folder):
    """Half a key is refused, and a database that knows its key cannot be opened without it."""
    is_bound = database.execute("SELECT count(*) FROM meta WHERE name = 'secret_key'").fetchone()[0]
    key = folder / "storno.key"
    if key.exists() and len(key.read_bytes().strip()) != 44:
        raise Wrong("locked out: half a secret key")
    if is_bound and not key.exists():
        raise Wrong("locked out: no secret key")


def check_answers(database, answered, keys):
    rows = {row[0]: row[1:] for row in database.execute("SELECT id, payment, amount, status FROM refund")}
    key_of = dict(database.execute("SELECT object, key FROM idempotency"))
    for refund in answered:
        id = refund.id.to_bytes(16, "big")
        payment, amount, status = rows.get(id, (None, None, None))
        if (payment, amount) != (refund.payment.to_bytes(16, "big"), refund.amount):
            raise Wrong("lost: a refund")
        if refund.is_paid and status != "succeeded":
            raise Wrong("lost: that a refund was paid")
        if refund.id in keys and key_of.get(id) != keys[refund.id]:
            raise Wrong("lost: an idempotency key")
