"""Servers that may tell this machine, on a schedule that ends within a test."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from server import Storno

SCHEDULE = ",".join(["0s", "50ms", "100ms", "200ms", "400ms", "800ms"] + ["1s"] * 24)


@pytest.fixture
def teller(tmp_path):
    server = Storno(tmp_path, environment=settings())
    yield server
    if server.process is not None and server.process.poll() is None:
        server.kill()


def settings(**other):
    return {
        "STORNO_WEBHOOKS_ALLOW_LOOPBACK": "on",
        "STORNO_WEBHOOKS_SCHEDULE": SCHEDULE,
        "STORNO_WEBHOOKS_TIMEOUT": "500ms",
    } | other
