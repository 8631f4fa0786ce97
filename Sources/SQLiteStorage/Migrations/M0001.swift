/// The first schema. `book` comes first in every key, so that no statement can cross accounts or modes.
let m0001 = """
    CREATE TABLE meta (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE account (
        number INTEGER PRIMARY KEY CHECK (number > 0),
        name TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE account_setting (
        account INTEGER NOT NULL REFERENCES account (number),
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE book (
        number INTEGER PRIMARY KEY,
        account INTEGER NOT NULL REFERENCES account (number),
        mode TEXT NOT NULL CHECK (mode IN ('test', 'live')),
        UNIQUE (account, mode),
        CHECK (number = account * 2 - (mode = 'test'))
    ) STRICT;

    CREATE TABLE api_key (
        hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
        name TEXT NOT NULL UNIQUE,
        book INTEGER NOT NULL REFERENCES book (number),
        dialect TEXT NOT NULL,
        prefix TEXT NOT NULL,
        last_four TEXT NOT NULL,
        scopes TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tally (
        book INTEGER NOT NULL REFERENCES book (number),
        name TEXT NOT NULL,
        slot INTEGER NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (book, name, slot)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE person (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        name TEXT,
        first_name TEXT,
        last_name TEXT,
        email TEXT,
        mobile TEXT,
        postal_code TEXT,
        PRIMARY KEY (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE note (
        book INTEGER NOT NULL REFERENCES book (number),
        object BLOB NOT NULL CHECK (length(object) = 16),
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (book, object, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE customer (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        person BLOB,
        external_reference TEXT,
        metadata TEXT,
        identity BLOB,
        email_digest BLOB,
        key_id TEXT NOT NULL,
        deleted_at INTEGER,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, person) REFERENCES person (book, id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX customer_by_identity ON customer (book, identity)
        WHERE identity IS NOT NULL AND deleted_at IS NULL;
    CREATE INDEX customer_by_email ON customer (book, email_digest)
        WHERE email_digest IS NOT NULL AND deleted_at IS NULL;

    CREATE TABLE card (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        last_four TEXT NOT NULL,
        brand TEXT NOT NULL,
        country TEXT,
        funding TEXT,
        network TEXT,
        expiry_month INTEGER NOT NULL CHECK (expiry_month BETWEEN 1 AND 12),
        expiry_year INTEGER NOT NULL,
        holder BLOB,
        external_reference TEXT,
        fingerprint BLOB,
        key_id TEXT NOT NULL,
        scenario TEXT,
        deleted_at INTEGER,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, holder) REFERENCES person (book, id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX card_by_fingerprint ON card (book, fingerprint)
        WHERE fingerprint IS NOT NULL AND deleted_at IS NULL;

    CREATE TABLE pot (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        name TEXT NOT NULL,
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        is_open INTEGER NOT NULL,
        owner BLOB,
        balance INTEGER NOT NULL,
        volume INTEGER NOT NULL CHECK (volume >= 0),
        metadata TEXT,
        deleted_at INTEGER,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        aliased INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, owner) REFERENCES customer (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE payment (
        book INTEGER NOT NULL REFERENCES book (number),
        id BLOB NOT NULL CHECK (length(id) = 16),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        state TEXT NOT NULL,
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        authorized INTEGER NOT NULL CHECK (authorized >= 0),
        captured INTEGER NOT NULL CHECK (captured >= 0),
        voided INTEGER NOT NULL CHECK (voided >= 0),
        reserved INTEGER NOT NULL CHECK (reserved >= 0),
        refunded INTEGER NOT NULL CHECK (refunded >= 0),
        disputed INTEGER NOT NULL CHECK (disputed >= 0),
        excess INTEGER NOT NULL CHECK (excess >= 0),
        refund_count INTEGER NOT NULL CHECK (refund_count >= 0),
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        connector TEXT NOT NULL,
        connector_account TEXT NOT NULL,
        origin TEXT NOT NULL,
        method TEXT,
        card BLOB,
        customer BLOB,
        pot BLOB,
        payer BLOB,
        order_reference TEXT,
        unique_reference TEXT,
        processor_reference TEXT,
        response TEXT,
        captured_at INTEGER,
        due_at INTEGER,
        metadata TEXT,
        aliased INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, card) REFERENCES card (book, id),
        FOREIGN KEY (book, customer) REFERENCES customer (book, id),
        FOREIGN KEY (book, pot) REFERENCES pot (book, id),
        FOREIGN KEY (book, payer) REFERENCES person (book, id),
        CHECK (captured + voided <= authorized),
        CHECK (reserved + refunded + disputed <= captured + excess)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX payment_by_unique_reference ON payment (book, unique_reference)
        WHERE unique_reference IS NOT NULL;
    CREATE INDEX payment_by_order_reference ON payment (book, order_reference, id)
        WHERE order_reference IS NOT NULL;
    CREATE INDEX payment_due ON payment (due_at) WHERE due_at IS NOT NULL;

    CREATE TABLE capture (
        book INTEGER NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        payment BLOB NOT NULL,
        amount INTEGER NOT NULL CHECK (amount > 0),
        fee INTEGER NOT NULL CHECK (fee >= 0),
        reference TEXT,
        captured_at INTEGER NOT NULL,
        PRIMARY KEY (book, payment, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE refund (
        book INTEGER NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        payment BLOB NOT NULL,
        pot BLOB,
        customer BLOB,
        kind TEXT NOT NULL,
        retry_of BLOB,
        amount INTEGER NOT NULL CHECK (amount > 0),
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        status TEXT NOT NULL,
        pending_reason TEXT,
        failure_code TEXT,
        failure_detail TEXT,
        reason_code TEXT,
        actor_kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        request_id TEXT,
        origin TEXT NOT NULL,
        metadata TEXT,
        connector TEXT NOT NULL,
        processor_reference TEXT,
        bank_reference TEXT,
        attempts INTEGER NOT NULL,
        first_sent_at INTEGER,
        succeeded_at INTEGER,
        expires_at INTEGER,
        due_at INTEGER,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        aliased INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id),
        FOREIGN KEY (book, pot) REFERENCES pot (book, id),
        FOREIGN KEY (book, customer) REFERENCES customer (book, id),
        FOREIGN KEY (book, retry_of) REFERENCES refund (book, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refund_by_payment ON refund (book, payment, id);
    CREATE INDEX refund_by_customer ON refund (book, customer, id) WHERE customer IS NOT NULL;
    CREATE INDEX refund_by_pot ON refund (book, pot, id) WHERE pot IS NOT NULL;
    CREATE INDEX refund_to_send ON refund (due_at) WHERE status = 'queued' AND due_at IS NOT NULL;
    CREATE INDEX refund_to_follow ON refund (due_at) WHERE status <> 'queued' AND due_at IS NOT NULL;

    CREATE TABLE attempt (
        book INTEGER NOT NULL,
        refund BLOB NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        leg TEXT NOT NULL,
        connector TEXT NOT NULL,
        processor_key TEXT NOT NULL,
        lease_until INTEGER NOT NULL,
        fencing INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        outcome TEXT,
        PRIMARY KEY (book, refund, number),
        FOREIGN KEY (book, refund) REFERENCES refund (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE evidence (
        book INTEGER NOT NULL,
        refund BLOB NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        attempt INTEGER,
        source TEXT NOT NULL,
        claim TEXT NOT NULL,
        amount INTEGER,
        currency TEXT,
        exponent INTEGER,
        processor_reference TEXT,
        failure_code TEXT,
        failure_detail TEXT,
        processor_time INTEGER,
        arrived_at INTEGER NOT NULL,
        body_hash BLOB,
        PRIMARY KEY (book, refund, id),
        FOREIGN KEY (book, refund) REFERENCES refund (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE evidence_body (
        book INTEGER NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        body BLOB NOT NULL,
        stored_at INTEGER NOT NULL,
        PRIMARY KEY (book, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dispute (
        book INTEGER NOT NULL,
        id BLOB NOT NULL CHECK (length(id) = 16),
        payment BLOB NOT NULL,
        amount INTEGER NOT NULL CHECK (amount > 0),
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        stage TEXT NOT NULL,
        state TEXT NOT NULL,
        funds_withdrawn INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        closed_at INTEGER,
        reference TEXT,
        response TEXT,
        version INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dispute_by_payment ON dispute (book, payment, id);

    CREATE TABLE entry (
        book INTEGER NOT NULL REFERENCES book (number),
        cause BLOB NOT NULL CHECK (length(cause) = 16),
        sequence INTEGER NOT NULL,
        debit INTEGER NOT NULL,
        credit INTEGER NOT NULL,
        amount INTEGER NOT NULL CHECK (amount > 0),
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        cause_kind TEXT NOT NULL,
        booked_at INTEGER NOT NULL,
        value_date INTEGER NOT NULL,
        PRIMARY KEY (book, cause, sequence, debit, credit),
        CHECK (debit <> credit)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event (
        number INTEGER PRIMARY KEY,
        book INTEGER NOT NULL REFERENCES book (number),
        object BLOB NOT NULL CHECK (length(object) = 16),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        kind TEXT NOT NULL,
        type TEXT NOT NULL,
        at INTEGER NOT NULL,
        actor_kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        request_id TEXT,
        part TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX event_by_object ON event (book, object, sequence);

    CREATE TABLE alias (
        book INTEGER NOT NULL REFERENCES book (number),
        dialect TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        object BLOB NOT NULL CHECK (length(object) = 16),
        PRIMARY KEY (book, dialect, kind, text)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_by_object ON alias (book, object);

    CREATE TABLE facet (
        book INTEGER NOT NULL REFERENCES book (number),
        dialect TEXT NOT NULL,
        object BLOB NOT NULL CHECK (length(object) = 16),
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        hidden_at INTEGER,
        PRIMARY KEY (book, dialect, object)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX facet_hidden ON facet (book, dialect, object) WHERE hidden_at IS NOT NULL;

    CREATE TABLE idempotency (
        book INTEGER NOT NULL REFERENCES book (number),
        key TEXT NOT NULL,
        fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
        key_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        object BLOB NOT NULL CHECK (length(object) = 16),
        created_at INTEGER NOT NULL,
        PRIMARY KEY (book, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE answer (
        book INTEGER NOT NULL,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (book, key),
        FOREIGN KEY (book, key) REFERENCES idempotency (book, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sandbox_operation (
        book INTEGER NOT NULL,
        processor_key TEXT NOT NULL,
        scenario TEXT NOT NULL,
        amount INTEGER NOT NULL,
        currency TEXT NOT NULL,
        exponent INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (book, processor_key)
    ) STRICT, WITHOUT ROWID;
    """ + appendOnly(["entry", "event", "evidence", "capture", "alias", "sandbox_operation"])
