#if PostgreSQL
import Rows
import Storage

/// What objects are found by, and an index over its terms, each one a lexeme as it stands.
let m0006 = """
    CREATE TABLE search_entry (
        book bigint NOT NULL REFERENCES book (number),
        object bytea NOT NULL CHECK (length(object) = 16),
        kind text NOT NULL CHECK (kind IN ('refund', 'payment', 'dispute', 'customer', 'pot')),
        terms text NOT NULL,
        PRIMARY KEY (book, object)
    );
    CREATE INDEX search_by_terms ON search_entry USING gin (array_to_tsvector(string_to_array(terms, ' ')));
    """

/// Enters what is there. Where books are on their way to here, their entries come with them.
func fillSearch(_ connection: PostgresConnection, _ secrets: Secrets) throws {
    let copying = try connection.execute(Statement("SELECT value FROM meta WHERE name = 'copying'"))
    guard copying.count == 0 else { return }
    let rows = try RowStatements(readingTypes: connection)
    var waiting: [SearchEntry] = []
    func write() throws {
        if let insertion = rows.insertion(waiting) { try connection.execute(insertion) }
        waiting.removeAll(keepingCapacity: true)
    }
    try SearchFilling.each(in: PostgresWalk(connection: connection), Sealer(secrets: secrets), secrets) { entry in
        waiting.append(entry)
        if waiting.count == 2000 { try write() }
    }
    try write()
}
#endif
