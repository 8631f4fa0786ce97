"""What a server's process holds: memory and sockets, as the kernel counts them."""
import contextlib
import os
import pathlib
import re
import threading
import time


def resident(server):
    """Its resident memory, in MB."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status.read(), re.MULTILINE)[1]) / 1024


def queued(server):
    """What the kernel keeps for its clients over IPv4, in MB, which is in no process's memory."""
    with open("/proc/net/tcp") as table:
        connections = [line.split() for line in list(table)[1:]]
    # Columns: the local address, the other side's, the state, what waits to be taken and to be read.
    own = [columns[4] for columns in connections if columns[1].endswith(f":{server.port:04X}")]
    return sum(int(queues.split(":")[0], 16) for queues in own) / 1024 / 1024


def sockets(server):
    """How many it has open. Its files do not count: it opens another connection to its database when it needs one."""
    folder = pathlib.Path(f"/proc/{server.process.pid}/fd")
    count = 0
    for descriptor in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # it was closed meanwhile
            count += os.readlink(descriptor).startswith("socket:")
    return count


def wait_for_sockets(server, seconds, at_least=0, at_most=1_000_000):
    """How long it took until so many were open; `None` if it took too long."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        if at_least <= sockets(server) <= at_most:
            return time.monotonic() - begin
        time.sleep(0.05)
    return None


class PeakMemory:
    """Looks at a server's memory all the time: `with PeakMemory(server) as memory: …; memory.growth`."""

    def __init__(self, server):
        self.server = server
        self.stopping = threading.Event()

    def __enter__(self):
        self.before = self.peak = resident(self.server)
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def look(self):
        while not self.stopping.wait(0.05):
            if self.server.process.poll() is None:
                self.peak = max(self.peak, resident(self.server))

    @property
    def growth(self):
        """In MB, since the beginning."""
        return self.peak - self.before


def processor_seconds(server):
    """How much processor time it has used."""
    with open(f"/proc/{server.process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(server, seconds):
    """Returns when it has had next to nothing to do for half a second."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = processor_seconds(server)
        time.sleep(0.5)
        if processor_seconds(server) - before < 0.03:
            return
    raise AssertionError(f"still busy after {seconds} s")
