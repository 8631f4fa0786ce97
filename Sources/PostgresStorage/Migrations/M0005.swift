#if PostgreSQL
/// Endpoints that are told of events, and the telling.
let m0005 =
    """
    CREATE TABLE webhook_endpoint (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        created_at bigint NOT NULL,
        api_version text NOT NULL,
        updated_at bigint NOT NULL,
        sealed bytea NOT NULL CHECK (length(sealed) > 37),
        types text NOT NULL,
        status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
        disabled_reason text CHECK (disabled_reason IN ('requested', 'gone')),
        previous_expires_at bigint,
        held_until bigint,
        throttles bigint NOT NULL CHECK (throttles >= 0),
        deleted_at bigint,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        PRIMARY KEY (book, id),
        CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
    );
    CREATE INDEX webhook_endpoint_told ON webhook_endpoint (book, id) WHERE status = 'enabled' AND deleted_at IS NULL;

    CREATE TABLE webhook_mark (
        book bigint NOT NULL,
        endpoint bytea NOT NULL,
        place_transaction bigint NOT NULL CHECK (place_transaction >= 0),
        place_number bigint NOT NULL CHECK (place_number >= 0),
        PRIMARY KEY (book, endpoint),
        FOREIGN KEY (book, endpoint) REFERENCES webhook_endpoint (book, id)
    );

    CREATE TABLE delivery (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        endpoint bytea NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        kind text NOT NULL,
        sequence bigint NOT NULL CHECK (sequence > 0),
        type text NOT NULL,
        created_at bigint NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'pending', 'sending', 'delivered', 'given_up')),
        attempts bigint NOT NULL CHECK (attempts >= 0),
        failures bigint NOT NULL CHECK (failures >= 0),
        due_at bigint,
        fencing bigint NOT NULL CHECK (fencing >= 0),
        ended_at bigint,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, endpoint) REFERENCES webhook_endpoint (book, id),
        CHECK ((state IN ('pending', 'sending')) = (due_at IS NOT NULL)),
        CHECK ((state IN ('delivered', 'given_up')) = (ended_at IS NOT NULL))
    );
    CREATE UNIQUE INDEX delivery_told_once ON delivery (book, endpoint, object, sequence);
    CREATE UNIQUE INDEX delivery_head ON delivery (book, endpoint, object) WHERE due_at IS NOT NULL;
    CREATE INDEX delivery_waiting ON delivery (book, endpoint, object, sequence) WHERE state = 'waiting';
    CREATE INDEX delivery_due ON delivery (book, endpoint, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX delivery_in_flight ON delivery (due_at) WHERE state = 'sending' AND due_at IS NOT NULL;
    CREATE INDEX delivery_by_endpoint ON delivery (book, endpoint, id);

    CREATE TABLE delivery_attempt (
        book bigint NOT NULL,
        delivery bytea NOT NULL,
        number bigint NOT NULL CHECK (number > 0),
        started_at bigint NOT NULL,
        duration bigint NOT NULL CHECK (duration >= 0),
        outcome text NOT NULL
            CHECK (outcome IN ('delivered', 'refused', 'timed_out', 'unreachable', 'blocked', 'interrupted')),
        status bigint,
        reason text,
        sealed bytea NOT NULL,
        PRIMARY KEY (book, delivery, number),
        FOREIGN KEY (book, delivery) REFERENCES delivery (book, id)
    );
    """ + appendOnly(["delivery_attempt"])
#endif
