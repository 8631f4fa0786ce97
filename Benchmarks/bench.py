"""Measures Storno beside others, and says line by line whether it is as fast as it has to be.

    .venv/bin/python Benchmarks/bench.py .build-bench/release/storno [--quick] [--minutes 38] [--rounds 5] [--seconds 3]
        [--only 1,5] [--json FILE]

`make bench` builds what this needs and runs it. Ends with 0 if every line that was measured holds.
"""
import argparse
import contextlib
import functools
import json
import os
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "Tests" / "Binary"), str(ROOT / "Tests" / "Binary" / "files")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path, help="a storno built for release with the trait Benchmarking")
    parser.add_argument("--quick", action="store_true", help="five lines, in two minutes")
    parser.add_argument("--minutes", type=float, help="what is not measured by then is not measured")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, help="of each measurement")
    parser.add_argument("--only", help="the numbers of the lines to measure, such as 1,5; no further tables")
    parser.add_argument("--folder", help="where the databases are made, on the disk that is meant")
    parser.add_argument("--json", type=pathlib.Path, help="a file for everything that was measured")
    chosen = parser.parse_args()
    chosen.minutes = chosen.minutes or (5 if chosen.quick else 38)
    chosen.seconds = chosen.seconds or (1.2 if chosen.quick else 3)
    return chosen


CHOSEN = arguments()
os.environ["STORNO_BINARY"] = str(CHOSEN.binary.resolve())
os.environ.pop("STORNO_TEST_STORE", None)

import report
import shops
from grown import open_grown
from last_will import LastWill
from lines import lines
from loads import LOADS, READS
from peers import pgbench
from peers.python_servers import Localstripe, Table
from postgres_server import private_server

REFUNDS = 100_000
#: Refunds that `fill.py` makes, at the least.
FILLED_A_SECOND = 10_000
#: Measured in fewer rounds, for the tables below the lines.
FURTHER = [
    ["creates_1", "creates_8", "creates_64", "creates_256", "creates_of_one_payment", "mixed", "half_load_256", "creates_sent"],
    list(READS),
    ["storno_tls", "cari_tls", "collctiv_tls", "stancer_tls"],
    ["postgres_standby"],
    ["localstripe"],
]


class NoTime(Exception):
    """Something would take longer than there is left: what needs it is not measured."""


