/// Triggers by which the database itself refuses to rewrite history.
func appendOnly(_ tables: [String]) -> String {
    tables.map { table in
        """

        CREATE TRIGGER \(table)_is_not_changed BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) rows are never changed'); END;
        CREATE TRIGGER \(table)_is_not_removed BEFORE DELETE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) rows are never removed'); END;
        """
    }
    .joined()
}
