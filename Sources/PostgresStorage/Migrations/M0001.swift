#if PostgreSQL
/// The first schema, as on SQLite. `book` comes first in every key, so that no statement can cross accounts or modes.
///
/// What grows with every refund refers to `book` through its payment alone: a reference of its own would have every
/// transaction share a lock on one row. `event.transaction` is what a reader of events waits by: a number that was given
/// earlier may be committed later.
let m0001 = """
    CREATE TABLE meta (
        name text NOT NULL PRIMARY KEY,
        value text NOT NULL
    );

    CREATE TABLE account (
        number bigint PRIMARY KEY CHECK (number > 0),
        name text NOT NULL UNIQUE,
        created_at bigint NOT NULL
    );

    CREATE TABLE account_setting (
        account bigint NOT NULL REFERENCES account (number),
        name text NOT NULL,
        value text NOT NULL,
        PRIMARY KEY (account, name)
    );

    CREATE TABLE book (
        number bigint PRIMARY KEY,
        account bigint NOT NULL REFERENCES account (number),
        mode text NOT NULL CHECK (mode IN ('test', 'live')),
        UNIQUE (account, mode),
        CHECK (number = account * 2 - CASE mode WHEN 'test' THEN 1 ELSE 0 END)
    );

    CREATE TABLE api_key (
        hash bytea NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
        name text NOT NULL UNIQUE,
        book bigint NOT NULL REFERENCES book (number),
        dialect text NOT NULL,
        prefix text NOT NULL,
        last_four text NOT NULL,
        scopes text NOT NULL,
        created_at bigint NOT NULL,
        revoked_at bigint
    );

    CREATE TABLE tally (
        book bigint NOT NULL,
        name text NOT NULL,
        slot bigint NOT NULL,
        amount bigint NOT NULL,
        PRIMARY KEY (book, name, slot)
    );

    CREATE TABLE customer (
        book bigint NOT NULL REFERENCES book (number),
        id bytea NOT NULL CHECK (length(id) = 16),
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        person bytea,
        external_reference text,
        metadata text,
        identity bytea,
        email_digest bytea,
        key_id text NOT NULL,
        deleted_at bigint,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        PRIMARY KEY (book, id)
    );
    CREATE UNIQUE INDEX customer_by_identity ON customer (book, identity)
        WHERE identity IS NOT NULL AND deleted_at IS NULL;
    CREATE INDEX customer_by_email ON customer (book, email_digest)
        WHERE email_digest IS NOT NULL AND deleted_at IS NULL;

    CREATE TABLE card (
        book bigint NOT NULL REFERENCES book (number),
        id bytea NOT NULL CHECK (length(id) = 16),
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        last_four text NOT NULL,
        brand text NOT NULL,
        country text,
        funding text,
        network text,
        expiry_month bigint NOT NULL CHECK (expiry_month BETWEEN 1 AND 12),
        expiry_year bigint NOT NULL,
        holder bytea,
        external_reference text,
        fingerprint bytea,
        key_id text NOT NULL,
        scenario text,
        deleted_at bigint,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        PRIMARY KEY (book, id)
    );
    CREATE UNIQUE INDEX card_by_fingerprint ON card (book, fingerprint)
        WHERE fingerprint IS NOT NULL AND deleted_at IS NULL;

    CREATE TABLE pot (
        book bigint NOT NULL REFERENCES book (number),
        id bytea NOT NULL CHECK (length(id) = 16),
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        name text NOT NULL,
        currency text NOT NULL,
        exponent bigint NOT NULL,
        is_open bigint NOT NULL,
        owner bytea,
        balance bigint NOT NULL,
        volume bigint NOT NULL CHECK (volume >= 0),
        metadata text,
        deleted_at bigint,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        aliased bigint NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, owner) REFERENCES customer (book, id)
    ) WITH (fillfactor = 85);

    CREATE TABLE payment (
        book bigint NOT NULL REFERENCES book (number),
        id bytea NOT NULL CHECK (length(id) = 16),
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        state text NOT NULL,
        currency text NOT NULL,
        exponent bigint NOT NULL,
        authorized bigint NOT NULL CHECK (authorized >= 0),
        captured bigint NOT NULL CHECK (captured >= 0),
        voided bigint NOT NULL CHECK (voided >= 0),
        reserved bigint NOT NULL CHECK (reserved >= 0),
        refunded bigint NOT NULL CHECK (refunded >= 0),
        disputed bigint NOT NULL CHECK (disputed >= 0),
        excess bigint NOT NULL CHECK (excess >= 0),
        refund_count bigint NOT NULL CHECK (refund_count >= 0),
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        connector text NOT NULL,
        connector_account text NOT NULL,
        origin text NOT NULL,
        method text,
        card bytea,
        customer bytea,
        pot bytea,
        payer bytea,
        order_reference text,
        unique_reference text,
        processor_reference text,
        response text,
        captured_at bigint,
        due_at bigint,
        metadata text,
        aliased bigint NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, card) REFERENCES card (book, id),
        FOREIGN KEY (book, customer) REFERENCES customer (book, id),
        FOREIGN KEY (book, pot) REFERENCES pot (book, id),
        CHECK (captured + voided <= authorized),
        CHECK (reserved + refunded + disputed <= captured + excess)
    ) WITH (fillfactor = 85);
    CREATE UNIQUE INDEX payment_by_unique_reference ON payment (book, unique_reference)
        WHERE unique_reference IS NOT NULL;
    CREATE INDEX payment_by_order_reference ON payment (book, order_reference, id)
        WHERE order_reference IS NOT NULL;
    CREATE INDEX payment_due ON payment (due_at) WHERE due_at IS NOT NULL;

    CREATE TABLE capture (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        payment bytea NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0),
        fee bigint NOT NULL CHECK (fee >= 0),
        reference text,
        captured_at bigint NOT NULL,
        PRIMARY KEY (book, payment, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id)
    );

    CREATE TABLE refund (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        payment bytea NOT NULL,
        pot bytea,
        customer bytea,
        kind text NOT NULL,
        retry_of bytea,
        amount bigint NOT NULL CHECK (amount > 0),
        currency text NOT NULL,
        exponent bigint NOT NULL,
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        status text NOT NULL,
        pending_reason text,
        failure_code text,
        failure_detail text,
        reason_code text,
        actor_kind text NOT NULL,
        actor text NOT NULL,
        request_id text,
        origin text NOT NULL,
        metadata text,
        connector text NOT NULL,
        processor_reference text,
        bank_reference text,
        attempts bigint NOT NULL,
        first_sent_at bigint,
        succeeded_at bigint,
        expires_at bigint,
        due_at bigint,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        aliased bigint NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id),
        FOREIGN KEY (book, pot) REFERENCES pot (book, id),
        FOREIGN KEY (book, customer) REFERENCES customer (book, id),
        FOREIGN KEY (book, retry_of) REFERENCES refund (book, id)
    ) WITH (fillfactor = 85);
    CREATE INDEX refund_by_payment ON refund (book, payment, id);
    CREATE INDEX refund_by_customer ON refund (book, customer, id) WHERE customer IS NOT NULL;
    CREATE INDEX refund_by_pot ON refund (book, pot, id) WHERE pot IS NOT NULL;
    CREATE INDEX refund_to_send ON refund (due_at) WHERE status = 'queued' AND due_at IS NOT NULL;
    CREATE INDEX refund_to_follow ON refund (due_at) WHERE status <> 'queued' AND due_at IS NOT NULL;

    CREATE TABLE attempt (
        book bigint NOT NULL,
        refund bytea NOT NULL,
        number bigint NOT NULL CHECK (number > 0),
        leg text NOT NULL,
        connector text NOT NULL,
        processor_key text NOT NULL,
        lease_until bigint NOT NULL,
        fencing bigint NOT NULL,
        started_at bigint NOT NULL,
        ended_at bigint,
        outcome text,
        PRIMARY KEY (book, refund, number),
        FOREIGN KEY (book, refund) REFERENCES refund (book, id)
    );

    CREATE TABLE evidence (
        book bigint NOT NULL,
        refund bytea NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        attempt bigint,
        source text NOT NULL,
        claim text NOT NULL,
        amount bigint,
        currency text,
        exponent bigint,
        processor_reference text,
        failure_code text,
        failure_detail text,
        processor_time bigint,
        arrived_at bigint NOT NULL,
        body_hash bytea,
        PRIMARY KEY (book, refund, id),
        FOREIGN KEY (book, refund) REFERENCES refund (book, id)
    );

    CREATE TABLE evidence_body (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        body bytea NOT NULL,
        stored_at bigint NOT NULL,
        PRIMARY KEY (book, id)
    );

    CREATE TABLE dispute (
        book bigint NOT NULL,
        id bytea NOT NULL CHECK (length(id) = 16),
        payment bytea NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0),
        currency text NOT NULL,
        exponent bigint NOT NULL,
        stage text NOT NULL,
        state text NOT NULL,
        funds_withdrawn bigint NOT NULL,
        opened_at bigint NOT NULL,
        closed_at bigint,
        reference text,
        response text,
        version bigint NOT NULL,
        sequence bigint NOT NULL,
        PRIMARY KEY (book, id),
        FOREIGN KEY (book, payment) REFERENCES payment (book, id)
    );
    CREATE INDEX dispute_by_payment ON dispute (book, payment, id);

    CREATE TABLE entry (
        book bigint NOT NULL,
        cause bytea NOT NULL CHECK (length(cause) = 16),
        sequence bigint NOT NULL,
        debit bigint NOT NULL,
        credit bigint NOT NULL,
        amount bigint NOT NULL CHECK (amount > 0),
        currency text NOT NULL,
        exponent bigint NOT NULL,
        cause_kind text NOT NULL,
        booked_at bigint NOT NULL,
        value_date bigint NOT NULL,
        PRIMARY KEY (book, cause, sequence, debit, credit),
        CHECK (debit <> credit)
    );

    CREATE TABLE event (
        number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        book bigint NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        sequence bigint NOT NULL CHECK (sequence > 0),
        kind text NOT NULL,
        type text NOT NULL,
        at bigint NOT NULL,
        actor_kind text NOT NULL,
        actor text NOT NULL,
        request_id text,
        part text NOT NULL,
        transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (book, number)
    );
    CREATE UNIQUE INDEX event_by_object ON event (book, object, sequence);

    CREATE TABLE alias (
        book bigint NOT NULL,
        dialect text NOT NULL,
        kind text NOT NULL,
        text text NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        PRIMARY KEY (book, dialect, kind, text)
    );
    CREATE INDEX alias_by_object ON alias (book, object);

    CREATE TABLE facet (
        book bigint NOT NULL,
        dialect text NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        kind text NOT NULL,
        body text NOT NULL,
        hidden_at bigint,
        PRIMARY KEY (book, dialect, object)
    );
    CREATE INDEX facet_hidden ON facet (book, dialect, object) WHERE hidden_at IS NOT NULL;

    CREATE TABLE idempotency (
        book bigint NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
        key_id text NOT NULL,
        kind text NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        created_at bigint NOT NULL,
        PRIMARY KEY (book, key)
    );

    CREATE TABLE answer (
        book bigint NOT NULL,
        key text NOT NULL,
        body bytea NOT NULL,
        PRIMARY KEY (book, key),
        FOREIGN KEY (book, key) REFERENCES idempotency (book, key)
    );

    CREATE TABLE sandbox_operation (
        book bigint NOT NULL,
        processor_key text NOT NULL,
        scenario text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        exponent bigint NOT NULL,
        received_at bigint NOT NULL,
        PRIMARY KEY (book, processor_key)
    );

    CREATE TABLE node (
        id bytea PRIMARY KEY CHECK (length(id) = 16),
        batch bigint NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now()
    ) WITH (fillfactor = 50);

    CREATE FUNCTION is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME; END
    $$;

    CREATE FUNCTION must_be_all(changed bigint, wanted bigint) RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
            IF changed <> wanted THEN RAISE EXCEPTION 'of % rows % are not found again', wanted, wanted - changed; END IF;
            RETURN TRUE;
        END
    $$;

    CREATE FUNCTION hex(value bytea) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT upper(encode(value, 'hex')) $$;

    CREATE FUNCTION json_extract(document text, path text) RETURNS text IMMUTABLE LANGUAGE sql AS
        $$ SELECT document::json ->> substr(path, 3) $$;
    """ + appendOnly(["entry", "event", "evidence", "capture", "alias", "sandbox_operation"])
#endif
