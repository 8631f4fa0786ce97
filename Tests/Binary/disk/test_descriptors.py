"""Few files may be open: the server starts or says that they are too few; connections never starve the database."""
import os
import re
import socket
import time

import pytest
import requests

from disk_merchant import Merchant, assert_storage_refused
from disk_restart import kill_and_start
from lengths import length
from server import Storno

CONNECTIONS = length(150, 400)
LIMITS = length([16, 32, 64], [8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 64, 96, 128, 160, 256])
ENOUGH = 256
"""Any machine's server starts with so many."""

HEALTHY_SECONDS = 5


@pytest.fixture
def limited(tmp_path):
    """A server that may have so many files open, not started yet."""
    servers = []

    def make(files):
        server = Storno(
            tmp_path,
            wrapper=["prlimit", f"--nofile={files}:{files}"],
            environment={"SWIFT_BACKTRACE": "enable=no"},
        )
        servers.append(server)
        return server

    yield make
    for server in servers:
        if server.process is not None and server.process.poll() is None:
            server.kill()


def crowd(server, count):
    """Connections that send half a request and wait."""
    connections = []
    for _ in range(count):
        connection = socket.socket()
        connection.settimeout(5)
        try:
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        except OSError:
            connection.close()
            break
        connections.append(connection)
    return connections


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def busy_seconds(server):
    """Seconds of processor time so far."""
    with open(f"/proc/{server.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def assert_explained(server):
    """Ends by itself, and names the limit in a sentence."""
    text = (server.folder / "server.log").read_text()
    assert server.process.returncode in (64, 69), f"{server.process.returncode}: {text}"
    assert re.search(r"(open files|files open|descriptors|ulimit)", text), text
    assert not re.search(r"^Error: |Fatal error|Assertion failed", text, re.MULTILINE), text


@pytest.mark.parametrize("files", LIMITS)
def test_few_descriptors_and_many_connections(limited, measured, files):
    server = limited(files)
    try:
        server.start()
    except AssertionError:
        assert server.process.poll() is not None, "it hangs"
        assert files < ENOUGH
        assert_explained(server)
        measured(f"{files}: refused with words")
        return
    merchant = Merchant(server, "collctiv")
    assert merchant.refund("before").status_code == 200
    connections = crowd(server, CONNECTIONS)
    time.sleep(0.5)
    most, before = open_files(server), busy_seconds(server)
    for number in range(20):
        answer = merchant.refund(f"among others {number}")
        if answer.status_code != 200:
            assert_storage_refused(answer, "collctiv")
        time.sleep(0.05)
    busy = busy_seconds(server) - before
    # The command line's way in is not the crowd's.
    server.command("refunds", "list", "--database", server.database)
    server.command("keys", "create", "--dialect", "cari", "--mode", "test", "--database", server.database)
    for connection in connections:
        connection.close()
    begin = time.monotonic()
    assert requests.get(f"{server.url}/readyz", timeout=HEALTHY_SECONDS).status_code == 200
    healthy = time.monotonic() - begin
    merchant.session.close()
    merchant.ask_again()
    assert most < files, "the database has no room for a file of its own"
    assert busy < 0.8, f"{busy:.2f} s of work in about 1 s in which next to nothing is asked"
    kill_and_start(merchant)
    measured(f"{files}: {most} open at the most, healthy {healthy:.2f} s after {len(connections)} connections ended")
