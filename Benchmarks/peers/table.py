"""Refunds as everybody would write them first: FastAPI, one SQLite file, a transaction a request, synced.

    uvicorn table:app --app-dir Benchmarks/peers

The file is the one that TABLE_DATABASE names. It checks what it has to: the key, the payment, what is left of it. It keeps no
journal and no events.
"""
import hashlib
import os
import sqlite3

from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel, ConfigDict, Field

KEYS = {hashlib.sha256(b"table_key").hexdigest(): "main"}
PAYMENTS = 100_000

app = FastAPI()
database = sqlite3.connect(os.environ["TABLE_DATABASE"], isolation_level=None, check_same_thread=False)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.executescript(
    """
    CREATE TABLE IF NOT EXISTS payment (id INTEGER PRIMARY KEY, captured INTEGER NOT NULL, refunded INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS refund (
        id INTEGER PRIMARY KEY, payment INTEGER NOT NULL, amount INTEGER NOT NULL, reason TEXT,
        created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE INDEX IF NOT EXISTS refund_payment ON refund (payment);
    CREATE TABLE IF NOT EXISTS idempotency (key TEXT PRIMARY KEY, refund INTEGER NOT NULL) WITHOUT ROWID;
    """
)
if not database.execute("SELECT 1 FROM payment").fetchone():
    database.execute("BEGIN")
    database.executemany("INSERT INTO payment VALUES (?, 1000000000, 0)", ((n,) for n in range(1, PAYMENTS + 1)))
    database.execute("COMMIT")


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    payment: int
    amount: int = Field(gt=0)
    reason: str | None = None


def shown(refund):
    row = database.execute("SELECT id, payment, amount, reason, created_at FROM refund WHERE id = ?", (refund,))
    return dict(zip(("id", "payment", "amount", "reason", "created_at"), row.fetchone()))


@app.post("/refunds", status_code=201)
async def create(wish: Wish, authorization: str = Header(), idempotency_key: str = Header()):
    if hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest() not in KEYS:
        raise HTTPException(401)
    database.execute("BEGIN IMMEDIATE")
    try:
        known = database.execute("SELECT refund FROM idempotency WHERE key = ?", (idempotency_key,)).fetchone()
        if known:
            return shown(known[0])
        payment = database.execute("SELECT captured, refunded FROM payment WHERE id = ?", (wish.payment,)).fetchone()
        if payment is None:
            raise HTTPException(404)
        if payment[1] + wish.amount > payment[0]:
            raise HTTPException(402)
        database.execute("UPDATE payment SET refunded = refunded + ? WHERE id = ?", (wish.amount, wish.payment))
        refund = database.execute(
            "INSERT INTO refund (payment, amount, reason) VALUES (?, ?, ?)", (wish.payment, wish.amount, wish.reason)
        ).lastrowid
        database.execute("INSERT INTO idempotency VALUES (?, ?)", (idempotency_key, refund))
        answer = shown(refund)
        database.execute("COMMIT")
        return answer
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")
