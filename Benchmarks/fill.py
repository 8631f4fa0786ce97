"""A database of so many refunds, made of rows that the program wrote.

    .venv/bin/python Benchmarks/fill.py .build/release/storno FOLDER [--refunds 1000000]

A server is asked for the first 1,000 refunds by HTTP. Ten share a payment: one is asked for under an idempotency key and paid
out, the others are withdrawn. The rest are copies of those rows, each block some hours older than the one after
it, with ids, times, keys, references, terms of the search, sealed answers and the audit trail of their own: `storno
verify` finds nothing in them. FOLDER then holds `storno.sqlite` and `storno.key`.
"""
import argparse
import concurrent.futures
import datetime
import hashlib
import hmac
import itertools
import json
import os
import pathlib
import re
import sqlite3
import sys
import time
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOT = pathlib.Path(__file__).resolve().parents[1]
BLOCK = 1_000
REFUNDS_OF_PAYMENT = 10
CUSTOMERS = 100
# Blocks lie so far apart that an id of another one differs in its first three bytes, which are time, alone.
APART = 1 << 24
KINDS = "kind IN ('payment', 'refund')"


class Table:
    """What a copy of a row has of its own: columns that are ids, times, texts with either in them, running numbers."""

    def __init__(self, name, ids="", times="", texts="", numbers="", only="TRUE"):
        self.name, self.only = name, only
        # Nearly every part of an event has nothing of its own: who runs Python for it waits long.
        special = {
            "request_id": ":request || substr(request_id, 13)",
            "part": "CASE WHEN instr(part, '_rf') THEN own(part) ELSE part END",
            "key": "printf('%08x', :key) || substr(key, 9)",
        }
        self.own = {column: "CAST(:prefix || substr({0}, 4) AS BLOB)" for column in ids.split()}
        self.own |= {column: "{0} + :later" for column in times.split()}
        self.own |= {column: special.get(column, "own({0})") for column in texts.split()}
        self.own |= {column: f"{{0}} + :block * {name}_count" for column in numbers.split()}


TABLES = [
    Table("payment", "id", "created_at updated_at captured_at"),
    Table("capture", "id payment", "captured_at"),
    Table("refund", "id payment", "created_at updated_at first_sent_at succeeded_at", "request_id processor_reference"),
    Table("attempt", "refund", "lease_until started_at ended_at", "processor_key"),
    Table("evidence", "refund id", "processor_time arrived_at", "processor_reference"),
    Table("entry", "cause", "booked_at value_date"),
    Table("event", "object", "at", "request_id part", "number", KINDS),
    Table("idempotency", "object", "created_at", "key"),
    Table("answer", "object", texts="key body"),
    Table("sandbox_operation", "", "received_at", "processor_key"),
    Table("search_entry", "object", "", "terms", "number", KINDS),
]


