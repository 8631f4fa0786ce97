"""A million refunds, and how long it takes to prove them.

    python3 Tests/Proof/million.py .build/release/storno [--refunds 1000000] [--folder DIR]

Makes a fresh database with the given program, fills in refunds of every status with everything that belongs to
them, and times `storno verify`: once with a tenth of them, once with all. It must find nothing, need less than a
minute for the whole million, and no more memory for all than for the tenth.
"""
import argparse
import itertools
import json
import pathlib
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

BEGIN = 1_767_225_600_000  # 2026-01-01 UTC
DUE = 4_102_444_800_000  # 2100-01-01 UTC: nothing here is to be worked on
CURRENCIES = [("EUR", 2)] * 6 + [("GBP", 2)] * 3 + [("JPY", 0)]
RESERVED = {"awaiting_approval", "queued", "dispatching", "in_doubt", "submitted", "requires_action", "needs_review"}

# How a refund came to where it is: the statuses of its events, and what was heard (attempt, source, claim).
SENT = ("queued", "dispatching")
ACCEPTED = (1, "reply", "accepted")
SILENCE = (1, "silence", "none")
PAID = (1, "inquiry", "succeeded")
LIVES = [
    (60, "refund", SENT + ("submitted", "succeeded"), (ACCEPTED, PAID)),
    (8, "refund", SENT + ("in_doubt", "succeeded"), (SILENCE, PAID)),
    (8, "refund", SENT + ("failed",), ((1, "reply", "refused"),)),
    (4, "refund", ("queued", "canceled"), ()),
    (3, "refund", SENT + ("submitted", "succeeded", "reversed"), (ACCEPTED, PAID, (1, "inquiry", "returned"))),
    (3, "refund", SENT + ("submitted",), (ACCEPTED,)),
    (2, "refund", SENT + ("in_doubt",), (SILENCE,)),
    (2, "refund", SENT + ("submitted", "requires_action"), (ACCEPTED, (1, "inquiry", "action_required"))),
    (2, "refund", SENT + ("in_doubt", "needs_review"), (SILENCE, (1, "inquiry", "contradicted"))),
    (2, "refund", ("queued",), ()),
    (1, "refund", ("awaiting_approval",), ()),
    (1, "refund", ("awaiting_approval", "queued", "dispatching"), ()),
    (4, "external", ("succeeded",), ((None, "inquiry", "succeeded"),)),
]


def hold(status):
    return "spent" if status == "succeeded" else "reserved" if status in RESERVED else "released"


POSTINGS = {
    ("released", "reserved"): (2, 3),
    ("released", "spent"): (2, 1),
    ("reserved", "spent"): (3, 1),
    ("reserved", "released"): (3, 2),
    ("spent", "released"): (1, 2),
}


