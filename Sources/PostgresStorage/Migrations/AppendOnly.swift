#if PostgreSQL
/// Triggers by which the database itself refuses to rewrite history.
func appendOnly(_ tables: [String]) -> String {
    tables.map { table in
        """

        CREATE TRIGGER \(table)_is_not_changed BEFORE UPDATE OR DELETE ON \(table)
            FOR EACH ROW EXECUTE FUNCTION is_never_changed();
        CREATE TRIGGER \(table)_is_not_removed BEFORE TRUNCATE ON \(table)
            FOR EACH STATEMENT EXECUTE FUNCTION is_never_changed();
        """
    }
    .joined()
}
#endif