def fill(binary, folder, refunds):
    """Returns when the database is there, and what the first block's requests needed is over."""
    if refunds < BLOCK or refunds % BLOCK:
        raise ValueError(f"{refunds} is no multiple of {BLOCK}")
    os.environ["STORNO_BINARY"] = str(pathlib.Path(binary).resolve())
    sys.path.insert(0, str(ROOT / "Tests" / "Binary"))
    import server as program

    program.BINARY = pathlib.Path(os.environ["STORNO_BINARY"])
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    server = program.Storno(folder)
    ask_for_a_block(server)
    copy_block(server.folder, refunds // BLOCK)
    return server


# The first block


def ask_for_a_block(server):
    key = server.key("storno")
    server.start()
    with server, concurrent.futures.ThreadPoolExecutor(8) as pool:
        clients = Clients(server, key)
        customers = [clients.post("/customers", {"name": f"Customer {number}"})["id"] for number in range(CUSTOMERS)]

        def shop(number):
            payment = clients.post(
                "/payments", {"amount": 100_000, "currency": "EUR", "customer": customers[number % CUSTOMERS]}
            )
            for turn in range(REFUNDS_OF_PAYMENT):
                wish = {"payment": payment["id"], "amount": 100 + number}
                refund = clients.post("/refunds", wish, has_key=turn == 0)
                if turn > 0:
                    clients.post(f"/refunds/{refund['id']}/cancel", {})

        list(pool.map(shop, range(BLOCK // REFUNDS_OF_PAYMENT)))
        wait_until_all_is_done(server.folder / "storno.sqlite")
        server.stop()


class Clients:
    """Asks over a kept connection for each thread."""

    def __init__(self, server, key):
        import threading

        self.url, self.headers, self.own = server.url + "/storno/v1", {"Authorization": f"Bearer {key}"}, threading.local()

    def post(self, path, body, has_key=False):
        import requests

        if not hasattr(self.own, "session"):
            self.own.session = requests.Session()
        headers = self.headers | ({"Idempotency-Key": str(uuid.uuid4())} if has_key else {})
        answer = self.own.session.post(self.url + path, json=body, headers=headers, timeout=60)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered {answer.status_code}: {answer.text}")
        return answer.json()


def wait_until_all_is_done(path):
    """Every refund has its end, and the audit trail everything."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    open_refunds = "SELECT count(*) FROM refund WHERE status NOT IN ('canceled', 'succeeded')"
    unchained = "SELECT (SELECT count(*) FROM event) - (SELECT count(*) FROM audit_entry WHERE event IS NOT NULL)"
    deadline = time.monotonic() + 120
    while any(db.execute(sql).fetchone()[0] for sql in (open_refunds, unchained)):
        if time.monotonic() > deadline:
            raise RuntimeError("the first refunds do not come to their end")
        time.sleep(0.2)
    db.close()


# The copies


def copy_block(folder, blocks):
    path = folder / "storno.sqlite"
    db = sqlite3.connect(path, isolation_level=None)
    # Nothing here has to survive a power cut: the file is made anew each time.
    settings = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -1048576")
    for setting in (*settings, "temp_store = MEMORY"):
        db.execute(f"PRAGMA {setting}")
    db.execute("BEGIN")
    last = "SELECT sql FROM sqlite_master WHERE type = '{0}' AND sql IS NOT NULL AND tbl_name NOT LIKE 'search_index%'"
    made_last = [sql for kind in ("index", "trigger") for (sql,) in db.execute(last.format(kind)).fetchall()]
    for kind in ("index", "trigger"):
        for (name,) in db.execute(last.format(kind).replace("SELECT sql", "SELECT name")).fetchall():
            db.execute(f"DROP {kind} {name}")
    copies = Copies(db, blocks, Sealer(folder / "storno.key"))
    statements = [copies.take(table) for table in TABLES]
    for block in range(blocks):
        values = copies.begin(block)
        for statement in statements:
            db.execute(statement, values)
    db.execute("UPDATE tally SET amount = amount * ? WHERE name IN ('payments', 'refunds')", [blocks])
    chain(db)
    for sql in made_last:
        db.execute(sql)
    db.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
    db.execute("COMMIT")
    db.execute("PRAGMA locking_mode = NORMAL")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    with open(path, "rb") as file:
        os.fsync(file.fileno())


class Copies:
    """Gives each block's rows what is their own."""

    TOKEN = re.compile(
        r"(req_[0-9a-z]{19}|(?:(?<=ref_)|(?<=pay_)|(?<=_r_)|(?<=_p_))[0-9a-z]{25}|(?<=rf)[0-9a-z]{24}"
        r"|\d{4}-\d\d-\d\dT[\d:.]{12}Z)"
    )

    def __init__(self, db, blocks, sealer):
        self.db, self.blocks, self.sealer = db, blocks, sealer
        self.pieces, self.tokens = {}, {}
        prefixes = {id[:3] for (id,) in db.execute("SELECT id FROM evidence UNION ALL SELECT id FROM payment")}
        if len(prefixes) != 1:
            raise RuntimeError("the first block was made while the ids' first bytes changed; make it again")
        self.newest = int.from_bytes(prefixes.pop(), "big")
        db.create_function("own", 1, self.own, deterministic=True)
        db.create_function("sealed", 2, self.sealed)

    def take(self, table):
        """Takes the first block's rows out, and gives the statement that puts a copy of them in."""
        columns = [row[1] for row in self.db.execute(f"PRAGMA table_info({table.name})")]
        keys = sorted((row[5], row[1]) for row in self.db.execute(f"PRAGMA table_info({table.name})") if row[5])
        order = ", ".join("substr(key, 9)" if name == "key" else name for _, name in keys)
        first = f"first_{table.name}"
        self.db.execute(f"CREATE TEMP TABLE {first} AS SELECT * FROM {table.name} WHERE {table.only} ORDER BY {order}")
        count = self.db.execute(f"SELECT count(*) FROM {first}").fetchone()[0]
        self.db.execute(f"DELETE FROM {table.name} WHERE {table.only}")
        own = dict(table.own)
        if table.name == "answer":
            self.open_answers(first)
            own["body"] = f"sealed({own['key']}, body)"
        values = [own.get(column, "{0}").format(column).replace(f"{table.name}_count", str(count)) for column in columns]
        return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {first}"

    def open_answers(self, table):
        for book, key, body in self.db.execute(f"SELECT book, key, body FROM {table}").fetchall():
            text = self.sealer.open("answer", book, key.encode(), body).decode()
            self.db.execute(f"UPDATE {table} SET body = ? WHERE book = ? AND key = ?", (text, book, key))

    def begin(self, block):
        """The last block is the newest."""
        back = self.blocks - 1 - block
        self.tokens, self.back = {}, back
        prefix = (self.newest - back).to_bytes(3, "big")
        return {
            "prefix": prefix, "later": -back * APART, "block": block, "key": (block << 32) // self.blocks,
            "request": f"req_{back:08x}",
        }  # fmt: skip

    def own(self, text):
        if text is None:
            return None
        if text not in self.pieces:
            self.pieces[text] = self.TOKEN.split(text)
        pieces = list(self.pieces[text])
        for place in range(1, len(pieces), 2):
            token = pieces[place]
            if token not in self.tokens:
                self.tokens[token] = self.moved(token)
            pieces[place] = self.tokens[token]
        return "".join(pieces)

    def moved(self, token):
        if token.startswith("req_"):
            return f"req_{self.back:08x}{token[12:]}"
        if token.endswith("Z"):
            moment = datetime.datetime.fromisoformat(token) - datetime.timedelta(milliseconds=self.back * APART)
            return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
        return base36(int(token, 36) - (self.back << 104), len(token))

    def sealed(self, key, text):
        return self.sealer.seal("answer", 1, key.encode(), self.own(text).encode())


TRIPLES = ["".join(digits) for digits in itertools.product("0123456789abcdefghijklmnopqrstuvwxyz", repeat=3)]


def base36(number, length):
    parts = []
    while number:
        number, part = divmod(number, 46_656)
        parts.append(TRIPLES[part])
    return "".join(reversed(parts))[-length:].rjust(length, "0")


class Sealer:
    """Sealed values as `Sources/Storage/Secrets+Seals.swift` makes them."""

    def __init__(self, file):
        from seals import Seals

        self.seals = Seals(file)
        self.open = self.seals.open
        self.head = bytes([1]) + self.seals.key_id

    def seal(self, table, book, row, text):
        key = hmac.digest(self.seals.key, b"seal %s %d " % (table.encode(), book) + row, "sha256")
        nonce = os.urandom(12)
        return self.head + nonce + AESGCM(key).encrypt(nonce, text, None)


# The audit trail


def chain(db):
    """Makes the trail anew, as docs/reference/audit.md has it: acts first, then events."""
    db.execute("DELETE FROM audit_entry")
    columns = "at, actor_kind, actor, request_id, {0}, {1}, {2}, {3}, part"
    acts = "SELECT 'act', number, " + columns.format("action", "object_kind", "object", "NULL") + " FROM audit_act"
    events = "SELECT 'event', number, " + columns.format("type", "kind", "lower(hex(object))", "sequence") + " FROM event"
    for (book,) in db.execute("SELECT number FROM book").fetchall():
        rows = itertools.chain.from_iterable(
            db.execute(f"{select} WHERE book = ? ORDER BY number", [book]) for select in (acts, events)
        )
        db.executemany("INSERT INTO audit_entry (book, number, event, act, hash) VALUES (?, ?, ?, ?, ?)", links(book, rows))


def links(book, rows):
    previous, begin, known = bytes(32), field("storno audit 1") + field(book), Fields()
    for number, (source, row, at, actor_kind, actor, request, action, kind, object, sequence, part) in enumerate(rows, 1):
        message = (
            previous, begin, field(number), known[source], field(row), field(at), known[actor_kind], known[actor],
            field(request), known[action], known[kind], field(object), known[sequence],
            field(part) if "_rf" in part else known[part],
        )  # fmt: skip
        previous = hashlib.sha256(b"".join(message)).digest()
        yield book, number, row if source == "event" else None, row if source == "act" else None, previous


class Fields(dict):
    """Those that come again and again."""

    def __missing__(self, value):
        self[value] = found = field(value)
        return found


LENGTHS = [length.to_bytes(4, "big") for length in range(1 << 12)]


def field(value):
    if value is None:
        return b"\xff\xff\xff\xff"
    text = value.encode() if type(value) is str else b"%d" % value
    return LENGTHS[len(text)] + text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", help="the storno program, built for release")
    parser.add_argument("folder", help="where the database is made; it holds none yet")
    parser.add_argument("--refunds", type=int, default=1_000_000)
    options = parser.parse_args()
    began = time.monotonic()
    server = fill(options.binary, options.folder, options.refunds)
    size = (server.folder / "storno.sqlite").stat().st_size
    print(json.dumps({"refunds": options.refunds, "bytes": size, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    main()
