/// Endpoints that are told of events, and the telling.
let m0005 =
    """
    CREATE TABLE webhook_endpoint (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        created_at INTEGER NOT NULL,
        api_version TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        sealed BLOB NOT NULL CHECK (length(sealed) > 37),
        types TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
        disabled_reason TEXT CHECK (disabled_reason IN ('requested', 'gone')),
        previous_expires_at INTEGER,
        held_until INTEGER,
        throttles INTEGER NOT NULL CHECK (throttles >= 0),
        deleted_at INTEGER,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX webhook_endpoint_told ON webhook_endpoint (book, id) WHERE status = 'enabled' AND deleted_at IS NULL;

    CREATE TABLE webhook_mark (
        book INTEGER NOT NULL,
        endpoint BLOB NOT NULL,
        place_transaction INTEGER NOT NULL CHECK (place_transaction >= 0),
        place_number INTEGER NOT NULL CHECK (place_number >= 0),
        PRIMARY KEY (book, endpoint),
        FOREIGN KEY (book, endpoint) REFERENCES webhook_endpoint (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE delivery (
        book INTEGER NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        endpoint BLOB NOT NULL,
        object BLOB NOT NULL CHECK (length(object) = 16),
        kind TEXT NOT NULL,
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        type TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'pending', 'sending', 'delivered', 'given_up')),
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        failures INTEGER NOT NULL CHECK (failures >= 0),
        due_at INTEGER,
        fencing INTEGER NOT NULL CHECK (fencing >= 0),
        ended_at INTEGER,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, endpoint) REFERENCES webhook_endpoint (book, id),
        CHECK ((state IN ('pending', 'sending')) = (due_at IS NOT NULL)),
        CHECK ((state IN ('delivered', 'given_up')) = (ended_at IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX delivery_told_once ON delivery (book, endpoint, object, sequence);
    CREATE UNIQUE INDEX delivery_head ON delivery (book, endpoint, object) WHERE due_at IS NOT NULL;
    CREATE INDEX delivery_waiting ON delivery (book, endpoint, object, sequence) WHERE state = 'waiting';
    CREATE INDEX delivery_due ON delivery (book, endpoint, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX delivery_in_flight ON delivery (due_at) WHERE state = 'sending' AND due_at IS NOT NULL;
    CREATE INDEX delivery_by_endpoint ON delivery (book, endpoint, id);

    CREATE TABLE delivery_attempt (
        book INTEGER NOT NULL,
        delivery BLOB NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        started_at INTEGER NOT NULL,
        duration INTEGER NOT NULL CHECK (duration >= 0),
        outcome TEXT NOT NULL
            CHECK (outcome IN ('delivered', 'refused', 'timed_out', 'unreachable', 'blocked', 'interrupted')),
        status INTEGER,
        reason TEXT,
        sealed BLOB NOT NULL,
        PRIMARY KEY (book, delivery, number),
        FOREIGN KEY (book, delivery) REFERENCES delivery (book, id)
    ) STRICT, WITHOUT ROWID;
    """ + appendOnly(["delivery_attempt"])
