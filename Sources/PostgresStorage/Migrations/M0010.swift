#if PostgreSQL
/// What an answer is about stands beside it, as in SQLite, where answers are in that order. Here they are found by their keys;
/// and a node of the version before, which still runs, writes them without.
let m0010 = "ALTER TABLE answer ADD COLUMN object bytea CHECK (length(object) = 16)"
#endif
