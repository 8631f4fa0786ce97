"""The audit trail from outside: its form, as an outsider recomputes it, and what `storno audit verify` finds."""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import time

import pytest
import requests

from lengths import length
from server import REPOSITORY, Storno

IS_POSTGRES = os.environ.get("STORNO_TEST_STORE") == "postgres"


def entry(previous, texts):
    """The hash of an entry, as docs/reference/audit.md has it."""
    message = previous
    for text in texts:
        data = None if text is None else text.encode()
        message += (0xFFFFFFFF if data is None else len(data)).to_bytes(4, "big") + (data or b"")
    return hashlib.sha256(message).digest()


class Shop:
    """A merchant whose doings are in the trail."""

    def __init__(self, storno):
        self.storno = storno
        self.key = storno.key("storno")

    def ask(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.key}"}
        return requests.request(method, f"{self.storno.url}/storno/v1{path}", headers=headers, timeout=30, **options)

    def work(self, rounds):
        for _ in range(rounds):
            payment = self.ask("POST", "/payments", json={"amount": 1000, "currency": "EUR"}).json()["id"]
            refund = self.ask("POST", "/refunds", json={"payment": payment, "amount": 5, "comment": "Jo Doe"})
            assert refund.status_code == 200, refund.text
            made = self.ask("POST", "/api_keys", json={"name": "Jo's till", "scopes": ["refunds:read"]}).json()
            assert self.ask("POST", f"/api_keys/{made['id']}/revoke").status_code == 200
        self.storno.command("accounts", "set", "main", "rate_limit=100000/1", "--database", self.storno.database)

    def entries(self):
        """All of them, oldest first, page by page."""
        found, after = [], None
        while True:
            query = {"limit": 50} | ({"starting_after": after} if after else {})
            page = self.ask("GET", "/audit_entries", params=query).json()
            found += page["data"]
            if not page["has_more"]:
                return found[::-1]
            after = page["data"][-1]["id"]

    def settle(self):
        """Waits until the trail has everything: refunds have ended, and nothing was added for a while."""
        deadline, last, since = time.monotonic() + 60, None, time.monotonic()
        while time.monotonic() < deadline:
            head = self.ask("GET", "/audit_head").json()
            if head != last:
                last, since = head, time.monotonic()
            elif time.monotonic() - since > 2.5:
                return head
            time.sleep(0.1)
        raise AssertionError("the trail does not come to rest")


def heads(storno, file):
    printed = storno.command("audit", "head", "--database", storno.database).stdout
    file.write_text(printed)
    return json.loads(printed)


def verify(storno, *arguments):
    done = storno.command("audit", "verify", "--json", "--database", storno.database, *arguments, check=False)
    assert done.returncode in (0, 2), done.stderr
    findings = json.loads(done.stdout)
    assert (done.returncode == 2) == bool(findings), done.stdout
    return findings


