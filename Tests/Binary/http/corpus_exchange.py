"""Several requests on one connection: bodies where none is expected, upgrades, pipelining, hidden requests."""
from corpus import CHUNKED, CLOSE, EITHER, HIDDEN, case, chunk, get, length, post, refused, request

LAST = b"0\r\n\r\n"
NO_KEY = b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
H2C = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")


def head(*fields, body=b""):
    return request(b"HEAD /v1/refunds HTTP/1.1", *fields, body=body)


BODIES = [
    case("a body on a GET", get(length(b"{}"), body=b"{}") + HEALTH, 200, 200),
    case("a body of a megabyte on a GET", get(length(10**6 * b"x"), body=10**6 * b"x") + HEALTH, 200, 200),
    case("chunks on a GET", get(CHUNKED, body=chunk(b"{}") + LAST) + HEALTH, 200, 200),
    case("HEAD", head() + HEALTH, 200, 200, heads=(0,)),
    case("a body on a HEAD", head(length(b"{}"), body=b"{}") + HEALTH, 200, 200, heads=(0,)),
    case("a body on a DELETE", request(b"DELETE /v1/refunds/a HTTP/1.1", length(b"{}"), body=b"{}") + HEALTH, 405, 200),
    case("a body on TRACE", request(b"TRACE / HTTP/1.1", length(b"{}"), body=b"{}") + HEALTH, {400, 404, 405}, 200),
    case(
        "a body where there is nothing",
        request(b"POST /v1/none HTTP/1.1", length(b"{}"), body=b"{}") + HEALTH,
        404,
        200,
    ),
    case("a body without a key", NO_KEY + b"Content-Length: 2\r\n\r\n{}" + HEALTH, 401, 200),
    refused("a broken chunk on a GET", get(CHUNKED, body=b"zz\r\n"), also=[200]),
    refused("a broken chunk without a key", NO_KEY + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", also=[401]),
    refused("half a body on a GET, then the end", get(b"Content-Length: 5", body=b"{}"), also=[200], ends=True),
]

EXPECTATIONS = [
    case(
        "Expect: 100-continue, with the body at once", post(b"Expect: 100-continue", length(b"{}")) + HEALTH, 400, 200
    ),
    case("Expect: 100-continue on a GET", get(b"Expect: 100-continue") + HEALTH, 200, 200),
    case("Expect: 100-Continue", post(b"Expect: 100-Continue", length(b"{}")) + HEALTH, 400, 200),
    case("an unknown expectation", post(b"Expect: 200-ok", length(b"{}")), {400, 417}, connection=EITHER),
]

UPGRADES = [
    case("Upgrade: h2c", get(*H2C), 200, connection=EITHER),
    case("Upgrade: h2c on a POST", post(*H2C, length(b"{}")), 400, connection=EITHER),
    case("Upgrade: h2c, then its preface", get(*H2C) + b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 200, connection=EITHER),
    case("Upgrade: websocket", get(b"Connection: Upgrade", b"Upgrade: websocket"), 200, connection=EITHER),
    case("Upgrade: TLS/1.2", get(b"Connection: upgrade", b"Upgrade: TLS/1.2"), 200, connection=EITHER),
    case("Upgrade that Connection does not name", get(b"Upgrade: h2c"), 200, connection=EITHER),
    case("Connection: Upgrade without Upgrade", get(b"Connection: Upgrade"), 200, connection=EITHER),
]

PIPELINES = [
    case("ten requests in one segment", 10 * HEALTH, *10 * [200]),
    case("two requests, byte by byte", tuple(bytes([byte]) for byte in 2 * HEALTH), 200, 200),
    case("a good request, then a bad one", HEALTH + b"nonsense\r\n\r\n", 200, 400, connection=CLOSE),
    case(
        "a good request, then framing in doubt",
        HEALTH + post(CHUNKED, length(b"{}")) + HEALTH,
        200,
        400,
        connection=CLOSE,
    ),
    case("a bad request, then a good one", b"nonsense\r\n\r\n" + HEALTH, 400, connection=CLOSE),
    case("half a request behind a whole one, then its rest", (HEALTH + HEALTH[:20], HEALTH[20:]), 200, 200),
    case(
        "half a request behind a whole one, then the end", HEALTH + HEALTH[:20], 200, 400, connection=CLOSE, ends=True
    ),
    case("two requests, then the end", 2 * HEALTH, 200, 200, connection=CLOSE, ends=True),
    case("a request behind Connection: close", get(b"Connection: close") + HEALTH, 200, connection=CLOSE),
    case("a request behind Connection: Close", get(b"Connection: Close") + HEALTH, 200, connection=CLOSE),
    case("a request behind HTTP/1.0", request(b"GET /v1/refunds HTTP/1.0") + HEALTH, 200, connection=CLOSE),
    case("an empty line between two requests", HEALTH + b"\r\n" + HEALTH, 200, 200),
]


def hidden(name, sent, *answers, connection=EITHER):
    """A request with another one hidden in it that must never be carried out."""
    return case(f"hidden {name}", sent, *(answers or [{400, 413, 501}]), connection=connection)


def behind_coding(name, field):
    """Chunks that end before the hidden request, for whoever believes in `field`; a body for the others."""
    body = LAST + HIDDEN
    return hidden(f"behind {name}", post(field, length(body), body=body))


HIDING = [
    hidden("in a body with a Content-Length", post(length(HIDDEN), body=HIDDEN)),
    hidden("in a chunk", post(CHUNKED, body=chunk(HIDDEN) + LAST)),
    hidden("behind chunks that a Content-Length covers", post(length(LAST + HIDDEN), CHUNKED, body=LAST + HIDDEN)),
    hidden("behind chunks before their Content-Length", post(CHUNKED, length(LAST + HIDDEN), body=LAST + HIDDEN)),
    hidden("behind the shorter of two lengths", post(length(b""), length(HIDDEN), body=HIDDEN)),
    hidden("behind the longer of two lengths", post(length(HIDDEN), length(b""), body=HIDDEN)),
    hidden("behind a list of lengths", post(b"Content-Length: 0, %d" % len(HIDDEN), body=HIDDEN)),
    hidden("behind a positive length", post(b"Content-Length: +0", body=HIDDEN)),
    hidden("behind a length of 2^64", post(b"Content-Length: 18446744073709551616", body=HIDDEN)),
    hidden("behind a folded length", post(b"X-A: a\r\n Content-Length: 0", length(HIDDEN), body=HIDDEN)),
    hidden("behind a length with a blank before its colon", post(b"Content-Length : 0", length(HIDDEN), body=HIDDEN)),
    hidden("in a body on a GET", get(length(HIDDEN), body=HIDDEN), 200),
    hidden("in chunks on a GET", get(CHUNKED, body=chunk(HIDDEN) + LAST), 200),
    case("hidden in a body on a HEAD", head(length(HIDDEN), body=HIDDEN), 200, connection=EITHER, heads=(0,)),
    hidden("in a body on OPTIONS", request(b"OPTIONS /v1/refunds HTTP/1.1", length(HIDDEN), body=HIDDEN), 405),
    hidden("in a body for health", request(b"POST /healthz HTTP/1.1", length(HIDDEN), body=HIDDEN), {200, 405}),
    hidden("in a body for nothing", request(b"POST /v1/none HTTP/1.1", length(HIDDEN), body=HIDDEN), 404),
    hidden("behind Expect", post(b"Expect: 100-continue", length(HIDDEN), body=HIDDEN)),
    hidden("in a chunk's extension with LF", post(CHUNKED, body=b"0;a\n" + HIDDEN + b"\r\n\r\n")),
    hidden("in a chunk's extension with CR", post(CHUNKED, body=b"0;a\r" + HIDDEN + b"\r\n\r\n")),
    hidden("behind a size that overflows", post(CHUNKED, body=b"10000000000000000\r\n\r\n" + HIDDEN)),
    hidden("behind a size of -0", post(CHUNKED, body=b"-0\r\n\r\n" + HIDDEN)),
    hidden("behind two bytes for a CRLF", post(CHUNKED, body=b"2\r\n{}xx0\r\n\r\n" + HIDDEN)),
    hidden("behind a trailer's Content-Length", post(CHUNKED, body=b"0\r\nContent-Length: 0\r\n\r\n" + HIDDEN)),
    hidden("in HTTP/1.0 behind chunks", post(CHUNKED, length(LAST + HIDDEN), body=LAST + HIDDEN, version=b"HTTP/1.0")),
    hidden("behind a bare CR", post(b"X-A: a\rTransfer-Encoding: chunked", length(LAST + HIDDEN), body=LAST + HIDDEN)),
    hidden("behind a bare LF", post(b"X-A: a\nTransfer-Encoding: chunked", length(LAST + HIDDEN), body=LAST + HIDDEN)),
    hidden("behind an early end of the head", b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nX-A: a\n\n" + HIDDEN),
    hidden("in a target", b"GET /v1/refunds HTTP/1.1\nHost: a\n\n" + HIDDEN),
    behind_coding("xchunked", b"Transfer-Encoding: xchunked"),
    behind_coding("chunked and a vertical tab", b"Transfer-Encoding: chunked\x0b"),
    behind_coding("a tab and chunked", b"Transfer-Encoding:\tchunked"),
    behind_coding("chunked in quotes", b'Transfer-Encoding: "chunked"'),
    behind_coding("a blank before the colon", b"Transfer-Encoding : chunked"),
    behind_coding("a blank before the name", b" Transfer-Encoding: chunked"),
    behind_coding("NUL in the name", b"Transfer-Encoding\0: chunked"),
    behind_coding("a control character before the name", b"\x0bTransfer-Encoding: chunked"),
    behind_coding("an underscore in the name", b"Transfer_Encoding: chunked"),
    behind_coding("a folded coding", b"Transfer-Encoding:\r\n chunked"),
    behind_coding("identity, chunked", b"Transfer-Encoding: identity, chunked"),
    behind_coding("chunked, identity", b"Transfer-Encoding: chunked, identity"),
    behind_coding("chunked and cow", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow"),
    behind_coding("two codings by a comma alone", b"Transfer-Encoding: ,chunked"),
    refused(
        "hidden behind an empty coding",
        post(b"Transfer-Encoding:", length(LAST + HIDDEN), body=LAST + HIDDEN),
        also=[501],
    ),
]

CASES = BODIES + EXPECTATIONS + UPGRADES + PIPELINES + HIDING
