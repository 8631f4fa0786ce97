"""SIGTERM: what is under way is answered, the rest is closed at once."""
import threading
import time

import pytest
from lengths import length
from server import Storno

from http2_peer import DATA, END_HEADERS, END_STREAM, Peer, frame, request_fields
from raw_http import Wire
from refund_merchant import Merchant

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def terminate(server):
    server.process.terminate()
    return time.monotonic()


def test_a_request_under_way_gets_its_answer(storno):
    merchant = Merchant(storno)
    body = f'{{"amount":1,"payment":"{merchant.payment}","reason":{{"code":"customer_requested"}}}}'.encode()
    head = f"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {merchant.key}\r\n"
    with Wire(storno.port, deadline=20) as wire:
        wire.send(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
        with Wire(storno.port) as other:
            other.send(HEALTH)
            assert other.answer().status == 200
            begin = terminate(storno)
            assert other.answer() is None
        with pytest.raises(ConnectionRefusedError):
            Wire(storno.port)
        wire.send(body[10:])
        answer = wire.answer()
        assert answer.status == 200
        assert wire.answer() is None
    assert storno.stop() == 0
    assert time.monotonic() - begin < 10
    storno.verify()


def test_connections_without_a_request_are_closed_at_once(storno):
    idle, new, half = Wire(storno.port), Wire(storno.port), Wire(storno.port)
    with idle, new, half:
        idle.send(HEALTH)
        assert idle.answer().status == 200
        half.send(HEALTH[:10])
        begin = terminate(storno)
        assert idle.answer() is None and new.answer() is None
        assert half.rest() in (b"", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        assert storno.stop() == 0
    assert time.monotonic() - begin < 10


def test_a_stream_under_way_gets_its_answer(storno_tls):
    merchant = Merchant(storno_tls)
    key = ("authorization", f"Bearer {merchant.key}")
    with Peer(storno_tls) as peer:
        peer.send(peer.head(1, [*request_fields("POST", "/v1/refunds"), key], END_HEADERS))
        peer.send(peer.get(3))
        assert peer.listen(lambda heard: 3 in heard.ended).statuses[3] == 200
        begin = terminate(storno_tls)
        peer.listen(lambda heard: heard.last_stream == 3)
        peer.send(frame(DATA, 1, END_STREAM, b"{}"))
        heard = peer.listen(lambda heard: 1 in heard.ended, seconds=20)
        assert heard.statuses.get(1) == 400, heard
        assert storno_tls.stop() == 0
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_connections_that_come_while_it_stops_do_not_disturb_it(tmp_path, tls):
    server = Storno(tmp_path, tls=tls)
    try:
        for _ in range(length(5, 50)):
            server.start()
            with Visitors(server) as visitors:
                visitors.wait_for(50)
                begin = terminate(server)
                assert server.stop() == 0, (tmp_path / "server.log").read_text()
                assert time.monotonic() - begin < 10
    finally:
        if server.process.poll() is None:
            server.kill()


class Visitors:
    """Threads that open one connection after the other, some with a request, some without."""

    def __init__(self, server):
        self.port = server.port
        self.stopping = threading.Event()
        self.count = 0
        self.threads = [threading.Thread(target=self.work) for _ in range(8)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def work(self):
        while not self.stopping.is_set():
            try:
                with Wire(self.port, deadline=1) as wire:
                    self.count += 1
                    if self.count % 2:
                        wire.send(HEALTH)
                        wire.until_quiet(first=0.05, between=0.01)
            except OSError:
                self.stopping.wait(0.01)

    def wait_for(self, count):
        deadline = time.monotonic() + 20
        while self.count < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)
