#if PostgreSQL
/// Who did what, chained; and what a key is called, until when it is one, and which version of its API it speaks.
///
/// Entries have no foreign key to what they are about: it would lock, and so rewrite, every event once more. `storno audit
/// verify` finds an entry whose row is gone.
let m0007 =
    """
    ALTER TABLE api_key ADD COLUMN label text;
    ALTER TABLE api_key ADD COLUMN expires_at bigint;
    ALTER TABLE api_key ADD COLUMN api_version text;

    CREATE TABLE audit_act (
        number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        book bigint NOT NULL REFERENCES book (number),
        at bigint NOT NULL,
        actor_kind text NOT NULL,
        actor text NOT NULL,
        request_id text,
        action text NOT NULL,
        object_kind text NOT NULL,
        object text NOT NULL,
        part text NOT NULL,
        transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (book, number)
    );
    CREATE INDEX audit_act_by_commit ON audit_act (book, transaction, number);

    CREATE TABLE audit_entry (
        book bigint NOT NULL,
        number bigint NOT NULL CHECK (number > 0),
        event bigint,
        act bigint,
        hash bytea NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (book, number),
        CHECK ((event IS NULL) <> (act IS NULL))
    );
    CREATE UNIQUE INDEX audit_entry_of_event ON audit_entry (book, event) WHERE event IS NOT NULL;
    CREATE UNIQUE INDEX audit_entry_of_act ON audit_entry (book, act) WHERE act IS NOT NULL;
    """ + appendOnly(["audit_act", "audit_entry"])
#endif
