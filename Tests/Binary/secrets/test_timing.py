"""How long an answer takes does not tell whether an id, or the beginning of a key, belongs to somebody."""
import json
import random
import socketserver
import string
import threading
import time

import pytest

from accounts import Account, authorization
from lengths import length
from server import Storno
from welch import tell_apart

SAMPLES = length(1_500, 20_000)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("town")).start()
    town = Account(server, "mine"), Account(server, "theirs")
    yield server, *town, town[1].objects()
    server.kill()


def request(method, path, dialect, key, body=None):
    body = json.dumps(body).encode() if body else b""
    head = f"{method} /{dialect}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization(dialect, key)}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def another(text, chance, alphabet="0123456789abcdef", length=6):
    """Of the same form, and nobody's: ids of one age lie side by side in the database."""
    return text[:-length] + "".join(chance.choice(alphabet) for _ in range(length))


ROUTES = {
    "reading a refund": ("collctiv", "refund", lambda id: ("GET", f"/v1/refunds/{id}", None)),
    "reading a payment": ("stancer", "payment", lambda id: ("GET", f"/v1/checkout/{id}", None)),
    "refunding a charge": ("cari", "payment", lambda id: ("POST", "/refunds", {"charge": id, "amount": 1})),
}


@pytest.mark.parametrize("name", ROUTES)
def test_an_id_of_others_takes_as_long_as_one_that_never_was(town, name, measured):
    server, mine, theirs, objects = town
    dialect, kind, call = ROUTES[name]
    foreign = objects[dialect][kind]
    chance = random.Random(26)

    def asking(text):
        method, path, body = call(text)
        return request(method, path, dialect, mine.keys[dialect], body)

    apart, values = tell_apart(
        server.port, [lambda: asking(foreign), lambda: asking(another(foreign, chance))], SAMPLES
    )
    measured(f"{SAMPLES} of each, |t| {', '.join(f'{abs(value):.2f}' for value in values)}")
    assert not apart, values


@pytest.mark.parametrize("dialect", ["collctiv", "stancer"])
def test_a_key_that_begins_rightly_takes_as_long_as_any_wrong_one(town, dialect, measured):
    """All but its last letter are those of a key that is in use."""
    server, mine, _, _ = town
    key = mine.keys[dialect]
    start = key.rfind("_") + 1
    chance = random.Random(27)
    path = {"collctiv": "/v1/refunds", "stancer": "/v1/refunds/"}[dialect]
    letters = string.ascii_letters + string.digits
    close = [key[:-1] + letter for letter in letters if letter != key[-1]]
    apart, values = tell_apart(
        server.port,
        [
            lambda: request("GET", path, dialect, chance.choice(close)),
            lambda: request("GET", path, dialect, another(key, chance, letters, len(key) - start)),
        ],
        SAMPLES,
    )
    measured(f"{SAMPLES} of each, |t| {', '.join(f'{abs(value):.2f}' for value in values)}")
    assert not apart, values


class Leaking(socketserver.StreamRequestHandler):
    """Takes 200 microseconds longer for one of two paths."""

    disable_nagle_algorithm = True

    def handle(self):
        while line := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            begin = time.perf_counter()
            while time.perf_counter() - begin < (0.0003 if b"/slow" in line else 0.0001):
                pass
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def leaking():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Leaking) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_server_that_leaks_200_microseconds_is_caught(leaking, measured):
    slow, fast = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /fast HTTP/1.1\r\nHost: a\r\n\r\n"
    apart, values = tell_apart(leaking, [lambda: slow, lambda: fast], length(500, 5_000))
    measured(f"|t| {', '.join(f'{abs(value):.2f}' for value in values)}")
    assert apart


def test_one_class_against_itself_cannot_be_told_apart(leaking):
    same = b"GET /fast HTTP/1.1\r\nHost: a\r\n\r\n"
    apart, values = tell_apart(leaking, [lambda: same, lambda: same], length(500, 5_000))
    assert not apart, values
