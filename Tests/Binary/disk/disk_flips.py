"""Files that are not as they were written, and what is served from them."""
import contextlib
import os
import shutil
import sqlite3
import subprocess

import requests

from disk_merchant import DIALECTS, Merchant
from server import BINARY, Storno

QUIET = {"SWIFT_BACKTRACE": "enable=no"}
DAMAGED = (2, 69)
"""What `storno verify` exits with when it finds something, and when it cannot even open the file."""


class Original:
    """A database with payments and refunds of distinct amounts, made through every API and moved to their ends."""

    files = ["storno.key", "storno.sqlite", "storno.sqlite-wal"]

    def __init__(self, folder, refunds=4, killed=False):
        """- killed: leaves everything in the write-ahead log, as `kill -9` does."""
        self.folder = folder
        server = Storno(folder).start()
        try:
            self.merchants = [Merchant(server, dialect, captured(dialect)) for dialect in DIALECTS]
            for number in range(refunds):
                for merchant in self.merchants:
                    answer = merchant.refund(name_of(number), amount_of(merchant.dialect, number))
                    assert answer.status_code == 200, answer.text
            wait_until_complete(self.merchants)
            self.amounts = {merchant.dialect: amounts(merchant) for merchant in self.merchants}
        finally:
            code = server.kill() if killed else server.stop()
        assert killed or code == 0
        self.content = content(folder)

    def copy(self, folder, damaged=None, data=b""):
        """The files again, one of them with other bytes."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in self.files:
            if name == damaged:
                (folder / name).write_bytes(data)
            elif (self.folder / name).exists():
                shutil.copy(self.folder / name, folder / name)
        (folder / "storno.key").chmod(0o600)
        return folder


def captured(dialect):
    return 0x3A5B00 + DIALECTS.index(dialect)


def amount_of(dialect, number):
    return 0x2B00 + 16 * number + DIALECTS.index(dialect)


def name_of(number):
    return f"refund {number}"


def last_commit(log):
    """Where the last commit's frames begin in a write-ahead log: what changes there looks like a commit torn off."""
    size = 24 + int.from_bytes(log[8:12], "big")
    begins, begin = [], 32
    for offset in range(32, len(log) - size + 1, size):
        if log[offset + 8 : offset + 16] != log[16:24]:
            break
        if log[offset + 4 : offset + 8] != bytes(4):
            begins.append(begin)
            begin = offset + size
    return begins[-1]


def record_headers(data):
    """Where a database says of what type the columns are: in the first record of every leaf of its trees."""
    size = int.from_bytes(data[16:18], "big")
    for page in range(size, len(data), size):
        kind, cells = data[page], int.from_bytes(data[page + 3 : page + 5], "big")
        if kind not in (INDEX_LEAF, TABLE_LEAF) or cells == 0:
            continue
        record = page + int.from_bytes(data[page + 8 : page + 10], "big")
        for _ in range(2 if kind == TABLE_LEAF else 1):
            record += number_length(data, record)
        yield from range(record, record + data[record])


INDEX_LEAF, TABLE_LEAF = 0x0A, 0x0D


def number_length(data, offset):
    """The bytes of a number of variable length."""
    length = 1
    while data[offset] & 0x80 and length < 9:
        offset, length = offset + 1, length + 1
    return length


def wait_until_complete(merchants):
    for merchant in merchants:
        for refund in merchant.acknowledged.values():
            while merchant.read(refund).json()["status"] not in ("succeeded", "complete", "refunded"):
                pass


def content(folder):
    """All rows of all tables, and what SQLite finds in the tables and indexes; None if they cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{folder}/storno.sqlite?mode=ro", uri=True)) as database:
            database.text_factory = bytes
            names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
            tables = [name.decode("latin1") for name, in names]
            kept = {table: database.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
            return kept, database.execute("PRAGMA integrity_check").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def verify(folder):
    """The exit code of `storno verify`."""
    line = [str(BINARY), "verify", "--database", f"sqlite:{folder / 'storno.sqlite'}"]
    done = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=60, env=os.environ | QUIET)
    return done.returncode


def amounts(merchant):
    """Every amount of money that the merchant is shown; what is refused or cannot be read is left out."""
    seen = {}
    one = {"cari": "/charges/", "collctiv": "/v1/payments/", "stancer": "/v1/checkout/"}[merchant.dialect]
    note(seen, "payment", merchant.call("GET", one + merchant.payment))
    note(seen, "list", merchant.list())
    for number, (key, refund) in enumerate(merchant.acknowledged.items()):
        note(seen, key, merchant.read(refund))
        note(seen, f"{key} asked again", merchant.post_refund(key, amount_of(merchant.dialect, number)))
    return seen


def note(seen, what, answer):
    """Keeps the amounts of an answer; whether it is a repetition as well, since a new refund would be a second one."""
    if answer.status_code == 200:
        with contextlib.suppress(ValueError):
            seen[what] = sorted(amounts_in(answer.json())), "Idempotency-Replayed" in answer.headers


def amounts_in(value):
    if isinstance(value, dict):
        for name, member in value.items():
            if name.startswith("amount") and not isinstance(member, dict):
                yield name, member
            else:
                yield from amounts_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from amounts_in(member)


class Served:
    """What a server says over a damaged file."""

    def __init__(self, original, folder):
        self.wrong = []
        """Amounts that differ from those that were written."""
        self.code = None
        """How the server ended, if it did."""
        self.server = Storno(folder, environment=QUIET)
        try:
            if self._starts():
                for merchant in original.merchants:
                    self._compare(original, merchant.at(self.server))
        except requests.ConnectionError:
            self.code = self.server.process.wait(timeout=30)
        finally:
            if self.server.process.poll() is None:
                self.server.kill()

    def _starts(self):
        try:
            self.server.start()
        except AssertionError:
            self.code = self.server.process.poll()
            assert self.code is not None, "it hangs"
        return self.code is None

    def _compare(self, original, merchant):
        right = original.amounts[merchant.dialect]
        for what, shown in amounts(merchant).items():
            if shown != right[what]:
                self.wrong.append((merchant.dialect, what, shown, right[what]))

    @property
    def is_trapped(self):
        return self.code is not None and self.code not in (1, 64, 69)
