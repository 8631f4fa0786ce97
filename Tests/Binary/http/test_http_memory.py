"""A client that sends without end, and what the server keeps of it."""
import time

import pytest
import requests
from lengths import length
from server import Storno

from raw_http import Wire
from resources import PeakMemory, resident

MEGABYTES = length(200, 1_000)
GROWTH = 64

LETTERS, LINES = 10**6 * b"a", 500_000 * b"\r\n"

# What is sent first, and what is sent without end.
FLOODS = {
    "behind Connection: close": (b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", LETTERS),
    "behind what is no HTTP": (b"nonsense\r\n\r\n", LETTERS),
    "behind another version": (b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", LETTERS),
    "a body on a GET": (b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", LETTERS),
    "a body without a key": (b"POST /charges HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", LETTERS),
    "a chunk's extension": (b"POST /charges HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;", LETTERS),
    "a target": (b"GET /", LETTERS),
    "a method": (b"", LETTERS),
    "a field's name": (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", LETTERS),
    "a field's value": (b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: ", LETTERS),
    "empty lines": (b"", LINES),
    "behind a refused upgrade": (
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        LETTERS,
    ),
    "behind a refused tunnel": (b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n", LETTERS),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("memory")).start()
    server.at_rest = resident(server)
    try:
        yield server
    finally:
        server.kill()


def send_without_end(server, head, piece, seconds=10):
    """How many megabytes the server took before it took no more for a second, or closed."""
    with Wire(server.port) as wire:
        wire.socket.settimeout(1)
        end = time.monotonic() + seconds
        taken = 0
        try:
            wire.socket.sendall(head)
            while taken < MEGABYTES and time.monotonic() < end:
                wire.socket.sendall(piece)
                taken += 1
        except OSError:
            pass
        return taken


@pytest.mark.parametrize("name", FLOODS)
def test_bytes_without_end_are_not_kept(server, name, measured):
    with PeakMemory(server) as memory:
        taken = send_without_end(server, *FLOODS[name])
    growth = memory.peak - server.at_rest
    measured(f"{taken} MB taken, {growth:.0f} MB more memory")
    assert growth <= GROWTH
    assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
