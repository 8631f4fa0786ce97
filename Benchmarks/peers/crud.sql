\set payment random(1, 100000)
\set key random(1, 9000000000000000000)
BEGIN;
SELECT refund FROM crud_idempotency WHERE key = 'k' || :key;
SELECT captured, refunded FROM crud_payment WHERE id = :payment FOR UPDATE;
UPDATE crud_payment SET refunded = refunded + 1 WHERE id = :payment;
INSERT INTO crud_refund (payment, amount, status) VALUES (:payment, 1, 'queued') RETURNING id AS refund \gset
INSERT INTO crud_entry (refund, account, amount) VALUES (:refund, 'merchant', -1);
INSERT INTO crud_entry (refund, account, amount) VALUES (:refund, 'reserved', 1);
INSERT INTO crud_idempotency (key, refund) VALUES ('k' || :key, :refund);
INSERT INTO crud_event (refund, type, body) VALUES (:refund, 'refund.created', '{"amount": 1, "status": "queued"}');
COMMIT;
