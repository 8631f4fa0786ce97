"""A small file system that fills up: 503 while it is full, reads that go on, and nothing to be done by hand."""
import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time

import pytest

from disk_log import Log
from disk_merchant import DIALECTS, Merchant, assert_nothing_lost, assert_storage_refused
from disk_restart import kill_and_start
from lengths import length
from server import Storno

FULL_SECONDS = length(1.5, 15)
PAGE = 4096


def free_bytes(folder):
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize


class Ballast:
    """A file that takes the room of its disk."""

    def __init__(self, folder):
        self.folder = folder
        self.path = folder / "ballast"

    def fill(self, leaving=0):
        # Unbuffered. The server may take what is left meanwhile: then the disk is full as well.
        with contextlib.suppress(OSError), open(self.path, "ab", buffering=0) as file:
            while (room := free_bytes(self.folder) - leaving) > 0:
                file.write(bytes(min(room, 1 << 20)))

    def give_back(self, size):
        os.truncate(self.path, max(0, self.path.stat().st_size - size))

    def drop(self):
        self.path.unlink()


class Client(threading.Thread):
    """One merchant at work; keeps every status."""

    def __init__(self, merchant):
        super().__init__()
        self.merchant, self.statuses, self.stopping = merchant, [], threading.Event()
        self.start()

    def run(self):
        for number in itertools.count():
            if self.stopping.is_set():
                return
            answer = self.merchant.refund(f"load {number}")
            if answer.status_code != 200:
                assert_storage_refused(answer, self.merchant.dialect)
                time.sleep(0.01)
            self.statuses.append(answer.status_code)

    def stop(self):
        self.stopping.set()
        self.join()


@pytest.fixture
def on_small_disk(small_disk):
    """Servers, not started yet, each on a small disk of its own that leaves so much room beside its ballast."""
    servers = []

    def make(size, room):
        server = Storno(small_disk(size), environment={"SWIFT_BACKTRACE": "enable=no"})
        servers.append(server)
        ballast = Ballast(server.folder)
        ballast.fill(leaving=room)
        return server, ballast

    yield make
    for server in servers:
        if server.process is not None and server.process.poll() is None:
            server.kill()


def wait_for(is_so, seconds):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


SIZES = length([("8m", 2 << 20)], [("8m", 2 << 20), ("8m", 4 << 20), ("16m", 2 << 20)])
"""Large enough for the longest log that a server keeps; and the room that its ballast leaves at first."""


@pytest.mark.parametrize("size, room", SIZES)
def test_a_disk_that_fills_up_and_is_cleared(on_small_disk, measured, size, room):
    server, ballast = on_small_disk(size, room)
    server.start()
    merchants = [Merchant(server, dialect) for dialect in DIALECTS]
    clients = [Client(merchant) for merchant in merchants]
    try:
        wait_for(lambda: all(503 in client.statuses for client in clients), 60)
        readers = [merchant.at(server) for merchant in merchants]
        reads = 0
        end = time.monotonic() + FULL_SECONDS
        while time.monotonic() < end:
            for reader in readers:
                assert reader.read(next(iter(reader.acknowledged.values()))).status_code == 200
                assert reader.list().status_code == 200
                reads += 1
        seen = [len(client.statuses) for client in clients]
        ballast.drop()
        begin = time.monotonic()
        wait_for(lambda: all(200 in client.statuses[count:] for client, count in zip(clients, seen)), 30)
        seconds = time.monotonic() - begin
    finally:
        for client in clients:
            client.stop()
    assert seconds < 5
    server.kill()
    server.start()
    for merchant in merchants:
        merchant.session.close()
    assert_nothing_lost(server, merchants)
    for merchant in merchants:
        merchant.ask_again()
    assert_nothing_lost(server, merchants)
    assert server.stop() == 0
    acknowledged = sum(len(merchant.acknowledged) for merchant in merchants)
    refused = sum(client.statuses.count(503) for client in clients)
    measured(
        f"{size}: {acknowledged} acknowledged, 0 lost; {refused} times 503 and {reads} reads while full; "
        f"writes again {seconds:.2f} s after there was room"
    )


def test_a_start_with_too_little_room_is_refused_and_forgotten(on_small_disk, measured):
    """From no room at all, page by page, to enough: it starts, or says what is wrong; later it starts."""
    refused = started = 0
    for pages in length([0, 1, 4, 10, 40, 140, 300], range(0, 320)):
        server, ballast = on_small_disk("2m", pages * PAGE)
        try:
            server.start()
            started += 1
            server.kill()
        except AssertionError:
            assert server.process.poll() in (64, 69), (server.folder / "server.log").read_text()
            assert "storno." in (server.folder / "server.log").read_text()
            refused += 1
        ballast.drop()
        merchant = Merchant(server.start(), "collctiv")
        assert merchant.refund("after").status_code == 200
        assert_nothing_lost(server, [merchant])
        server.kill()
    assert refused and started
    measured(f"{refused} starts refused, {started} possible; all of them once there was room")


READER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], uri=True, isolation_level=None)
database.execute("BEGIN")
database.execute("SELECT count(*) FROM refund").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""
"""A program that looks at the books and stays: no checkpoint can pass it, and the log grows."""

FIRST_INDEX_FRAMES = 4062
"""As many frames the first piece of the log's index in shared memory holds; then `-shm` has to grow."""


def test_a_log_that_cannot_be_tidied_up_outgrows_its_index_on_a_full_disk(on_small_disk, measured):
    """Room comes back page by page, so that the log fits and its index does not: no SIGBUS, 503 and then success."""
    server, ballast = on_small_disk("40m", 30 << 20)
    merchant = Merchant(server.start(), "collctiv")
    merchant.keep_queued()
    assert merchant.refund("first").status_code == 200
    log = Log(server)
    address = f"file:{server.folder}/storno.sqlite?mode=ro"
    reader = subprocess.Popen([sys.executable, "-c", READER, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert reader.stdout.readline()
        for number in itertools.count():
            if log.frames > FIRST_INDEX_FRAMES - 50:
                break
            assert merchant.refund(f"growing {number}").status_code == 200
        ballast.fill()
        refused = 0
        for number in itertools.count():
            if log.frames > FIRST_INDEX_FRAMES + 10:
                break
            assert number < 500, "the log stays as it is"
            answer = merchant.refund(f"creeping {number}")
            if answer.status_code != 200:
                assert_storage_refused(answer, "collctiv")
                refused += 1
                ballast.give_back(PAGE)
        assert refused and server.process.poll() is None
    finally:
        reader.stdin.close()
        reader.wait()
    ballast.drop()
    merchant.ask_again()
    size = (server.folder / "storno.sqlite-wal").stat().st_size
    for number in itertools.count():
        if log.frames < 1000:
            break
        assert number < 500, "nobody tidies up the log once it can be"
        assert merchant.refund(f"tidied {number}").status_code == 200
    kill_and_start(merchant)
    measured(f"log of {size >> 20} MB, {refused} times 503 at the edge of its index, {len(merchant.acknowledged)} kept")