class Bench:
    """What loads and lines find: servers, each made when somebody first asks for it, and what was measured so far."""

    def __init__(self, folder, seconds, until):
        self.folder = folder
        self.seconds = seconds
        self.until = until
        self.processors = os.sched_getaffinity(0)
        #: A list of samples for each load.
        self.samples = {}
        #: Why a load was given up.
        self.failures = {}
        #: Those with grown books, by how many refunds they hold.
        self.servers = {}
        self.ends = contextlib.ExitStack()

    @property
    def seconds_left(self):
        return self.until - time.monotonic()

    def new_folder(self, name):
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    def median(self, load):
        """The median of a load's samples so far; it is measured if there are none."""
        if load not in self.samples:
            self.samples[load] = [LOADS[load](self)]
        return report.median(self.samples[load])

    # Measuring

    def run(self, loads, rounds):
        """Measures every load once a round, in turn, after a short round that does not count. Gives the rounds."""
        seconds, self.seconds = self.seconds, 0.5
        self.round(loads)
        self.seconds = seconds
        for name in loads:
            self.samples.pop(name, None)
            self.failures.pop(name, None)
        done, longest = [], 0
        for number in range(rounds):
            # One is better than none.
            if done and self.seconds_left < longest:
                break
            begin = time.monotonic()
            done.append(self.round(loads))
            longest = max(longest, time.monotonic() - begin)
            report.progress(f"round {number + 1} of {rounds}, {longest:.0f} s")
        return done

    def round(self, loads):
        samples = {}
        for name in loads:
            if name in self.failures:
                continue
            try:
                samples[name] = LOADS[name](self)
                self.samples.setdefault(name, []).append(samples[name])
            except Exception as failure:
                # The others are worth measuring all the same. It is told at the end.
                self.failures[name] = str(failure)
                report.progress(f"{name}: {failure}")
        return samples

    # Servers

    def grown(self, refunds):
        """A server whose books hold so many refunds, made by `fill.py`."""
        if refunds not in self.servers:
            if refunds / FILLED_A_SECOND > self.seconds_left:
                raise NoTime(f"{refunds:,} refunds take {refunds / FILLED_A_SECOND / 60:.0f} minutes to make (--minutes)")
            report.progress(f"making a server with {refunds:,} refunds")
            shop = open_grown(self.new_folder(f"grown-{refunds}"), refunds)
            self.ends.callback(shop.stop)
            self.servers[refunds] = shop
        return self.servers[refunds]

    @property
    def readers(self):
        """Whom reads are asked of: a million refunds, a tenth of that in a quick run."""
        return self.shop if CHOSEN.quick else self.grown(1_000_000)

    @functools.cached_property
    def base(self):
        """Payments alone; what others are copies of."""
        report.progress(f"making {shops.PAYMENTS} payments")
        shop = shops.open_shop(self.folder / "base")
        shop.stop()
        return shop

    def copy(self, name, **options):
        report.progress(f"making the server {name}")
        return self.running(self.base.copy(self.folder / name, **options))

    def running(self, shop):
        shop.start()
        self.ends.callback(shop.stop)
        return shop

    @functools.cached_property
    def shop(self):
        shop = self.copy("shop")
        self.memory_idle = shop.memory()
        report.progress(f"making {REFUNDS} refunds")
        shops.add_refunds(shop, REFUNDS)
        shop.learn("refund")
        shop.one("payment")
        return shop

    @functools.cached_property
    def naive(self):
        return self.copy("naive", environment={"STORNO_BENCHMARK_BATCH": "1"})

    @functools.cached_property
    def sending(self):
        shop = self.copy("sending")
        node = shop.nodes[0]
        node.command("accounts", "set", "main", "undo_window_seconds=0", "--database", node.database)
        return shop

    @functools.cached_property
    def secure(self):
        return self.copy("secure", tls=True)

    @functools.cached_property
    def handmade(self):
        return self.python(Table)

    @functools.cached_property
    def localstripe(self):
        return self.python(Localstripe)

    def python(self, kind):
        server = kind(self.folder / kind.__name__.lower())
        self.ends.callback(server.stop)
        return server

    @functools.cached_property
    def postgres(self):
        server = self.ends.enter_context(private_server(self.folder))
        server.sql("ALTER SYSTEM SET shared_buffers = '1GB'")
        server.sql("ALTER SYSTEM SET max_wal_size = '4GB'")
        server.stop()
        server.start()
        os.environ |= server.environment
        pgbench.prepare(server)
        return server

    @functools.cached_property
    def three_nodes(self):
        """Three servers on one database of PostgreSQL."""
        report.progress(f"making {shops.PAYMENTS} payments on PostgreSQL")
        self.postgres.sql("CREATE DATABASE shop OWNER storno", database="postgres")
        place = self.postgres.url(database="shop")
        folder = self.folder / "nodes"
        options = {"place": place, "environment": {"STORNO_SECRET_KEY_FILE": str(folder / "0" / "storno.key")}}
        shop = shops.open_shop(folder / "0", **options)
        for number in ("1", "2"):
            shop.nodes.append(shops.Node(self.new_folder(f"nodes/{number}"), **options).start())
        self.ends.callback(shop.stop)
        return shop

    @functools.cached_property
    def one_node(self):
        return shops.Shop(self.three_nodes.nodes[:1], self.three_nodes.keys, self.three_nodes.lists)

    @functools.cached_property
    def standby(self):
        standby = self.postgres.standby(self.postgres.folder.parent / "second", "second", synchronous=False)
        self.ends.callback(standby.stop)
        return standby

    @contextlib.contextmanager
    def synchronous_standby(self):
        """While it lasts, a commit waits for the second PostgreSQL's disk."""
        primary = self.postgres if self.standby else None
        primary.wait_for_standby("second")
        try:
            primary.wait_for(
                lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "quorum", "commits wait"
            )
            yield
        finally:
            primary.wait_for_standby(None)


def chosen_lines():
    """Those that are to be measured."""
    if CHOSEN.only:
        wanted = CHOSEN.only.split(",")
        return [line for line in lines() if line.number in wanted]
    return [line for line in lines() if line.quick or not CHOSEN.quick]


def measure(bench):
    """Gives each line's value, or why it has none, by its text."""
    values = {}
    wanted = chosen_lines()
    needed = {name for line in wanted for name in line.needs}
    for loads in blocks(needed):
        rounds = bench.run(loads, CHOSEN.rounds)
        for line in wanted:
            if line.needs and set(line.needs) <= set(loads):
                values[line.text] = report.value_of(line, rounds, bench.failures)
    for line in wanted:
        if line.needs or line.measure is None:
            continue
        report.progress(line.text)
        try:
            values[line.text] = line.measure(bench)
        except NoTime as reason:
            report.progress(str(reason))
        except Exception as failure:
            values[line.text] = failure
    if not CHOSEN.quick and not CHOSEN.only:
        for loads in FURTHER:
            bench.run(loads, min(3, CHOSEN.rounds))
    return values


def blocks(needed):
    """The loads in turn; those of PostgreSQL among themselves, so that no round becomes too long to compare."""
    ordered = [name for name in LOADS if name in needed]
    for block in (
        [name for name in ordered if not name.startswith("postgres")],
        [name for name in ordered if name.startswith("postgres")],
    ):
        if block:
            yield block


def main():
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="storno-bench-", dir=CHOSEN.folder) as name:
        folder = pathlib.Path(name)
        # PostgreSQL runs as a user of its own.
        folder.chmod(0o755)
        will = LastWill(folder)
        bench = Bench(folder, CHOSEN.seconds, begin + CHOSEN.minutes * 60)
        try:
            with bench.ends:
                values = measure(bench)
                facts = report.facts(bench, begin)
        finally:
            will.execute()
            folder.mkdir(exist_ok=True)
    print(report.table(lines(), values), report.loads(bench), facts, sep="\n\n")
    if CHOSEN.json:
        CHOSEN.json.write_text(json.dumps(report.record(lines(), values, bench), indent=1) + "\n")
    return report.verdict(lines(), values)


if __name__ == "__main__":
    sys.exit(main())
