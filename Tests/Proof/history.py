"""How fast history is imported, beside refunds that are asked for one by one.

    .venv/bin/python Tests/Proof/history.py .build/release/storno [--rows 1000000] [--seconds 20]

Two rates of the same program on the same machine: durable refunds by HTTP, a request each on kept connections; and the rows of
an import of payments, then of their refunds, into an empty database. Prints both, with the processor time of each, which says
more on a machine that others use, and the ratios; and verifies what was imported.
"""
import argparse
import http.client
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "Binary"), str(ROOT / "Tests" / "Binary" / "files")]
CONNECTIONS = 64


def singles(server, seconds):
    """Refunds a second, each answered before the next on its connection, and the server's processor time for each."""
    from merchants import collctiv_payment

    key = server.key("collctiv")
    server.start()
    payments = [collctiv_payment(server.url, key, 10**9) for _ in range(CONNECTIONS)]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    begin, until = used(server), time.monotonic() + seconds
    counts = [0] * CONNECTIONS

    def work(number):
        connection = http.client.HTTPConnection("localhost", server.port)
        body = json.dumps({"amount": 1, "payment": payments[number], "reason": {"code": "duplicate"}})
        while time.monotonic() < until:
            connection.request("POST", "/v1/refunds", body, headers)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            answer.read()
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = used(server) - begin
    server.stop()
    return sum(counts) / seconds, spent / sum(counts)


def used(server):
    """Seconds of processor time that the server has had."""
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=int, default=20)
    chosen = arguments.parse_args()
    os.environ["STORNO_BINARY"] = str(chosen.binary.resolve())
    import csv_files as files
    from server import Storno

    def run(server, *line):
        done = subprocess.run(
            [str(chosen.binary.resolve()), *map(str, line), "--database", server.database],
            cwd=server.folder, capture_output=True, text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    with tempfile.TemporaryDirectory() as folder:
        single = pathlib.Path(folder) / "single"
        single.mkdir()
        rate, each = singles(Storno(single), chosen.seconds)
        print(f"{rate:.0f} refunds a second one by one, {CONNECTIONS} connections, {each * 1e6:.0f} us each", flush=True)
        whole = pathlib.Path(folder) / "whole"
        whole.mkdir()
        server = Storno(whole)
        run(server, "accounts", "create", "main")
        for make in (files.payments, files.refunds):
            file = make(whole / f"{make.__name__}.csv", range(chosen.rows))
            start, before = time.monotonic(), children()
            summary = json.loads(run(server, "import", file, "--mode", "test", "--json"))
            spent, cpu = time.monotonic() - start, (children() - before) / chosen.rows
            assert summary["imported"] == chosen.rows, summary
            print(
                f"{chosen.rows} {make.__name__} in {spent:.1f} s: {chosen.rows / spent:.0f} a second,"
                f" {chosen.rows / spent / rate:.2f} times as many, {cpu * 1e6:.0f} us each, {each / cpu:.2f} times as cheap",
                flush=True,
            )
        start = time.monotonic()
        run(server, "verify")
        print(f"verified in {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    main()
