"""People at the client's commands: each with a home and an account of their own, on one server for a file of tests."""
import pathlib
import sys
import uuid

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "webhooks"))

from person import Person
from server import Storno


@pytest.fixture(scope="module")
def storno(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("server")).start()
    yield server
    if server.process.poll() is None:
        server.kill()


@pytest.fixture
def stranger(storno, tmp_path):
    """With neither a key nor a profile."""
    return Person(storno, tmp_path / "home", account=f"a-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def person(stranger):
    """With a key of the server and a profile that is current."""
    stranger.run("profiles", "add", "shop", "--address", stranger.storno.url, stdin=stranger.key())
    return stranger
