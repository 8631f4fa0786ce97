"""What is measured against is no part of what users run."""
import requests

from server import BINARY, Storno


def test_the_program_has_no_routes_that_do_nothing(tmp_path):
    server = Storno(tmp_path)
    key = server.key("storno")
    with server.start():
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k"}
        made = requests.post(f"{server.url}/storno/bench/noop", json={"payment": "pay_1", "amount": 1}, headers=headers)
        read = requests.get(f"{server.url}/storno/bench/static", headers=headers)
    assert (made.status_code, read.status_code) == (404, 404)
    program = BINARY.read_bytes()
    assert b"STORNO_" in program and b"STORNO_BENCHMARK" not in program
