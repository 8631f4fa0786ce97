#if PostgreSQL
/// A processor's payment stands here once.
let m0008 = """
    CREATE UNIQUE INDEX payment_by_processor_reference
        ON payment (book, connector, connector_account, processor_reference) WHERE processor_reference IS NOT NULL;
    """
#endif
