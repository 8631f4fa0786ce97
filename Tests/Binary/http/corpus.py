"""How a case of the corpus is written down, and the pieces that cases are made of.

A case is the bytes that a client sends on one connection, and what has to come back: the status of each final
response in order, and what becomes of the connection. Where RFC 9110 and 9112 leave the choice, every status that
they allow stands there.
"""
import dataclasses

# Replaced before sending, each by text of the same length.
KEY = b"clv_test_" + 32 * b"k"
PAYMENT = b"payment0-0000-0000-0000-000000000000"

HOST = b"Host: localhost"
KEYED = b"Authorization: Bearer " + KEY
JSON = b"Content-Type: application/json"
CHUNKED = b"Transfer-Encoding: chunked"
CLOSE, OPEN, EITHER = "is closed", "goes on", "goes on, or is closed"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    # The segments, each sent by itself.
    sent: tuple
    # For each response the statuses that may stand there.
    answers: tuple
    # What becomes of the connection: CLOSE, OPEN or EITHER. On one that goes on, the next request is answered.
    connection: str
    # Which responses have no body, since they answer HEAD.
    heads: tuple = ()
    # Whether the client ends its side after sending.
    ends: bool = False

    def segments(self, key, payment):
        filled = {KEY: key.encode(), PAYMENT: payment.encode()}
        for mark, text in filled.items():
            assert len(mark) == len(text), (mark, text)
        segments = self.sent
        for mark, text in filled.items():
            segments = tuple(segment.replace(mark, text) for segment in segments)
        return segments


def case(name, sent, *answers, connection=OPEN, heads=(), ends=False):
    segments = sent if isinstance(sent, tuple) else (sent,)
    allowed = tuple({answer} if isinstance(answer, int) else set(answer) for answer in answers)
    return Case(name, segments, allowed, connection, heads, ends)


def refused(name, sent, also=(), ends=False):
    """Not HTTP, or framing in doubt: one answer, and nothing more is read."""
    return case(name, sent, {400, *also}, connection=CLOSE, ends=ends)


def request(line, *fields, body=b"", host=HOST):
    """A request with a key, its lines ended by CRLF."""
    lines = [line, *([host] if host is not None else []), KEYED, *fields]
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def get(*fields, target=b"/v1/refunds", host=HOST, body=b""):
    """Answered 200 when it is let in: the list of refunds."""
    return request(b"GET " + target + b" HTTP/1.1", *fields, host=host, body=body)


def post(*fields, body=b"{}", version=b"HTTP/1.1"):
    """Answered 400 when it is let in: a refund without an amount. Says nothing of the body's length by itself."""
    return request(b"POST /v1/refunds " + version, JSON, *fields, body=body)


def length(body):
    return b"Content-Length: %d" % len(body)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


# A refund that nobody asked for, if it is ever carried out.
HIDDEN_BODY = b'{"amount":1,"payment":"' + PAYMENT + b'","reason":{"code":"customer_requested"}}'
HIDDEN = request(b"POST /v1/refunds HTTP/1.1", JSON, length(HIDDEN_BODY), body=HIDDEN_BODY)
