"""What `load` says is so: every request is one, keys are never used twice, and a server that stands still is found out.

    .venv/bin/python -m pytest Benchmarks/test_load.py -q -p no:cacheprovider
"""
import http.server
import pathlib
import sys
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import asking
from asking import Request


class Still(http.server.ThreadingHTTPServer):
    """Answers at once, but nobody while the clock stands between two moments."""

    daemon_threads = True
    request_queue_size = 64
    still = (0, 0)

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen = []
        self.status = 201
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together.
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.headers["Idempotency-Key"], body))
        begin, end = self.server.still
        if begin <= time.monotonic() < end:
            time.sleep(end - time.monotonic())
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with Still() as server:
        yield server
        server.shutdown()


@pytest.fixture
def numbers(tmp_path):
    path = tmp_path / "numbers.txt"
    path.write_text("1\n22\n333\n")
    return {"number": path}


REQUEST = Request("POST", "/", {"Idempotency-Key": "{key}"}, '{"number":{number},"o":{}}')


def ask(server, lists, connections=4, **options):
    return asking.ask([server.server_port], [REQUEST], lists, connections=connections, **options)


def test_each_request_is_counted_once_and_has_a_key_of_its_own(server, numbers):
    sample = ask(server, numbers, seconds=60, limit=200, warmup=0)
    assert sample.rate > 0
    keys = [key for key, _ in server.seen]
    assert 200 <= len(keys) == len(set(keys)) < 210
    assert {body for _, body in server.seen} == {b'{"number":%s,"o":{}}' % n for n in (b"1", b"22", b"333")}


def test_a_server_that_stands_still_is_found_out(server, numbers):
    begin = time.monotonic() + 1
    server.still = (begin, begin + 1)
    sample = ask(server, numbers, connections=1, seconds=3, warmup=0.3, rate=50)
    # One request alone was under way meanwhile. But a third of all were due, and waited half a second in the middle.
    assert sample.p99 > 800_000, sample
    assert 40 < sample.rate < 60, sample


def test_a_refusal_is_no_measurement(server, numbers):
    server.status = 503
    with pytest.raises(RuntimeError, match="503"):
        ask(server, numbers, seconds=0.2, warmup=0)
