extension Verification {
    /// What keeps the database itself from forgetting or repeating is still there.
    static let schemaChecks = [
        Check(
            "append_only",
            missing("trigger", appendOnlyTables.flatMap { ["\($0)_is_not_changed", "\($0)_is_not_removed"] })
        ),
        Check("unique", missing("index", ["event_by_object", "refund_found_once", "dispute_known_once"])),
    ]

    private static let appendOnlyTables = ["entry", "event", "evidence", "capture", "alias", "sandbox_operation"]

    private static func missing(_ type: String, _ names: [String]) -> String {
        """
        WITH expected (name) AS (VALUES \(names.map { "('\($0)')" }.joined(separator: ", ")))
        SELECT 0, name FROM expected
        WHERE name NOT IN (SELECT s.name FROM sqlite_master s WHERE s.type = '\(type)')
        """
    }
}
