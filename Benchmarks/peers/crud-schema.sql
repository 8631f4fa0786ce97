CREATE TABLE crud_payment (
    id bigint PRIMARY KEY,
    captured bigint NOT NULL,
    refunded bigint NOT NULL DEFAULT 0,
    CHECK (refunded <= captured)
);
CREATE TABLE crud_refund (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment bigint NOT NULL REFERENCES crud_payment,
    amount bigint NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON crud_refund (payment, created_at);
CREATE INDEX ON crud_refund (status, created_at);
CREATE TABLE crud_idempotency (key text PRIMARY KEY, refund bigint NOT NULL);
CREATE TABLE crud_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund bigint NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL
);
CREATE TABLE crud_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund bigint NOT NULL,
    type text NOT NULL,
    body jsonb NOT NULL
);
INSERT INTO crud_payment SELECT n, 1000000000 FROM generate_series(1, 100000) AS n;
ANALYZE crud_payment;
