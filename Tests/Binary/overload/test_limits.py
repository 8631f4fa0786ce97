"""What is set as a limit is one, and what comes beyond it is answered as the operator is told."""
import json
import socket
import time

import pytest
from plain_http import Connection
from server import Storno

BODY = 60_000


def head(key, length):
    return (
        f"POST /storno/v1/payments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def test_one_connection_more_waits_until_another_ends(crowded):
    shop = crowded(STORNO_LIMITS_CONNECTIONS="16")
    held = [Connection(shop.server.port) for _ in range(16)]
    assert all(connection.exchange("GET", "/healthz", {})[0] == 200 for connection in held)
    late = socket.create_connection(("127.0.0.1", shop.server.port), timeout=0.5)
    late.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    with pytest.raises(TimeoutError):
        late.recv(1)
    held.pop().close()
    late.settimeout(10)
    assert late.recv(1024).startswith(b"HTTP/1.1 200")
    for connection in held:
        connection.close()
    late.close()


def test_bodies_take_no_more_memory_than_was_set(crowded):
    shop = crowded(STORNO_LIMITS_BODY_MEGABYTES="1")
    fields = {"Authorization": f"Bearer {shop.key}"}
    body = json.dumps({"amount": 5, "currency": "EUR"}).encode()
    slow = []

    def send_slowly():
        sender = socket.create_connection(("127.0.0.1", shop.server.port))
        sender.sendall(head(shop.key, BODY + 1) + b" " * BODY)
        slow.append(sender)

    for _ in range(2**20 // BODY):
        send_slowly()

    def post(body):
        connection = Connection(shop.server.port)
        status, fields_of_answer, answer = connection.exchange("POST", "/storno/v1/payments", fields, body)
        connection.close()
        return status, fields_of_answer, json.loads(answer)

    # All that is left, and more.
    # Before the slow ones are closed, thirty seconds after their first byte.
    deadline = time.monotonic() + 25
    while (refused := post(body + b" " * BODY))[0] != 503:
        assert time.monotonic() < deadline
        # One of them may have come while such a body was in its place, and was refused itself.
        send_slowly()
    assert refused[1]["retry-after"] == "1" and refused[2]["code"] == "busy"
    # Small ones still have room, and all have once the others are gone.
    assert post(body)[0] == 200
    for sender in slow:
        sender.close()
    deadline = time.monotonic() + 25
    while (taken := post(body + b" " * BODY))[0] != 200:
        assert time.monotonic() < deadline, taken


@pytest.mark.parametrize(
    "name, value",
    [
        ("CONNECTIONS", "15"), ("CONNECTIONS", "16385"), ("WAITING", "0"), ("WAITING", "many"), ("WAIT", "99ms"),
        ("WAIT", "31s"), ("WAIT", "5"), ("BODY_MEGABYTES", "0"), ("BODY_MEGABYTES", "1.5"),
    ],
)  # fmt: skip
def test_no_limit_is_guessed(tmp_path, name, value):
    server = Storno(tmp_path, environment={f"STORNO_LIMITS_{name}": value})
    with pytest.raises(AssertionError, match="ended with 64"):
        server.start()
    assert "limits." in (tmp_path / "server.log").read_text()
