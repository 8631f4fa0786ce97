"""Everybody at once for a while, on a binary that watches itself.

    .venv/bin/python Tests/Proof/load.py .build-tsan/debug/storno --seconds 30

Clients of all three APIs refund, read and list, an operator lists, approves and backs up. The server has to end in order,
without a report of the sanitizer that it was built with (which makes its exit code 66), and its books have to be sound.
"""
import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Binary"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("--seconds", type=int, default=30)
    chosen = arguments.parse_args()
    os.environ["STORNO_BINARY"] = str(chosen.binary.resolve())
    import traffic
    from refund_apis import APIS
    from server import Storno

    with tempfile.TemporaryDirectory() as folder:
        server = Storno(folder, environment={"TSAN_OPTIONS": "exitcode=66"})
        keys = {api.name: server.key(api.name) for api in APIS}
        server.start()
        everybody = traffic.Traffic(1, keys, traffic.payments(server, keys), clients=16).start(server.port)
        until = time.monotonic() + chosen.seconds
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for other in [pool.submit(work, server, keys, until) for work in (read, operate)]:
                other.result()
        everybody.stop()
        code = server.stop()
        log = (pathlib.Path(folder) / "server.log").read_text()
        server.verify()
    print(f"{len(everybody.acknowledged)} refunds in {chosen.seconds} s, the server ended with {code}")
    if code or "ThreadSanitizer" in log:
        sys.exit(log[-20_000:])


def read(server, keys, until):
    while time.monotonic() < until:
        for page in range(1, 4):
            answer = requests.get(
                f"{server.url}/v1/refunds",
                params={"page": page},
                headers={"Authorization": f"Bearer {keys['collctiv']}"},
                timeout=30,
            )
            assert answer.status_code == 200, answer.text


def operate(server, keys, until):
    number = 0
    while time.monotonic() < until:
        number += 1
        server.command("refunds", "list", "--database", server.database)
        server.command("backup", f"backup-{number}.sqlite", "--database", server.database)
        server.command("keys", "create", "--dialect", "cari", "--mode", "test", "--database", server.database)


if __name__ == "__main__":
    main()
