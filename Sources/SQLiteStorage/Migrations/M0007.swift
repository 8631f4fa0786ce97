/// Who did what, chained; and what a key is called, until when it is one, and which version of its API it speaks.
let m0007 =
    """
    ALTER TABLE api_key ADD COLUMN label TEXT;
    ALTER TABLE api_key ADD COLUMN expires_at INTEGER;
    ALTER TABLE api_key ADD COLUMN api_version TEXT;

    CREATE TABLE audit_act (
        number INTEGER PRIMARY KEY,
        book INTEGER NOT NULL REFERENCES book (number),
        at INTEGER NOT NULL,
        actor_kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        request_id TEXT,
        action TEXT NOT NULL,
        object_kind TEXT NOT NULL,
        object TEXT NOT NULL,
        part TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_act_by_book ON audit_act (book, number);

    CREATE TABLE audit_entry (
        book INTEGER NOT NULL REFERENCES book (number),
        number INTEGER NOT NULL CHECK (number > 0),
        event INTEGER REFERENCES event (number),
        act INTEGER REFERENCES audit_act (number),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (book, number),
        CHECK ((event IS NULL) <> (act IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX audit_entry_of_event ON audit_entry (book, event) WHERE event IS NOT NULL;
    CREATE UNIQUE INDEX audit_entry_of_act ON audit_entry (book, act) WHERE act IS NOT NULL;
    """ + appendOnly(["audit_act", "audit_entry"])
