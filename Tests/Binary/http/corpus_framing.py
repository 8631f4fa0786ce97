"""Where a message ends: Content-Length, Transfer-Encoding and chunks."""
from corpus import CHUNKED, CLOSE, EITHER, case, chunk, get, length, post, refused

LAST = b"0\r\n\r\n"
BODY = chunk(b"{}") + LAST


def content_length(name, value, also=()):
    return refused(f"Content-Length: {name}", post(b"Content-Length:" + value), also=also)


LENGTHS = [
    case("Content-Length", post(length(b"{}")), 400),
    case("no Content-Length on a POST", post(body=b""), 400),
    case("Content-Length with zeros before it", post(b"Content-Length: 002"), 400),
    case("Content-Length with blanks around it", post(b"Content-Length:  2  "), 400),
    case("Content-Length with tabs around it", post(b"Content-Length:\t2\t"), 400, connection=EITHER),
    content_length("positive", b" +2"),
    content_length("negative", b" -2"),
    content_length("hexadecimal", b" 0x2"),
    content_length("a fraction", b" 2.0"),
    content_length("an exponent", b" 2e0"),
    content_length("two numbers", b" 1 2"),
    content_length("a list of equal numbers", b" 2, 2"),
    content_length("a list of different numbers", b" 2, 1"),
    content_length("empty", b""),
    content_length("a comma", b" 2,"),
    content_length("a form feed", b" \x0c2"),
    content_length("a vertical tab", b" 2\x0b"),
    content_length("NUL", b" 2\0"),
    content_length("digits of another script", " ٢".encode()),
    content_length("folded", b"\r\n 2"),
    content_length("2^64", b" 18446744073709551616"),
    content_length("2^64 + 2", b" 18446744073709551618"),
    content_length("a hundred digits", b" " + 100 * b"9"),
    content_length("2^64 - 1", b" 18446744073709551615", also=[413]),
    content_length("2^63", b" 9223372036854775808", also=[413]),
    content_length("2^63 - 1", b" 9223372036854775807", also=[413]),
    content_length("a byte more than is taken", b" 65537", also=[413]),
    refused("two Content-Lengths, equal", post(length(b"{}"), length(b"{}"))),
    refused("two Content-Lengths", post(length(b"{}"), length(b""))),
    refused("a blank before Content-Length's colon", post(b"Content-Length : 2")),
    refused("a body shorter than its Content-Length", post(b"Content-Length: 5"), ends=True),
    case("a body longer than its Content-Length", post(b"Content-Length: 1"), 400, 400, connection=CLOSE),
    case("an underscore for Content-Length's hyphen", post(b"Content_Length: 2"), 400, 400, connection=CLOSE),
]


def transfer_encoding(name, value):
    return refused(f"Transfer-Encoding: {name}", post(b"Transfer-Encoding:" + value, body=BODY), also=[501])


CODINGS = [
    case("chunked", post(CHUNKED, body=BODY), 400),
    case("chunked in other letters", post(b"TRANSFER-encoding: Chunked", body=BODY), 400),
    case("chunked on a GET", get(CHUNKED, body=BODY), 200),
    refused("Content-Length, then chunked", post(length(b"{}"), CHUNKED, body=BODY)),
    refused("chunked, then Content-Length", post(CHUNKED, length(b"{}"), body=BODY)),
    refused("chunked and a Content-Length of 0", post(CHUNKED, b"Content-Length: 0", body=BODY)),
    refused("chunked and the Content-Length of the chunks", post(CHUNKED, length(BODY), body=BODY)),
    transfer_encoding("chunked twice", b" chunked, chunked"),
    transfer_encoding("xchunked", b" xchunked"),
    transfer_encoding("chunkedx", b" chunkedx"),
    transfer_encoding("a blank within", b" ch unked"),
    transfer_encoding("a vertical tab behind", b" chunked\x0b"),
    transfer_encoding("a vertical tab before", b" \x0bchunked"),
    transfer_encoding("NUL behind", b" chunked\0"),
    transfer_encoding("quoted", b' "chunked"'),
    transfer_encoding("with a parameter", b" chunked;a=b"),
    transfer_encoding("folded", b"\r\n chunked"),
    transfer_encoding("LF before", b"\n chunked"),
    transfer_encoding("identity", b" identity"),
    transfer_encoding("identity, chunked", b" identity, chunked"),
    transfer_encoding("gzip", b" gzip"),
    transfer_encoding("gzip, chunked", b" gzip, chunked"),
    transfer_encoding("chunked, gzip", b" chunked, gzip"),
    transfer_encoding("empty", b""),
    refused("chunked in two fields", post(CHUNKED, CHUNKED, body=BODY)),
    refused("chunked, then identity", post(CHUNKED, b"Transfer-Encoding: identity", body=BODY), also=[501]),
    refused("gzip, then chunked", post(b"Transfer-Encoding: gzip", CHUNKED, body=BODY), also=[501]),
    refused("identity and Content-Length", post(b"Transfer-Encoding: identity", length(b"{}")), also=[501]),
    refused("a blank before Transfer-Encoding's colon", post(b"Transfer-Encoding : chunked", body=BODY)),
    refused("chunked in HTTP/1.0", post(CHUNKED, body=BODY, version=b"HTTP/1.0")),
    refused(
        "chunked in HTTP/1.0 that wants to stay",
        post(CHUNKED, b"Connection: keep-alive", body=BODY, version=b"HTTP/1.0"),
    ),
    case(
        "an empty member before chunked", post(b"Transfer-Encoding: ,chunked", body=BODY), {400, 501}, connection=EITHER
    ),
    case("an underscore for the hyphen", post(b"Transfer_Encoding: chunked", length(b"{}")), 400),
    case(
        "chunked, named by Connection",
        post(CHUNKED, b"Connection: Transfer-Encoding", body=BODY),
        400,
        connection=EITHER,
    ),
]


