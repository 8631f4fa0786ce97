"""Header fields: Host, names, values, folding, sizes, and those that must stand there once."""
from corpus import CLOSE, EITHER, HOST, KEYED, case, get, length, post, refused, request


def host(name, value, also=()):
    """No valid Host: 400 from the API, or from below it."""
    return case(f"Host: {name}", get(host=b"Host:" + value), {400, *also}, connection=EITHER)


HOSTS = [
    case("no Host", get(host=None), 400, connection=EITHER),
    case("no Host, asking for health", b"GET /healthz HTTP/1.1\r\n\r\n", 400, connection=EITHER),
    case("two Hosts", get(b"Host: elsewhere"), 400, connection=EITHER),
    case("two equal Hosts", get(HOST), 400, connection=EITHER),
    case("two Hosts, written differently", get(b"HOST: localhost"), 400, connection=EITHER),
    case("two Hosts, asking for health", request(b"GET /healthz HTTP/1.1", HOST), 400, connection=EITHER),
    host("two, with a comma", b" localhost, elsewhere"),
    host("with user information", b" user@localhost"),
    host("a port that is no number", b" localhost:port"),
    host("a negative port", b" localhost:-1"),
    host("a port of eight digits", b" localhost:99999999"),
    host("a port above 65535", b" localhost:65536", also=[200]),
    host("a blank within", b" local host"),
    host("empty", b""),
    host("blanks alone", b"   "),
    host("a port alone", b" :80"),
    host("IPv6 without its end", b" [::1"),
    host("IPv6 without brackets", b" ::1"),
    host("IPv6 and more", b" [::1]x"),
    host("IPv6 with a zone", b" [fe80::1%25eth0]"),
    host("empty brackets", b" []"),
    host("a path", b" localhost/v1"),
    host("a query", b" localhost?a"),
    host("a fragment", b" localhost#a"),
    host("a scheme", b" http://localhost"),
    host("percent encoding", b" local%68ost"),
    host("UTF-8", " lócalhost".encode()),
    host("a letter that is k in lower case", " tic\u212aet.example".encode()),
    host("254 characters", b" " + 254 * b"a"),
    case("Host: IPv6 with a port", get(host=b"Host: [::1]:8080"), 200),
    case("Host: an empty port", get(host=b"Host: localhost:"), {200, 400}),
    case("Host: in upper case, without a blank", get(host=b"HOST:LOCALHOST:80"), 200),
    refused("Host: NUL", get(host=b"Host: local\0host")),
    refused("Host: folded", get(host=b"Host:\r\n localhost")),
    refused("Host: a blank before the colon", get(host=b"Host : localhost")),
]

NAMES = [
    refused("a blank before the colon", get(b"X-A : a")),
    refused("a tab before the colon", get(b"X-A\t: a")),
    refused("an empty name", get(b": a")),
    refused("no colon", get(b"X-A")),
    refused("a blank within a name", get(b"X A: a")),
    refused("NUL in a name", get(b"X\0A: a")),
    refused("UTF-8 in a name", get("Xé: a".encode())),
    refused("a parenthesis in a name", get(b"X(A): a")),
    refused("a quote in a name", get(b'X"A: a')),
    refused("a name of 100,000 characters", get(100_000 * b"x" + b": a"), also=[431]),
    case("an underscore in a name", get(b"X_A: a"), 200),
    case("every character that a name may have", get(b"X!#$%&'*+-.^_`|~9: a"), 200),
]

VALUES = [
    case("an empty value", get(b"X-A:"), 200),
    case("UTF-8 in a value", get("X-A: é".encode()), 200),
    case("Latin-1 in a value", get("X-A: é".encode("latin-1")), 200),
    refused("NUL in a value", get(b"X-A: a\0b")),
    refused("a control character in a value", get(b"X-A: a\x01b")),
    refused("DEL in a value", get(b"X-A: a\x7fb")),
    refused("CR in a value", get(b"X-A: a\rb")),
    refused("LF in a value", get(b"X-A: a\nX-B: b")),
    refused("a folded value", get(b"X-A: a\r\n b")),
    refused("a value folded with a tab", get(b"X-A: a\r\n\tb")),
    refused("an empty folded line", get(b"X-A: a\r\n ")),
    refused("the first field folded", request(b"GET /v1/refunds HTTP/1.1\r\n X-A: a")),
    refused("a folded key", b"GET /v1/refunds HTTP/1.1\r\nHost: a\r\n" + KEYED.replace(b": ", b":\r\n ") + b"\r\n\r\n"),
    refused("a blank before a name", get(b" X-A: a")),
    refused("a head that ends in LF LF", get(b"X-A: a")[:-4] + b"\n\n"),
    refused("a head that ends in CRLF LF", get(b"X-A: a")[:-2] + b"\n"),
]

SIZES = [
    case("98 further fields, a hundred in all", get(*98 * [b"X-A: a"]), 200),
    refused("99 further fields, 101 in all", get(*99 * [b"X-A: a"]), also=[431]),
    refused("10,000 fields", get(*10_000 * [b"X-A: a"]), also=[431]),
    case("a value of 8 kB", get(b"X-A: " + 8_192 * b"a"), 200),
    refused("a value of 8 kB and one", get(b"X-A: " + 8_193 * b"a"), also=[431]),
    case("30 kB of fields", get(*3 * [b"X-A: " + 8_192 * b"a"], b"X-A: " + 5_000 * b"a"), 200),
    refused("more than 32 kB of fields", get(*4 * [b"X-A: " + 8_192 * b"a"]), also=[431]),
    refused("a megabyte of fields", get(*128 * [b"X-A: " + 8_192 * b"a"]), also=[431]),
]

ONCE = [
    case("two keys", get(b"Authorization: Bearer another"), 401),
    case("the same key twice", get(KEYED), 401),
    case("two keys in one field", get(KEYED + b", Bearer another"), 401),
    case("two Content-Types", post(b"Content-Type: text/plain", length(b"{}")), 400),
    case("two Idempotency-Keys", post(b"Idempotency-Key: a", b"Idempotency-Key: b", length(b"{}")), 400),
    case("an Idempotency-Key that is no ASCII", post("Idempotency-Key: é".encode(), length(b"{}")), 400),
]

CONNECTION = [
    case("Connection: close", get(b"Connection: close"), 200, connection=CLOSE),
    case("Connection: Close", get(b"Connection: Close"), 200, connection=CLOSE),
    case("Connection: close in a list", get(b"Connection: x-a, close"), 200, connection=CLOSE),
    case("Connection: close in a second field", get(b"Connection: x-a", b"Connection: close"), 200, connection=CLOSE),
    case("Connection names Host", get(b"Connection: Host"), {200, 400}, connection=EITHER),
    case("Connection names the key", get(b"Connection: Authorization"), {200, 400, 401}, connection=EITHER),
    case("Proxy-Connection", get(b"Proxy-Connection: close"), 200, connection=EITHER),
    case("a forwarded host is no host", get(b"X-Forwarded-Host: api.stancer.com", b"Forwarded: host=elsewhere"), 200),
    case("another method in a field", get(b"X-HTTP-Method-Override: DELETE"), 200),
    case("another path in a field", get(b"X-Original-URL: /v1/pots", b"X-Rewrite-URL: /v1/pots"), 200),
    case("a range of a list", get(b"Range: bytes=0-1"), 200),
]

CASES = HOSTS + NAMES + VALUES + SIZES + ONCE + CONNECTION
