"""The lines of the table: what has to hold, and how it is measured.

A line is one function in one file of this folder, and one entry in `LINES`. Its parameters name what it needs: loads, which
are then measured in turn in every round, the line being told the samples of each round; or `bench` alone, for what is
measured once.
"""
import dataclasses
import inspect
import statistics
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Line:
    number: str
    text: str
    must: float
    aim: float
    #: `None` where nothing measures it.
    measure: Callable | None
    #: Whether less is better.
    less: bool = False
    #: Whether it is part of the quick run.
    quick: bool = False

    @property
    def needs(self):
        """The loads that it is told the samples of."""
        if self.measure is None:
            return []
        return [name for name in inspect.signature(self.measure).parameters if name != "bench"]

    def holds(self, value, bound):
        return value <= bound if self.less else value >= bound


@dataclasses.dataclass(frozen=True)
class Value:
    """A line's value, with the least and the greatest of the rounds; and what there is to say of it."""

    median: float
    least: float
    greatest: float
    note: str = ""

    @classmethod
    def of(cls, values, note=""):
        return cls(statistics.median(values), min(values), max(values), note)


def lines():
    from lines import batches, creates, growth, imports, latency, lookups, peers, postgres, restart

    return [
        Line("1", "durable creates/s ÷ no-op POST/s, 64 connections", 0.38, 0.60, creates.over_noop, quick=True),
        Line("2", "creates/s ÷ one transaction per request", 4, 6, creates.over_one_by_one, quick=True),
        Line("3", "creates/s ÷ pgbench TPC-B, 8 prepared clients", 3, 5, peers.over_tpcb),
        Line("3", "creates/s ÷ pgbench -N, 8 prepared clients", 2, 3.5, peers.over_n),
        Line("4", "creates/s ÷ FastAPI + SQLite (FULL)", 13, 25, peers.over_handmade),
        Line("5", "CPU per refund ÷ per no-op POST, pinned", 3.0, 2.0, creates.processor_time, less=True, quick=True),
        Line("6", "one connection: p50 ÷ fdatasync p50", 3.8, 2.5, latency.one_connection_p50, less=True, quick=True),
        Line("7", "half load: p99 ÷ fdatasync p50", 120, 40, latency.half_load_p99, less=True),
        Line("8", "refunds/s in batches of 100 ÷ creates/s", 1.4, 3, batches.over_creates),
        Line("9", "GET one ÷ static GET", 0.75, 0.9, lookups.over_static, quick=True),
        Line("10", "create CPU at 10^7 rows ÷ at 10^4", 2, 1.3, growth.create_cost, less=True),
        Line("10", "keyset page at 10^7 rows ÷ at 10^4", 2.5, 1.5, growth.page_cost, less=True),
        Line("11", "anonymous memory at 10^7 rows ÷ at 10^4", 1.2, 1.05, growth.memory, less=True),
        Line("12", "import of refunds, rows/s ÷ creates/s", 5, 10, imports.over_creates),
        Line("13", "PostgreSQL: batched ÷ best of 8 statements", 2.5, 4, postgres.over_crud),
        Line("13", "PostgreSQL: three nodes ÷ one", 1, 1.5, postgres.three_over_one),
        Line("14", "ready after kill -9 with 10^6 refunds, s", 1, 0.2, restart.ready_after_kill, less=True),
    ]
