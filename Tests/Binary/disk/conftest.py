"""Servers on disks that fail or are full."""
import ctypes
import os
import subprocess

import pytest

from disk_faults import Faults, compile_faults
from server import Storno

CLONE_NEWNS = 0x20000


@pytest.fixture(scope="session")
def fault_library(tmp_path_factory):
    return compile_faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture
def failing(fault_library, tmp_path):
    """Makes servers, not started yet, each with the faults of its disk; they end with the test."""
    servers = []

    def make(name="storno"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        faults = Faults(fault_library, tmp_path / f"{name}.plan", folder)
        # A short log, so that checkpoints come soon.
        environment = {"SWIFT_BACKTRACE": "enable=no", "STORNO_SQLITE_LOG_MEGABYTES": "1"}
        server = Storno(folder, environment=faults.environment | environment)
        servers.append(server)
        return server, faults

    yield make
    for server in servers:
        if server.process is not None and server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def own_mounts():
    """From here on nobody but this process and its children sees what it mounts, and nothing stays mounted."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(CLONE_NEWNS) == 0, f"mounting needs root: {os.strerror(ctypes.get_errno())}"
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)


@pytest.fixture
def small_disk(own_mounts, tmp_path):
    """Mounts a file system of so many bytes, and gives its folder. A server's log goes elsewhere."""
    mounted = []

    def mount(size):
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
        mounted.append(folder)
        (folder / "server.log").symlink_to(folder.with_suffix(".log"))
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