def test_the_page_computes_what_it_says():
    page = (REPOSITORY / "docs" / "reference" / "audit.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    assert code.count("assert") == 2
    exec(code, {})


def test_an_outsider_recomputes_the_trail(storno, tmp_path):
    shop = Shop(storno)
    shop.work(3)
    head = shop.settle()
    entries = shop.entries()
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    previous = bytes(32)
    for one in entries:
        previous = entry(previous, one["hashed"])
        assert previous.hex() == one["hash"], one
        assert one["actor"]["id"] and one["action"] and one["subject"]
    assert (head["number"], head["hash"]) == (len(entries), previous.hex())
    exported = {(head["account"], head["mode"]): head for head in heads(storno, tmp_path / "heads.json")}
    assert exported["main", "test"]["hash"] == previous.hex()
    assert exported["main", "live"]["number"] == 2
    assert verify(storno, "--against", tmp_path / "heads.json") == []

    # Everything has somebody, and what a request did has the request.
    by_action = {}
    for one in entries:
        by_action.setdefault(one["action"], []).append(one)
    assert {"account.created", "account.settings_changed", "api_key.created", "api_key.revoked"} <= set(by_action)
    assert {"payment.created", "refund.created", "refund.succeeded"} <= set(by_action) or "payment.captured" in by_action
    for action in ("refund.created", "api_key.revoked"):
        assert all(one["actor"]["type"] == "key" and one["request_id"] for one in by_action[action]), action
    assert all(one["actor"]["type"] == "operator" for one in by_action["account.settings_changed"])
    # Nothing personal, and no key.
    assert "Jo" not in json.dumps(entries) and shop.key not in json.dumps(entries)


def test_the_chain_goes_on_over_a_restart_and_a_backup_has_it(storno, tmp_path, tmp_path_factory):
    shop = Shop(storno)
    shop.work(1)
    before = shop.settle()
    heads(storno, tmp_path / "heads.json")
    if not IS_POSTGRES:
        storno.command("backup", tmp_path / "backup.sqlite", "--database", storno.database)
    storno.stop()
    storno.start()
    shop.work(1)
    assert shop.settle()["number"] > before["number"]
    assert verify(storno, "--against", tmp_path / "heads.json") == []
    if IS_POSTGRES:
        # Its backups are PostgreSQL's own.
        return
    copy = Storno(tmp_path_factory.mktemp("restored"))
    shutil.copy(storno.folder / "storno.key", copy.folder / "storno.key")
    copy.command("restore", tmp_path / "backup.sqlite", "--database", copy.database)
    assert verify(copy, "--against", tmp_path / "heads.json") == []


class Rows:
    """The rows of the trail, written to past every rule; each change is undone."""

    TABLES = ("event", "audit_act", "audit_entry")
    #: PostgreSQL's own, different in every copy, so that it is not hashed.
    OWN = {"transaction"}

    def __init__(self, storno):
        if IS_POSTGRES:
            import psycopg

            self.connection = psycopg.connect(storno.database, autocommit=True)
            self.mark = "%s"
            for table in self.TABLES:
                self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                self.run(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
                if table != "audit_entry":
                    self.run(f"ALTER TABLE {table} ALTER COLUMN number DROP IDENTITY")
            # Rules that would stop a tamperer only until they are dropped.
            self.run("DROP INDEX audit_entry_of_event, audit_entry_of_act, event_by_object")
            for table, rule in self.connection.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f')"
                " AND conrelid::regclass::text IN ('event', 'audit_act', 'audit_entry')"
            ).fetchall():
                self.run(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
        else:
            self.connection = sqlite3.connect(storno.folder / "storno.sqlite", isolation_level=None)
            self.mark = "?"
            self.run("PRAGMA foreign_keys = OFF")
            self.run("PRAGMA ignore_check_constraints = ON")
            for table in self.TABLES:
                for rule in ("changed", "removed"):
                    self.run(f"DROP TRIGGER {table}_is_not_{rule}")
                self.run(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
            for index in ("audit_entry_of_event", "audit_entry_of_act", "event_by_object"):
                self.run(f"DROP INDEX {index}")

    def run(self, sql, *values):
        return self.connection.execute(sql.replace("?", self.mark), values)

    def all(self, table):
        columns = ("book", "number") + tuple(self.columns(table))
        return [dict(zip(columns, row)) for row in self.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY book, number")]

    def columns(self, table):
        cursor = self.run(f"SELECT * FROM {table} LIMIT 0")
        return [column[0] for column in cursor.description if column[0] not in {"book", "number"} | self.OWN]

    def restore(self):
        for table in self.TABLES:
            self.run(f"DELETE FROM {table}")
            self.run(f"INSERT INTO {table} SELECT * FROM kept_{table}")


class Tamperer:
    """Changes something at random, and says what; `None` where nothing came of it."""

    def __init__(self, rows, seed):
        self.rows, self.random = rows, random.Random(seed)

    def strike(self):
        table = self.random.choice(Rows.TABLES)
        rows = self.rows.all(table)
        row, other = self.random.choice(rows), self.random.choice(rows)
        deed = self.random.choice([self.flip, self.delete, self.swap, self.renumber, self.cut, self.remake])
        try:
            words = deed(table, row, other)
        except Exception as error:
            if not type(error).__module__.startswith(("sqlite3", "psycopg")):
                raise
            return None
        return words if [self.rows.all(one) for one in Rows.TABLES] != self.before else None

    @property
    def before(self):
        return [self.rows.all(f"kept_{table}") for table in Rows.TABLES]

    def set(self, table, row, column, value):
        self.rows.run(f"UPDATE {table} SET {column} = ? WHERE book = ? AND number = ?", value, row["book"], row["number"])

    def flip(self, table, row, _):
        column = self.random.choice(list(row))
        old = row[column]
        if old is None:
            new = "x" if column == "request_id" else 1
        elif isinstance(old, int):
            new = old ^ 1 << self.random.randrange(62)
        else:
            data = bytearray(old.encode() if isinstance(old, str) else bytes(old))
            if not data:
                return None
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(7)
            new = data.decode(errors="strict") if isinstance(old, str) else bytes(data)
        self.set(table, row, column, new)
        return f"flip {table}.{column} of {row}"

    def delete(self, table, row, _):
        self.rows.run(f"DELETE FROM {table} WHERE book = ? AND number = ?", row["book"], row["number"])
        return f"delete {table} {row}"

    def swap(self, table, row, other):
        column = self.random.choice(self.rows.columns(table))
        self.set(table, row, column, other[column])
        self.set(table, other, column, row[column])
        return f"swap {table}.{column} of {row} and {other}"

    def renumber(self, table, row, _):
        self.set(table, row, "number", row["number"] + self.random.choice([-2, -1, 1, 2, 1000]))
        return f"renumber {table} {row}"

    def cut(self, _, row, __):
        self.rows.run("DELETE FROM audit_entry WHERE book = ? AND number >= ?", row["book"], row["number"])
        return f"cut from {row}"

    def remake(self, _, __, ___):
        """All hashes of a book from some place on, as the page says they are made."""
        entries = [one for one in self.rows.all("audit_entry") if one["book"] == 1]
        place = self.random.randrange(len(entries))
        names = {"event": ("event", "type", "kind"), "act": ("audit_act", "action", "object_kind")}
        previous = bytes(32)
        for index, one in enumerate(entries):
            source = "event" if one["event"] is not None else "act"
            table, action, kind = names[source]
            number = one[source]
            if index == place:
                self.rows.run(f"UPDATE {table} SET actor = 'forged' WHERE book = 1 AND number = ?", number)
            sequence = "sequence" if source == "event" else "NULL"
            at, actor_kind, actor, request, said, what, thing, order, part = self.rows.run(
                f"SELECT at, actor_kind, actor, request_id, {action}, {kind}, object, {sequence}, part FROM {table}"
                " WHERE book = 1 AND number = ?",
                number,
            ).fetchone()
            previous = entry(
                previous,
                [
                    "storno audit 1", "1", str(one["number"]), source, str(number), str(at), actor_kind, actor, request,
                    said, what, bytes(thing).hex() if source == "event" else thing,
                    None if order is None else str(order), part,
                ],
            )  # fmt: skip
            if index < place:
                assert previous == bytes(one["hash"]), one
            self.set("audit_entry", one, "hash", previous)
        return f"remake from {entries[place]}"


def test_random_changes_of_the_trail_are_found(storno, tmp_path, measured):
    shop = Shop(storno)
    shop.work(3)
    shop.settle()
    storno.stop()
    file = tmp_path / "heads.json"
    heads(storno, file)
    assert verify(storno, "--against", file) == []
    rows = Rows(storno)
    tamperer = Tamperer(rows, 20261129)
    wanted, found, deeds = length(40, 1000), 0, {}
    while found < wanted:
        words = tamperer.strike()
        if words:
            assert verify(storno, "--against", file), words
            found += 1
            deeds[words.split()[0]] = deeds.get(words.split()[0], 0) + 1
        rows.restore()
    assert len(deeds) == 6
    assert verify(storno, "--against", file) == []
    measured(f"{found} of {wanted} random changes of the audit trail found: {deeds}")
