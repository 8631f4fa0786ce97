"""The fixtures of every test of the built program, and what a long run measured."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from lengths import is_proof
from server import Storno

measurements = pytest.StashKey[list]()


@pytest.fixture
def storno(tmp_path):
    server = Storno(tmp_path).start()
    yield server
    if server.process.poll() is None:
        server.kill()


@pytest.fixture
def storno_tls(tmp_path):
    server = Storno(tmp_path, tls=True).start()
    yield server
    if server.process.poll() is None:
        server.kill()


@pytest.fixture
def stopped(tmp_path):
    """Not started yet."""
    server = Storno(tmp_path)
    yield server
    if server.process is not None and server.process.poll() is None:
        server.kill()


@pytest.fixture
def measured(request):
    """Keeps a line of figures, which the end of the run prints: `measured("40 kills, 0 lost")`."""

    def keep(text):
        request.config.stash.setdefault(measurements, []).append((request.node.name, text))

    return keep


#: The files that take longest begin first, or the last of them would run alone at the end.
LONGEST = [
    "test_node_faults.py", "test_secrets.py", "test_simulator.py", "test_kills_under_load.py", "test_model.py",
    "test_indistinguishable.py", "test_disk_checkpoint.py", "test_schemathesis.py", "test_power_cuts.py",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


def pytest_terminal_summary(terminalreporter, config):
    lines = config.stash.get(measurements, [])
    if lines:
        terminalreporter.section("measured, long form" if is_proof else "measured, short form")
        for name, text in lines:
            terminalreporter.write_line(f"{name}: {text}")
