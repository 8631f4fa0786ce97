"""History taken over, beside refunds that are asked for."""
import json
import subprocess
import time

import csv_files
from lines import Value
from server import BINARY
from shops import Node

MOST = 1_000_000
#: The whole is imported if a tenth of it says that it takes no longer.
PATIENCE = 240


def over_creates(bench):
    """Rows a second of a file of refunds, each of a payment of its own, in an empty database."""
    rate, rows = rows_per_second(bench, MOST // 10), MOST // 10
    if MOST * 2 / rate < min(PATIENCE, bench.seconds_left / 2):
        rate, rows = rows_per_second(bench, MOST), MOST
    value = rate / bench.median("creates").rate
    return Value(value, value, value, f"{rows} rows, {rate:.0f} a second")


def rows_per_second(bench, rows):
    folder = bench.new_folder(f"import-{rows}")
    node = Node(folder)
    node.command("accounts", "create", "main", "--database", node.database)
    for make in (csv_files.payments, csv_files.refunds):
        file = make(folder / f"{make.__name__}.csv", range(rows))
        begin = time.monotonic()
        line = [BINARY, "import", file, "--mode", "test", "--json", "--database", node.database]
        done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True, timeout=PATIENCE * 2)
        spent = time.monotonic() - begin
        summary = json.loads(done.stdout)
        assert summary["imported"] == rows, summary
    return rows / spent
