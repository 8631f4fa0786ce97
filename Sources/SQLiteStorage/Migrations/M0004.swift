/// A book's events in their order, payments by whose they are, and no refund retried twice.
let m0004 = """
    CREATE INDEX event_by_book ON event (book, number);
    CREATE INDEX payment_by_customer ON payment (book, customer, id) WHERE customer IS NOT NULL;
    CREATE INDEX payment_by_pot ON payment (book, pot, id) WHERE pot IS NOT NULL;
    CREATE UNIQUE INDEX refund_retried_once ON refund (book, retry_of) WHERE retry_of IS NOT NULL;
    """
