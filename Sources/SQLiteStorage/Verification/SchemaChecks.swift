import Rows

extension SQLiteStore {
    /// What keeps the database itself from forgetting or repeating is still there.
    static let schemaChecks = [
        // By its first word, the id, of which each entry has its own.
        Check(
            "search_index",
            """
            SELECT e.book, hex(e.object) FROM search_entry e
            WHERE NOT EXISTS (
                SELECT 1 FROM search_index i WHERE i.search_index MATCH
                    '"' || substr(e.terms, 1, instr(e.terms || ' ', ' ') - 1) || '"' AND i.rowid = e.number
            )
            """
        ),
        Check(
            "append_only",
            missing("trigger", appendOnlyTables.flatMap { ["\($0)_is_not_changed", "\($0)_is_not_removed"] })
        ),
        Check(
            "unique",
            missing(
                "index",
                ["event_by_object", "refund_found_once", "dispute_known_once", "delivery_told_once", "delivery_head"]
            )
        ),
    ]

    private static let appendOnlyTables = [
        "entry", "event", "evidence", "capture", "alias", "sandbox_operation", "delivery_attempt", "audit_act",
        "audit_entry",
    ]

    private static func missing(_ type: String, _ names: [String]) -> String {
        """
        WITH expected (name) AS (VALUES \(names.map { "('\($0)')" }.joined(separator: ", ")))
        SELECT 0, name FROM expected
        WHERE name NOT IN (SELECT s.name FROM sqlite_master s WHERE s.type = '\(type)')
        """
    }
}
