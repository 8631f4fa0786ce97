"""HTTP/2 requests that are none: the stream or the connection ends, and nothing is carried out."""
import pytest
from server import Storno

from http2_peer import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    PING,
    PUSH_PROMISE,
    Peer,
    frame,
    request_fields,
    window_update,
)
from refund_merchant import Merchant


@pytest.fixture(scope="module")
def merchant(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("requests"), tls=True).start()
    try:
        yield Merchant(server)
    finally:
        server.kill()


def fields(*extra, without=(), method="GET", path="/v1/refunds", authority="localhost"):
    """Of a request with a key that would be answered 200."""
    standard = [field for field in request_fields(method, path, authority) if field[0] not in without]
    return [*standard, KEY, *extra]


KEY = ("authorization", "Bearer KEY")

# What RFC 9113 calls malformed (8.1.1): the stream is reset, or a 400 is sent, or the connection ends.
MALFORMED = {
    "no method": fields(without=[":method"]),
    "no scheme": fields(without=[":scheme"]),
    "no path": fields(without=[":path"]),
    "an empty path": fields(path=""),
    "a path without a slash": fields(path="v1/refunds"),
    "an absolute path": fields(path="https://localhost/v1/refunds"),
    "CRLF in a path": fields(path="/v1/refunds HTTP/1.1\r\nX-A: a"),
    "LF in a path": fields(path="/v1/refunds\nX-A: a"),
    "a blank in a path": fields(path="/v1/ref unds"),
    "NUL in a path": fields(path="/v1/refunds\0"),
    "no authority": fields(without=[":authority"]),
    "an empty authority": fields(authority=""),
    "CRLF in an authority": fields(authority="localhost\r\nX-A: a"),
    "a blank in an authority": fields(authority="local host"),
    "user information in an authority": fields(authority="user@localhost"),
    "a host that is another than the authority": fields(("host", "api.stancer.com")),
    "two hosts": fields(("host", "localhost"), ("host", "localhost")),
    "two methods": fields((":method", "POST")),
    "two paths": fields((":path", "/v1/pots")),
    "two authorities": fields((":authority", "elsewhere")),
    "two schemes": fields((":scheme", "https")),
    "a pseudo field behind others": [("x-a", "a"), *fields()],
    "an unknown pseudo field": fields((":a", "a")),
    "a pseudo field of responses": fields((":status", "200")),
    "a method with a blank": fields(method="GE T"),
    "CONNECT with a path": fields(method="CONNECT"),
    "extended CONNECT": fields((":protocol", "websocket"), method="CONNECT"),
    "a name in upper case": fields(("X-A", "a")),
    "a name with a blank": fields(("x a", "a")),
    "a name with a colon": fields(("x-a:", "a")),
    "a name with CRLF": fields(("x-a\r\nx-b", "a")),
    "an empty name": fields(("", "a")),
    "CRLF in a value": fields(("x-a", "a\r\nx-b: b")),
    "LF in a value": fields(("x-a", "a\nb")),
    "NUL in a value": fields(("x-a", "a\0b")),
    "Connection": fields(("connection", "close")),
    "Keep-Alive": fields(("keep-alive", "timeout=5")),
    "Proxy-Connection": fields(("proxy-connection", "close")),
    "Upgrade": fields(("upgrade", "h2c")),
    "Transfer-Encoding": fields(("transfer-encoding", "chunked")),
    "TE other than trailers": fields(("te", "gzip")),
    "Content-Length and no body": fields(("content-length", "5"), method="POST"),
    "Content-Length that is no number": fields(("content-length", "a"), method="POST"),
    "Content-Length below zero": fields(("content-length", "-1"), method="POST"),
    "two Content-Lengths": fields(("content-length", "0"), ("content-length", "1"), method="POST"),
}


