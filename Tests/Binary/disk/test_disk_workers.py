"""Each write and sync of the steps that follow a refund's request fails in turn: money moves once all the same."""
import concurrent.futures
import errno
import shutil
import time

import pytest

from disk_faults import HALF, SYNC, WRITE, Fault
from disk_merchant import Merchant, rows
from disk_restart import kill_and_start, start_again, wait_for_end
from lengths import length
from server import Storno

AT_ONCE = length(6, 10)
"""Cases side by side: one is mostly waiting for the sandbox's next second."""

FAULTS = [Fault(WRITE, errno.EIO), Fault(WRITE, errno.ENOSPC, lasting=True), Fault(SYNC, errno.EIO)]
ALSO = [Fault(WRITE, errno.ENOSPC), Fault(WRITE, errno.EIO, lasting=True), Fault(WRITE, HALF), Fault(SYNC, errno.EINTR)]
CALLS = length(5, 10_000)
"""At most so many writes of a fault: the first, the last, and some between; but each sync."""

LASTS_SECONDS = 1.5
PATIENCE_SECONDS = length(6, 90)
"""Whoever was under way when the server ended is in doubt until its lease is over, half a minute later."""


class Case:
    """A server of its own with one refund, of whose later steps one call fails."""

    def __init__(self, failing, name, template):
        self.server, self.faults = failing(name)
        shutil.copytree(template.server.folder, self.server.folder, dirs_exist_ok=True)
        self.merchant = template.at(self.server.start())
        self.ended = False

    def run(self, fault, number):
        """Gives the refund's status when it has one that is final, or when patience is over."""
        assert self.merchant.refund("followed").status_code == 200
        self.faults.arm(fault, number)
        begin, lift_at = time.monotonic(), None
        while self.status() != "succeeded" and time.monotonic() < begin + PATIENCE_SECONDS:
            if self.server.process.poll() is not None:
                self.start_again(fault)
            if lift_at is None and self.faults.failed:
                lift_at = time.monotonic() + LASTS_SECONDS
            if lift_at and time.monotonic() > lift_at:
                self.faults.lift()
            time.sleep(0.02)
        self.faults.lift()
        # A commit whose sync failed may be read from the log once the server has ended: then its end comes here.
        if fault.kind == SYNC and self.faults.failed and not self.ended:
            self.start_again(fault)
        self.check()
        return self.status()

    def start_again(self, fault):
        assert fault.kind == SYNC, f"ends after {self.faults.where}"
        wait_for_end(self.server)
        self.ended = True
        self.faults.lift()
        start_again(self.merchant)

    def check(self):
        """After a `kill -9` the refund is there, and the simulated processor was asked once at the most."""
        kill_and_start(self.merchant)
        self.server.kill()
        assert rows(self.server, "SELECT count(*) FROM sandbox_operation")[0][0] <= 1

    def status(self):
        return rows(self.server, "SELECT status FROM refund")[0][0]


@pytest.fixture
def template(tmp_path):
    """A database with a payment and no refund yet."""
    folder = tmp_path / "template"
    folder.mkdir()
    server = Storno(folder).start()
    try:
        merchant = Merchant(server, "collctiv")
        assert server.stop() == 0
    finally:
        if server.process.poll() is None:
            server.kill()
    return merchant


def calls_that_follow(case, kind):
    """How many calls there are between the answer to a refund's request and its success."""
    assert case.merchant.refund("counted").status_code == 200
    case.faults.count(kind)
    deadline = time.monotonic() + 30
    while case.status() != "succeeded":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    case.faults.lift()
    return case.faults.calls


def numbers(fault, count):
    if count <= CALLS or fault.kind == SYNC:
        return list(range(1, count + 1))
    return sorted({round(1 + step * (count - 1) / (CALLS - 1)) for step in range(CALLS)})


def test_any_call_of_what_follows_may_fail(failing, template, measured):
    counts = {kind: calls_that_follow(Case(failing, f"count{kind}", template), kind) for kind in [WRITE, SYNC]}
    chosen = [(fault, number) for fault in FAULTS + length([], ALSO) for number in numbers(fault, counts[fault.kind])]

    def work(index):
        fault, number = chosen[index]
        case = Case(failing, f"case{index}", template)
        return case, case.run(fault, number)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(work, index) for index in range(len(chosen))]
    failures = [f"{fault} {number}: {run.exception()}" for (fault, number), run in zip(chosen, runs) if run.exception()]
    assert not failures, "\n".join(failures)
    cases = [run.result()[0] for run in runs]
    statuses = [run.result()[1] for run in runs]
    assert set(statuses) <= {"succeeded", *length(["submitted", "in_doubt"], [])}
    failed = sum(case.faults.failed > 0 for case in cases)
    assert failed > len(cases) * 0.8, "most of the chosen calls were made"
    ended = sum(case.ended for case in cases)
    assert ended >= counts[SYNC], "a failed sync ends the server, whoever wrote"
    undecided = len(statuses) - statuses.count("succeeded")
    measured(
        f"{failed} failed calls of {counts[WRITE]} writes and {counts[SYNC]} syncs, {ended} ended in order, 0 lost, "
        f"{undecided} undecided after {PATIENCE_SECONDS} s"
    )