class Books:
    """Rows that belong together, written in bulk."""

    TABLES = {
        "payment": "book id created_at updated_at state currency exponent authorized captured voided reserved refunded"
        " disputed excess refund_count version sequence connector connector_account origin method captured_at aliased",
        "capture": "book id payment amount fee captured_at",
        "refund": "book id payment kind amount currency exponent created_at updated_at status failure_code actor_kind"
        " actor origin connector processor_reference attempts first_sent_at succeeded_at due_at version sequence aliased",
        "attempt": "book refund number leg connector processor_key lease_until fencing started_at ended_at outcome",
        "evidence": "book refund id attempt source claim processor_reference processor_time arrived_at",
        "dispute": "book id payment amount currency exponent stage state funds_withdrawn opened_at closed_at reference"
        " version sequence",
        "entry": "book cause sequence debit credit amount currency exponent cause_kind booked_at value_date",
        "event": "book object sequence kind type at actor_kind actor part",
    }

    def __init__(self, path, seed):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.random = random.Random(seed)
        self.now = BEGIN
        self.refunds = 0
        self.rows = {table: [] for table in self.TABLES}
        self.lives = list(itertools.accumulate(life[0] for life in LIVES))

    def id(self):
        """Ids rise with time, as those of the server do."""
        self.now += 1
        return ((self.now << 80) | self.random.getrandbits(80)).to_bytes(16, "big")

    def fill(self, until):
        # Nothing here has to survive a power cut: the file is made anew each time.
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
            self.db.execute(f"PRAGMA {setting}")
        self.db.execute("BEGIN")
        while self.refunds < until:
            for _ in range(20_000):
                self.payment(until)
            self.write()
        counts = "SELECT book, '{0}s', 0, count(*) FROM {0} GROUP BY book"
        self.db.execute("DELETE FROM tally")
        for table in ("payment", "refund"):
            self.db.execute("INSERT INTO tally (book, name, slot, amount) " + counts.format(table))
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA journal_mode = WAL")

    def write(self):
        for table, columns in self.TABLES.items():
            names = columns.split()
            marks = ", ".join("?" * len(names))
            self.db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", self.rows[table])
            self.rows[table].clear()

    def payment(self, until):
        if self.refunds >= until:
            return
        book = 1 if self.random.random() < 0.9 else 2
        currency, exponent = self.random.choice(CURRENCIES)
        id, created = self.id(), self.now
        captured = self.random.randrange(1_000, 500_000)
        wanted = min(self.random.choices((1, 2, 3), (65, 27, 8))[0], until - self.refunds)
        held = {"reserved": 0, "spent": 0, "released": 0}
        for _ in range(wanted):
            amount = self.random.randrange(1, captured // 4)
            held[self.refund(book, id, amount, currency, exponent)] += amount
        disputed = self.dispute(book, id, captured // 5, currency, exponent) if self.random.random() < 0.01 else 0
        self.rows["payment"].append((
            book, id, created, self.now, "captured", currency, exponent, captured, captured, 0, held["reserved"],
            held["spent"], disputed, 0, wanted, 1 + wanted, 1, "sandbox", "default", "storno", "card", created, 0,
        ))
        self.rows["capture"].append((book, self.id(), id, captured, 0, created))
        self.entry(book, id, 1, (1, 2), captured, currency, exponent, "payment")
        part = {"authorized": captured, "captured": captured, "state": "captured"}
        self.event(book, id, 1, "payment", "payment.captured", part)

    def refund(self, book, payment, amount, currency, exponent):
        """Returns what the refund's end does to the payment."""
        _, kind, walk, heard = self.random.choices(LIVES, cum_weights=self.lives)[0]
        id, created = self.id(), self.now
        before = "released"
        for number, status in enumerate(walk, 1):
            type = "refund." + ("created" if number == 1 else status)
            self.event(book, id, number, "refund", type, {"status": status})
            if posting := POSTINGS.get((before, hold(status))):
                self.entry(book, id, number, posting, amount, currency, exponent, "refund")
            before = hold(status)
        status, sent = walk[-1], "dispatching" in walk
        reference = f"re_{self.refunds}" if heard and heard[-1][2] != "none" else None
        if sent:
            ended = (None, None) if status == "dispatching" else (self.now, "answered")
            self.rows["attempt"].append((
                book, id, 1, "payer", "sandbox", id.hex(), self.now + 15_000, 1, created, *ended,
            ))
        for attempt, source, claim in heard:
            told = None if claim == "none" else reference
            self.rows["evidence"].append((book, id, self.id(), attempt, source, claim, told, self.now, self.now))
        is_open = status in RESERVED - {"needs_review", "awaiting_approval"}
        self.rows["refund"].append((
            book, id, payment, kind, amount, currency, exponent, created, self.now, status,
            "declined" if status == "failed" else None, "key", "key_million", "storno", "sandbox", reference,
            int(sent), created if sent else None, self.now if "succeeded" in walk else None,
            DUE if is_open else None, len(walk), len(walk), 0,
        ))
        self.refunds += 1
        return before

    def dispute(self, book, payment, amount, currency, exponent):
        """Returns what it holds."""
        id, opened = self.id(), self.now
        state = self.random.choice(("open", "won", "lost"))
        self.event(book, id, 1, "dispute", "dispute.opened", {"amount": amount, "state": "open"})
        self.entry(book, id, 1, (2, 4), amount, currency, exponent, "dispute")
        if state != "open":
            self.event(book, id, 2, "dispute", "dispute." + state, {"amount": amount, "state": state})
        if state == "won":
            self.entry(book, id, 2, (4, 2), amount, currency, exponent, "dispute")
        version = 1 if state == "open" else 2
        self.rows["dispute"].append((
            book, id, payment, amount, currency, exponent, "chargeback", state, 1, opened,
            None if state == "open" else self.now, f"dp_{self.refunds}", version, version,
        ))
        return 0 if state == "won" else amount

    def entry(self, book, cause, sequence, posting, amount, currency, exponent, kind):
        self.rows["entry"].append(
            (book, cause, sequence, *posting, amount, currency, exponent, kind, self.now, self.now)
        )

    def event(self, book, object, sequence, kind, type, part):
        part = json.dumps(part, separators=(",", ":"))
        self.rows["event"].append((book, object, sequence, kind, type, self.now, "system", "million", part))


def peak(process):
    """Megabytes of its own at the most so far. What wait4 tells begins with the size of whoever started it."""
    try:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    return max((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), default=0) / 1024


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def verify(program, path):
    """Seconds, the processors' seconds and megabytes of one proof; ends here if it finds anything."""
    megabytes, before = 0, processor_seconds()
    with tempfile.TemporaryFile() as findings:
        began = time.monotonic()
        process = subprocess.Popen([program, "verify", "--database", f"sqlite:{path}"], stdout=findings)
        while process.poll() is None:
            megabytes = max(megabytes, peak(process))
            time.sleep(0.02)
        seconds = time.monotonic() - began
        if process.returncode != 0:
            findings.seek(0)
            sys.exit(f"verify ended with {process.returncode}:\n{findings.read().decode()}")
    return seconds, processor_seconds() - before, megabytes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the storno program, built for release")
    parser.add_argument("--refunds", type=int, default=1_000_000)
    parser.add_argument("--folder", help="where to make the database; a temporary folder if left out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = pathlib.Path(folder) / "storno.sqlite"
        program = str(pathlib.Path(options.program).resolve())
        subprocess.run([program, "accounts", "create", "main", "--database", f"sqlite:{path}"], check=True)
        books = Books(path, seed=20_260_101)
        measured = []
        for count in (options.refunds // 10, options.refunds):
            began = time.monotonic()
            books.fill(count)
            filled = time.monotonic() - began
            seconds, worked, megabytes = verify(program, path)
            size = path.stat().st_size / 1e6
            print(
                f"{count} refunds, {size:.0f} MB, filled in {filled:.0f} s: "
                f"verify {seconds:.1f} s, {worked:.1f} s of all processors, {megabytes:.0f} MB resident",
                flush=True,
            )
            measured.append((seconds, megabytes))
        books.db.close()
    (_, small), (seconds, large) = measured
    allowed = 60 * max(1, options.refunds / 1_000_000)
    if seconds > allowed:
        sys.exit(f"{seconds:.1f} s is more than {allowed:.0f} s")
    if large > small + 64:
        sys.exit(f"memory grew from {small:.0f} to {large:.0f} MB")


if __name__ == "__main__":
    main()