def with_key(head, merchant):
    return [(name, value.replace("Bearer KEY", f"Bearer {merchant.key}")) for name, value in head]


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_not_answered_as_if_it_were_none(merchant, name):
    with Peer(merchant.server) as peer:
        peer.send(peer.head(1, with_key(MALFORMED[name], merchant)))
        heard = peer.listen(lambda heard: heard.answered(1) or heard.is_over)
        assert heard.is_over or 1 in heard.resets or heard.statuses[1] == 400, heard
        peer.send(peer.head(3, with_key(fields(), merchant)))
        heard = peer.listen(lambda heard: 3 in heard.ended or heard.is_over)
        assert heard.is_over or heard.statuses[3] == 200, heard
    assert merchant.refunds() == []


@pytest.mark.parametrize(
    "body", [b"{}", b"{}   " + 10 * b" "], ids=["less DATA than Content-Length", "more DATA than Content-Length"]
)
def test_a_body_of_another_length_is_refused(merchant, body):
    with Peer(merchant.server) as peer:
        head = with_key(fields(("content-length", "5"), method="POST"), merchant)
        peer.send(peer.head(1, head, END_HEADERS), frame(DATA, 1, END_STREAM, body))
        heard = peer.listen(lambda heard: heard.answered(1) or heard.is_over)
        assert heard.is_over or 1 in heard.resets, heard


def test_pseudo_fields_in_a_trailer_are_refused(merchant):
    with Peer(merchant.server) as peer:
        peer.send(peer.head(1, with_key(fields(method="POST"), merchant), END_HEADERS))
        peer.send(frame(DATA, 1, 0, b"{}"), peer.head(1, [(":path", "/v1/pots")]))
        heard = peer.listen(lambda heard: heard.answered(1) or heard.is_over)
        assert heard.is_over or 1 in heard.resets, heard


# What RFC 9113 calls a connection error.
BROKEN_CONNECTIONS = {
    "an even stream": lambda peer: peer.get(2),
    "a stream below the last one": lambda peer: peer.get(3) + peer.get(1),
    "DATA on no stream": lambda peer: frame(DATA, 0, 0, b"a"),
    "DATA on a stream that is not open": lambda peer: frame(DATA, 1, 0, b"a"),
    "HEADERS on no stream": lambda peer: peer.get(0),
    "a promise from a client": lambda peer: frame(PUSH_PROMISE, 1, END_HEADERS, b"\0\0\0\2"),
    "a frame above the size allowed": lambda peer: frame(HEADERS, 1, END_STREAM | END_HEADERS, bytes(20_000)),
    "a PING of one byte": lambda peer: frame(PING, payload=b"a"),
    "a window beyond its end": lambda peer: window_update(0, 2**31 - 1),
    "CONTINUATION without HEADERS": lambda peer: frame(CONTINUATION, 1, END_HEADERS),
    "another frame within a head": lambda peer: frame(HEADERS, 1, END_STREAM, b"") + frame(PING, payload=bytes(8)),
    "padding longer than its frame": lambda peer: frame(HEADERS, 1, END_STREAM | END_HEADERS | 0x8, b"\xff"),
    "an index beyond the table": lambda peer: frame(HEADERS, 1, END_STREAM | END_HEADERS, b"\xff\xff\xff\xff\x0f"),
    "broken Huffman code": lambda peer: frame(HEADERS, 1, END_STREAM | END_HEADERS, b"\x00\x81\xff\x81\xff"),
    "HTTP/1.1": lambda peer: b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN_CONNECTIONS)
def test_a_broken_connection_is_ended(merchant, name):
    with Peer(merchant.server) as peer:
        peer.send(BROKEN_CONNECTIONS[name](peer))
        assert peer.listen(lambda heard: heard.is_over).is_over
    assert merchant.server.process.poll() is None


def test_the_request_that_these_are_made_from_is_answered(merchant):
    """The control."""
    with Peer(merchant.server) as peer:
        peer.send(peer.head(1, with_key(fields(), merchant)))
        assert peer.listen(lambda heard: 1 in heard.ended).statuses[1] == 200
        peer.send(peer.head(3, with_key(fields(("te", "trailers")), merchant)))
        assert peer.listen(lambda heard: 3 in heard.ended).statuses[3] == 200