def chunks(name, body, ends=False):
    return refused(f"chunks: {name}", post(CHUNKED, body=body), ends=ends)


CHUNKS = [
    case("chunks: zeros before the size", post(CHUNKED, body=b"00002\r\n{}\r\n" + LAST), 400),
    case(
        "chunks: one byte each, in segments", (post(CHUNKED, body=b"1\r\n{\r"), b"\n", b"1\r\n}\r\n0\r", b"\n\r\n"), 400
    ),
    case("chunks: an extension", post(CHUNKED, body=b"2;a=b\r\n{}\r\n" + LAST), 400),
    case("chunks: a quoted extension", post(CHUNKED, body=b'2;a="b;c"\r\n{}\r\n' + LAST), 400),
    case(
        "chunks: an extension of 10 kB",
        post(CHUNKED, body=b"2;" + 10_000 * b"a" + b"\r\n{}\r\n" + LAST),
        400,
        connection=EITHER,
    ),
    case(
        "chunks: an extension of 1 MB",
        post(CHUNKED, body=b"2;" + 10**6 * b"a" + b"\r\n{}\r\n" + LAST),
        400,
        connection=EITHER,
    ),
    case("chunks: more than is taken", post(CHUNKED, body=chunk(65_537 * b" ") + LAST), 413, connection=CLOSE),
    chunks("an extension with LF", b"2;a\n{}\r\n" + LAST),
    chunks("an extension with CR", b"2;a\rb\r\n{}\r\n" + LAST),
    chunks("an extension with NUL", b"2;a\0\r\n{}\r\n" + LAST),
    chunks("no number", b"zz\r\n{}\r\n" + LAST),
    chunks("an empty size", b"\r\n{}\r\n" + LAST),
    chunks("a negative size", b"-2\r\n{}\r\n" + LAST),
    chunks("a positive size", b"+2\r\n{}\r\n" + LAST),
    chunks("a size with 0x", b"0x2\r\n{}\r\n" + LAST),
    chunks("a size of 2^64 + 2", b"10000000000000002\r\n{}\r\n" + LAST),
    chunks("a size of 17 digits", b"FFFFFFFFFFFFFFFFF\r\n{}\r\n" + LAST),
    chunks("a blank before the size", b" 2\r\n{}\r\n" + LAST),
    chunks("a blank behind the size", b"2 \r\n{}\r\n" + LAST),
    chunks("a tab behind the size", b"2\t\r\n{}\r\n" + LAST),
    chunks("a comma in the size", b"1,2\r\n{}\r\n" + LAST),
    chunks("LF behind the size", b"2\n{}\r\n" + LAST),
    chunks("CR behind the size", b"2\r{}\r\n" + LAST),
    chunks("LF behind the data", b"2\r\n{}\n" + LAST),
    chunks("nothing behind the data", b"2\r\n{}" + LAST),
    chunks("two bytes for the CRLF behind the data", b"2\r\n{}xx" + LAST),
    chunks("more data than the size", b"2\r\n{}x\r\n" + LAST),
    chunks("LF behind the last chunk", b"2\r\n{}\r\n0\n\n"),
    chunks("no data, then the end", b"5\r\n{}", ends=True),
    chunks("no last chunk, then the end", b"2\r\n{}\r\n", ends=True),
    chunks("no empty line, then the end", b"2\r\n{}\r\n0\r\n", ends=True),
]


def trailer(name, *fields):
    return refused(
        f"trailer: {name}", post(CHUNKED, body=chunk(b"{}") + b"0\r\n" + b"\r\n".join(fields) + b"\r\n\r\n"), also=[431]
    )


UNKEYED = b"POST /v1/refunds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

TRAILERS = [
    case("trailer: a field", post(CHUNKED, body=chunk(b"{}") + b"0\r\nX-A: a\r\n\r\n"), 400),
    case("trailer: a second Host", post(CHUNKED, body=chunk(b"{}") + b"0\r\nHost: elsewhere\r\n\r\n"), 400),
    case(
        "trailer: a key is no key",
        UNKEYED + chunk(b"{}") + b"0\r\nAuthorization: Bearer clv_test_" + 32 * b"k" + b"\r\n\r\n",
        401,
    ),
    trailer("Content-Length", b"Content-Length: 5"),
    trailer("Transfer-Encoding", b"Transfer-Encoding: chunked"),
    trailer("no field", b"X A: a"),
    trailer("folded", b"X-A: a", b" b"),
    trailer("9 kB", b"X-A: " + 9_000 * b"a"),
    trailer("101 fields", *101 * [b"X-A: a"]),
    trailer("10,000 fields", *10_000 * [b"X-A: a"]),
]

CASES = LENGTHS + CODINGS + CHUNKS + TRAILERS
