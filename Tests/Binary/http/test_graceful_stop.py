"""SIGTERM: what is under way is answered, the rest is closed at once."""
import time

import pytest

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
