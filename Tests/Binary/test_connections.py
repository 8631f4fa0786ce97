"""Slow, broken and encrypted connections."""
import concurrent.futures
import socket
import ssl
import time

import h2.connection
import h2.events
import httpx
import pytest
import requests


def raw(server, sent, timeout=10):
    """Sends bytes as they are and gives everything that comes back until the other side closes or is silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        connection.sendall(sent)
        return read_all(connection)


def read_all(connection):
    received = b""
    try:
        while True:
            part = connection.recv(65536)
            if not part:
                break
            received += part
            if b"\r\n\r\n" in received and complete(received):
                break
    except (TimeoutError, ConnectionResetError):
        pass
    return received


def complete(received):
    head, body = received.split(b"\r\n\r\n", 1)
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /charges HTTP/1.1\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: \r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: a:99999999\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: user@a\r\n\r\n",
        b"get /v1/cards/?start=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /charges HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /charges HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"nonsense\r\n\r\n",
    ],
)
def test_what_http_does_not_allow_is_400(storno, request_bytes):
    answer = raw(storno, request_bytes)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert requests.get(f"{storno.url}/healthz").status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080", "api.cari.finance"])
def test_any_valid_host_is_let_in(storno, host):
    answer = raw(storno, f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")


def seconds_until_closed(connection, drip=None, limit=45):
    begin = time.monotonic()
    connection.settimeout(1)
    while time.monotonic() - begin < limit:
        try:
            if drip:
                connection.sendall(drip)
            if connection.recv(65536) == b"":
                return time.monotonic() - begin
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - begin
    return limit


def test_a_request_that_does_not_end_is_closed_after_thirty_seconds(storno, tmp_path_factory):
    """Half a header, a header that drips, a body that drips, and a body that drips after its answer was given."""
    from server import Storno

    encrypted = Storno(tmp_path_factory.mktemp("tls"), tls=True).start()
    key = storno.key("cari")
    head = f"POST /charges HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Length: 60000\r\n\r\n"
    cases = {
        "half a header": (b"GET / HTTP/1.1\r\nHost", None),
        "a dripping header": (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"a"),
        "a dripping body": (head.encode(), b"a"),
        "a dripping body after a 401": (b"POST /charges HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n", b"a"),
    }

    def plain(sent, drip):
        with socket.create_connection(("127.0.0.1", storno.port)) as connection:
            connection.sendall(sent)
            return seconds_until_closed(connection, drip)

    def tls(sent, drip):
        context = ssl.create_default_context(cafile=encrypted.authority)
        with socket.create_connection(("127.0.0.1", encrypted.port)) as connection:
            with context.wrap_socket(connection, server_hostname="localhost") as wrapped:
                wrapped.sendall(sent)
                return seconds_until_closed(wrapped, drip)

    def streams(drip):
        """One request over HTTP/2, and then nothing, or half a frame that drips."""
        context = ssl.create_default_context(cafile=encrypted.authority)
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("127.0.0.1", encrypted.port)) as connection:
            with context.wrap_socket(connection, server_hostname="localhost") as wrapped:
                http2 = h2.connection.H2Connection()
                http2.initiate_connection()
                fields = {":method": "GET", ":path": "/healthz", ":scheme": "https", ":authority": "localhost"}
                http2.send_headers(1, list(fields.items()), end_stream=True)
                wrapped.sendall(http2.data_to_send())
                ended = False
                while not ended:
                    events = http2.receive_data(wrapped.recv(65536))
                    ended = any(isinstance(event, h2.events.StreamEnded) for event in events)
                if drip:
                    wrapped.sendall(b"\x00\x40\x00\x01\x04\x00\x00\x00\x03")
                return seconds_until_closed(wrapped, drip)

    def handshake():
        with socket.create_connection(("127.0.0.1", encrypted.port)) as connection:
            connection.sendall(b"\x16\x03\x01")
            return seconds_until_closed(connection)

    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            waits = {name: pool.submit(plain, *case) for name, case in cases.items()}
            waits |= {f"{name}, over TLS": pool.submit(tls, *case) for name, case in cases.items()}
            waits["half a handshake"] = pool.submit(handshake)
            waits["nothing more over HTTP/2"] = pool.submit(streams, None)
            waits["a dripping frame over HTTP/2"] = pool.submit(streams, b"a")
            measured = {name: wait.result() for name, wait in waits.items()}
    finally:
        encrypted.kill()
    assert all(25 < seconds < 35 for seconds in measured.values()), measured


def test_http_1_and_2_over_tls_and_nothing_else_on_that_port(storno_tls):
    trust = ssl.create_default_context(cafile=storno_tls.authority)
    for version, options in {"HTTP/1.1": {}, "HTTP/2": {"http2": True}}.items():
        with httpx.Client(verify=trust, **options) as client:
            answer = client.get(f"{storno_tls.url}/healthz")
            assert (answer.status_code, answer.http_version) == (200, version)
            key = storno_tls.key("cari")
            answers = [client.get(f"{storno_tls.url}/charges", headers={"Authorization": f"Bearer {key}"}) for _ in range(5)]
            assert [answer.json() for answer in answers] == [[]] * 5
    assert not raw(storno_tls, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", timeout=3).startswith(b"HTTP/1.1 200")


def test_a_body_above_64_kB_is_413_and_the_server_goes_on(storno):
    key = storno.key("cari")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for size, code in [(64 * 1024 + 1, 413), (64 * 1024, 400)]:
        answer = requests.post(f"{storno.url}/charges", headers=headers, data=b" " * size)
        assert answer.status_code == code
    pieces = (b" " * 1024 for _ in range(65))
    assert requests.post(f"{storno.url}/charges", headers=headers, data=pieces).status_code == 413
