import Domain
import GRDB
import Rows
import Storage

/// What objects are found by, and an index over it: words alone, without their places in the text, since none is asked for.
func m0006(_ db: Database, _ sealer: Sealer) throws {
    guard let secrets = sealer.secrets else { preconditionFailure("whoever writes has the secret key") }
    try db.execute(
        sql: """
            CREATE TABLE search_entry (
                number INTEGER PRIMARY KEY,
                book INTEGER NOT NULL REFERENCES book (number),
                object BLOB NOT NULL CHECK (length(object) = 16),
                kind TEXT NOT NULL CHECK (kind IN ('refund', 'payment', 'dispute', 'customer', 'pot')),
                terms TEXT NOT NULL,
                UNIQUE (book, object)
            ) STRICT;
            CREATE VIRTUAL TABLE search_index USING fts5 (
                terms, content = 'search_entry', content_rowid = 'number', tokenize = "ascii tokenchars '_'",
                detail = none, columnsize = 0
            );
            CREATE TABLE filling (book INTEGER, object BLOB, kind TEXT, terms TEXT) STRICT;
            """
    )
    let insertion = try db.makeStatement(sql: "INSERT INTO filling (book, object, kind, terms) VALUES (?, ?, ?, ?)")
    try SearchFilling.each(in: SQLiteWalk(db: db), sealer, secrets) { entry in
        try insertion.run(entry.keyValues + entry.fixedValues + entry.changingValues)
    }
    // In the order in which they were made.
    try db.execute(
        sql: """
            INSERT INTO search_entry (book, object, kind, terms)
            SELECT book, object, kind, terms FROM filling ORDER BY object, book;
            DROP TABLE filling;
            INSERT INTO search_index (search_index) VALUES ('rebuild');
            """
    )
}
