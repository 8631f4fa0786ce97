#if PostgreSQL
/// Answers in the order of what was answered about: what is written together stands together.
let m0010 = """
    ALTER TABLE answer ADD COLUMN object bytea CHECK (length(object) = 16);
    UPDATE answer a SET object = i.object FROM idempotency i WHERE i.book = a.book AND i.key = a.key;
    ALTER TABLE answer ALTER COLUMN object SET NOT NULL;
    ALTER TABLE answer DROP CONSTRAINT answer_pkey;
    ALTER TABLE answer ADD PRIMARY KEY (book, object, key);
    """
#endif
