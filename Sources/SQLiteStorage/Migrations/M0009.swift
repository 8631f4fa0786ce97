/// Books of test mode that have a time of their own. What is due in them stands in indexes of its own, so that it is in
/// nobody else's way, however long their time stands still.
let m0009 = """
    CREATE TABLE test_clock (
        book INTEGER PRIMARY KEY REFERENCES book (number) CHECK (book % 2 = 1),
        frozen_at INTEGER,
        ahead INTEGER NOT NULL CHECK (ahead >= 0),
        advancing_to INTEGER,
        holder BLOB CHECK (length(holder) = 16),
        held_until INTEGER,
        CHECK (frozen_at IS NULL OR ahead = 0),
        CHECK (advancing_to IS NULL OR (frozen_at IS NOT NULL AND advancing_to >= frozen_at))
    ) STRICT;

    ALTER TABLE refund ADD COLUMN on_clock INTEGER NOT NULL DEFAULT 0 CHECK (on_clock IN (0, 1));
    ALTER TABLE payment ADD COLUMN on_clock INTEGER NOT NULL DEFAULT 0 CHECK (on_clock IN (0, 1));

    DROP INDEX refund_to_send;
    DROP INDEX refund_to_follow;
    DROP INDEX refund_to_approve;
    DROP INDEX refund_in_flight;
    DROP INDEX payment_due;
    CREATE INDEX refund_to_send ON refund (connector, due_at)
        WHERE status = 'queued' AND due_at IS NOT NULL AND on_clock = 0;
    CREATE INDEX refund_to_follow ON refund (connector, due_at)
        WHERE status <> 'queued' AND status <> 'awaiting_approval' AND due_at IS NOT NULL AND on_clock = 0;
    CREATE INDEX refund_to_approve ON refund (due_at)
        WHERE status = 'awaiting_approval' AND due_at IS NOT NULL AND on_clock = 0;
    CREATE INDEX refund_in_flight ON refund (due_at)
        WHERE status = 'dispatching' AND due_at IS NOT NULL AND on_clock = 0;
    CREATE INDEX payment_due ON payment (due_at) WHERE due_at IS NOT NULL AND on_clock = 0;
    CREATE INDEX refund_on_clock ON refund (book, due_at) WHERE due_at IS NOT NULL AND on_clock = 1;
    CREATE INDEX payment_on_clock ON payment (book, due_at) WHERE due_at IS NOT NULL AND on_clock = 1;
    """
