"""The clock that these tests set."""
import pytest

from wall_clock import WallClock


@pytest.fixture
def clock(tmp_path_factory):
    clock = WallClock(tmp_path_factory.mktemp("clock"))
    yield clock
    clock.close()


@pytest.fixture
def servers():
    """Servers that are killed at the end, however it comes."""
    started = []
    yield started
    for server in started:
        if server.process is not None and server.process.poll() is None:
            server.kill()
