"""A crowd of slow clients at one server, and a healthy client that asks it and an empty one in turn."""
import dataclasses
import json
import pathlib
import subprocess
import sys
import time

from resources import PeakMemory, queued, sockets, wait_for_sockets, wait_until_idle

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Findings:
    # Of the healthy client, in seconds: at the server with the crowd, and at the one without.
    beside: list
    alone: list
    # By kind of slow client, the longest of those that could see the end.
    closed_after: dict
    # From when the server had answered whatever it could until every connection was gone from it, in seconds; `None` if
    # some stayed. Whoever does not read is on the clock from then on.
    all_gone_after: float | None
    memory_growth: float
    # What the kernel kept for those that do not read, in MB.
    queued: float

    def p99(self, took):
        return sorted(took)[int(len(took) * 0.99)]


def watch(crowded, empty, count, seconds):
    """- crowded, empty: merchants, each with its own server."""
    wait_until_idle(crowded.server, seconds=20)
    before = sockets(crowded.server)
    with PeakMemory(crowded.server) as memory:
        crowd = subprocess.Popen(
            [
                sys.executable,
                HERE / "slow_clients.py",
                str(crowded.server.port),
                str(count),
                crowded.key,
                crowded.payment,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            begin = time.monotonic()
            assert crowd.stdout.readline() == "open\n"
            assert time.monotonic() - begin < 10
            assert wait_for_sockets(crowded.server, 20, at_least=before + count) is not None
            wait_until_idle(crowded.server, seconds=20)
            idle = time.monotonic()
            kept = queued(crowded.server)
            beside, alone = healthy(seconds, crowded, empty)
            gone = wait_for_sockets(crowded.server, 35 - (time.monotonic() - idle), at_most=before)
            all_gone_after = None if gone is None else time.monotonic() - idle
            closed_after = json.loads(crowd.stdout.readline())
        finally:
            crowd.kill()
            crowd.wait()
            crowd.stdin.close()
            crowd.stdout.close()
    assert wait_for_sockets(crowded.server, 10, at_most=before) is not None
    return Findings(beside, alone, closed_after, all_gone_after, memory.growth, kept)


def healthy(seconds, *merchants):
    servers = [text for merchant in merchants for text in (str(merchant.server.port), merchant.key)]
    line = [sys.executable, HERE / "healthy_client.py", str(seconds), *servers]
    done = subprocess.run(line, capture_output=True, text=True, timeout=seconds + 40)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
