"""HTTP/2 connections that send much which costs them little: each ends, while others are served."""
import ssl
import threading
import time

import httpx
import pytest
from lengths import length
from server import Storno

from http2_peer import (
    ACK,
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    PADDED,
    PING,
    PRIORITY,
    SETTINGS,
    Peer,
    frame,
    request_fields,
    rst_stream,
    settings,
    window_update,
)
from refund_merchant import Merchant
from resources import PeakMemory

STREAMS = length(10_000, 100_000)
FRAMES = length(20_000, 500_000)
# Indexed field 62, the first that a peer itself put into the table.
FIRST_OF_THE_TABLE = b"\xbe"


@pytest.fixture(scope="module")
def merchant(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("floods"), tls=True).start()
    try:
        yield Merchant(server)
    finally:
        server.kill()


def in_batches(frames, size=100):
    batch = []
    for one in frames:
        batch.append(one)
        if len(batch) == size:
            yield b"".join(batch)
            batch = []
    yield b"".join(batch)


def flood(peer, frames):
    for batch in in_batches(frames):
        if not peer.send(batch):
            return


def rapid_reset(peer, merchant):
    """CVE-2023-44487: streams that are cancelled as soon as they are open."""
    flood(peer, (peer.get(stream) + rst_stream(stream) for stream in range(1, 2 * STREAMS, 2)))


def resets_by_the_server(peer, merchant):
    """CVE-2025-8671: streams that the server has to cancel, since what is sent on them is wrong."""
    flood(peer, (peer.get(stream) + window_update(stream, 0) for stream in range(1, 2 * STREAMS, 2)))


def continuations(peer, merchant):
    """CVE-2024-27316: a head that never ends."""
    peer.send(frame(HEADERS, 1, END_STREAM, peer.encoder.encode(request_fields("GET", "/healthz"))))
    flood(peer, (frame(CONTINUATION, 1, 0, 1_000 * b"\x00\x01a\x01b") for _ in range(FRAMES)))


def empty_continuations(peer, merchant):
    peer.send(frame(HEADERS, 1, END_STREAM, peer.encoder.encode(request_fields("GET", "/healthz"))))
    flood(peer, (frame(CONTINUATION, 1) for _ in range(FRAMES)))


def empty_data(peer, merchant):
    """CVE-2019-9518."""
    open_body(peer, merchant)
    flood(peer, (frame(DATA, 1) for _ in range(FRAMES)))


def padding(peer, merchant):
    open_body(peer, merchant)
    flood(peer, (frame(DATA, 1, PADDED, b"\xff" + bytes(255)) for _ in range(FRAMES)))


def pings(peer, merchant):
    """CVE-2019-9512."""
    flood(peer, (frame(PING, payload=bytes(8)) for _ in range(FRAMES)))


def empty_settings(peer, merchant):
    """CVE-2019-9515."""
    flood(peer, (settings() for _ in range(FRAMES)))


def table_sizes(peer, merchant):
    flood(peer, (settings(header_table_size=size) for size in range(FRAMES)))


def acknowledgements(peer, merchant):
    flood(peer, (frame(SETTINGS, 0, ACK) for _ in range(FRAMES)))


def priorities(peer, merchant):
    """CVE-2019-9513."""
    flood(peer, (frame(PRIORITY, stream, payload=b"\0\0\0\0\x10") for stream in range(1, 2 * FRAMES, 2)))


def compression_bomb(peer, merchant):
    """One field of 4 kB in the table, and heads that name it 16,000 times."""
    peer.send(peer.get(1, "/healthz", ("x-a", 4_000 * "a")))
    block = peer.encoder.encode(request_fields("GET", "/healthz")) + 16_000 * FIRST_OF_THE_TABLE
    flood(peer, (frame(HEADERS, stream, END_STREAM | END_HEADERS, block) for stream in range(3, 203, 2)))


def long_head(peer, merchant):
    fields = [(f"x-{number}", 1_000 * "a") for number in range(40)]
    block = peer.encoder.encode(request_fields("GET", "/healthz") + fields, huffman=False)
    pieces = [block[begin : begin + 16_000] for begin in range(0, len(block), 16_000)]
    peer.send(frame(HEADERS, 1, END_STREAM, pieces[0]))
    for piece in pieces[1:-1]:
        peer.send(frame(CONTINUATION, 1, 0, piece))
    peer.send(frame(CONTINUATION, 1, END_HEADERS, pieces[-1]))


def crumbs_of_a_cookie(peer, merchant):
    peer.send(peer.get(1, "/healthz", *1_000 * [("cookie", "a")]))


def too_many_streams(peer, merchant):
    key = ("authorization", f"Bearer {merchant.key}")
    for stream in range(1, 401, 2):
        peer.send(peer.head(stream, [*request_fields("POST", "/v1/refunds"), key], END_HEADERS))


def open_body(peer, merchant):
    key = ("authorization", f"Bearer {merchant.key}")
    peer.send(peer.head(1, [*request_fields("POST", "/v1/refunds"), key], END_HEADERS))


class Others:
    """A client with connections of its own, that asks all the time."""

    def __init__(self, server):
        self.server = server
        self.stopping = threading.Event()
        self.slowest = 0
        self.wrong = []

    def __enter__(self):
        self.client = httpx.Client(verify=ssl.create_default_context(cafile=self.server.authority), timeout=10)
        self.ask()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        self.client.close()

    def work(self):
        while not self.stopping.wait(0.02):
            self.ask()

    def ask(self):
        begin = time.monotonic()
        try:
            status = self.client.get(f"{self.server.url}/healthz").status_code
        except httpx.HTTPError as failure:
            status = repr(failure)
        self.slowest = max(self.slowest, time.monotonic() - begin)
        if status != 200:
            self.wrong.append(status)


FLOODS = [
    rapid_reset,
    resets_by_the_server,
    continuations,
    empty_continuations,
    empty_data,
    padding,
    pings,
    empty_settings,
    table_sizes,
    acknowledgements,
    priorities,
    compression_bomb,
    long_head,
    crumbs_of_a_cookie,
    too_many_streams,
]


@pytest.mark.parametrize("attack", FLOODS, ids=lambda attack: attack.__name__)
def test_a_flood_ends_its_connection_and_nothing_else(merchant, attack, measured):
    with PeakMemory(merchant.server) as memory, Others(merchant.server) as others:
        with Peer(merchant.server) as peer:
            attack(peer, merchant)
            heard = peer.listen(lambda heard: heard.is_over, seconds=10)
        others.ask()
    assert heard.is_over
    assert others.wrong == [] and others.slowest < 5
    assert memory.growth < 64
    assert merchant.server.process.poll() is None
    assert merchant.refunds() == []
    measured(f"{memory.growth:.0f} MB more, others waited {1000 * others.slowest:.0f} ms at most")


HARMLESS = {
    "window updates": lambda: window_update(0, 1),
    "frames of an unknown kind": lambda: frame(0x42, payload=100 * b"a"),
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_is_allowed_without_end_takes_no_memory(merchant, kind):
    """There is no rule against these; they are read and forgotten, and the connection's own time runs out."""
    with PeakMemory(merchant.server) as memory, Others(merchant.server) as others:
        with Peer(merchant.server) as peer:
            flood(peer, (HARMLESS[kind]() for _ in range(FRAMES)))
    assert others.wrong == [] and others.slowest < 5
    assert memory.growth < 64
