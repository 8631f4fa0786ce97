"""The cluster of deploy/ on ports of its own, and the death of its leader."""
import contextlib
import json
import os
import signal
import subprocess
import urllib.request

from postgres_server import free_port
from server import BINARY, REPOSITORY

TTL_SECONDS = 20
LAYOUT = """
[etcd]
etcd1 = 127.0.0.1:{0}
[postgres]
first = 127.0.0.1:{1}
second = 127.0.0.1:{2}
[storno]
one = 127.0.0.1:{3}
two = 127.0.0.1:{4}
three = 127.0.0.1:{5}
[entry]
entry = 127.0.0.1:{6}
[settings]
ttl = {7}
strict = no
demo = no
"""


class DeployedCluster:
    def __init__(self, folder):
        self.state, self.config = folder / "state", folder / "cluster.conf"
        ports = [free_port() for _ in range(7)]
        self.config.write_text(LAYOUT.format(*ports, TTL_SECONDS))
        self.servers = {"first": ports[1], "second": ports[2]}
        self.entry_port = ports[6]

    def command(self, *arguments):
        line = [REPOSITORY / "deploy" / "cluster", "--state", self.state, "--config", self.config, "--binary", BINARY]
        done = subprocess.run([*line, *arguments], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def key(self, dialect):
        made = self.command("storno", "keys", "create", "--dialect", dialect, "--mode", "test")
        return made.split()[0]

    @property
    def password(self):
        return (self.state / "secrets" / "storno").read_text()

    @property
    def database(self):
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.servers.values())
        return f"postgres://storno@{hosts}/storno?target_session_attrs=read-write"

    def leader(self):
        for name, port in self.servers.items():
            with contextlib.suppress(OSError):
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port + 1000}/patroni", timeout=2)
                if json.load(answer)["role"] == "primary":
                    return name
        raise AssertionError("nobody leads")

    def kill(self, name, programs=None):
        """
        Patroni and PostgreSQL at once, as when the machine is gone. Gives how many processes that were.

        - programs: only these.
        """
        found = list(processes_in(self.state / name, programs))
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for process in found + list(processes_in(self.state / name, programs)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
        return len(found)

    def has_synchronous_standby(self):
        """Whether a leader answers that another has confirmed to follow it at every commit."""
        for port in self.servers.values():
            with contextlib.suppress(OSError):
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port + 1000}/cluster", timeout=2)
                roles = {member["role"]: member["state"] for member in json.load(answer)["members"]}
                if roles.get("leader") == "running" and roles.get("sync_standby") == "streaming":
                    return True
        return False


def processes_in(folder, programs=None):
    for process in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if process.isdigit() and f"{os.readlink(f'/proc/{process}/cwd')}/".startswith(f"{folder}/"):
                if programs is None or os.path.basename(os.readlink(f"/proc/{process}/exe")) in programs:
                    yield int(process)
