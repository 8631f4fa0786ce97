#if PostgreSQL
import Storage

/// Who persons are and what people wrote: sealed under the master key, here from the beginning.
let m0003 = """
    CREATE TABLE person (
        book bigint NOT NULL REFERENCES book (number),
        id bytea NOT NULL CHECK (length(id) = 16),
        sealed bytea NOT NULL CHECK (length(sealed) > \(Secrets.sealLength)),
        PRIMARY KEY (book, id)
    );

    CREATE TABLE note (
        book bigint NOT NULL,
        object bytea NOT NULL CHECK (length(object) = 16),
        name text NOT NULL,
        kind text NOT NULL,
        sealed bytea NOT NULL CHECK (length(sealed) >= \(Secrets.sealLength)),
        PRIMARY KEY (book, object, name)
    );

    ALTER TABLE customer ADD FOREIGN KEY (book, person) REFERENCES person (book, id);
    ALTER TABLE card ADD FOREIGN KEY (book, holder) REFERENCES person (book, id);
    ALTER TABLE payment ADD FOREIGN KEY (book, payer) REFERENCES person (book, id);
    """
#endif
