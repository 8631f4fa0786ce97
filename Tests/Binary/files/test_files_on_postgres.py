"""Import, export and doctor on PostgreSQL: beside a node that works, cut off, once, and told where it is not durable."""
import json
import os
import random
import signal
import subprocess
import time

import pytest
import requests

import csv_files as files
from lengths import length
from postgres_server import private_server
from server import BINARY, Storno


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


class Shop(Storno):
    """On a database of the server's own, with its credentials."""

    def __init__(self, folder, server, name):
        super().__init__(folder)
        server.sql(f"CREATE DATABASE {name} OWNER storno")
        self.place = server.url(database=name)
        self.credentials = server.environment

    @property
    def database(self):
        return self.place

    def command(self, *arguments, **options):
        environment = options.pop("env", os.environ) | self.credentials
        return super().command(*arguments, env=environment, **options)

    def spawn(self, port=0):
        self.environment = self.credentials
        return super().spawn(port)


def test_an_import_beside_a_node_is_killed_and_goes_on_and_doubles_nothing(database, tmp_path):
    shop = files.account(Shop(tmp_path, database, "history"))
    key = (shop.key("stancer"), "")
    count = length(800, 20_000)
    payments, refunds = files.payments(tmp_path / "p.csv", range(count)), files.refunds(tmp_path / "r.csv", range(count))
    assert files.take(shop, payments, "--dry-run")[1]["imported"] == count
    chance = random.Random(3)
    with shop.start():
        for file in (payments, refunds):
            line = [str(BINARY), "import", str(file), "--mode", "test", "--database", shop.database]
            for _ in range(2):
                process = subprocess.Popen(
                    line, cwd=shop.folder, env=os.environ | shop.credentials, stderr=subprocess.DEVNULL
                )
                time.sleep(chance.uniform(0.4, 1.5))
                process.send_signal(signal.SIGKILL)
                process.wait()
            summary = files.take(shop, file)[1]
            assert summary["imported"] + summary["skipped"] == count and summary["refused"] == 0
        refund = requests.get(f"{shop.url}/v1/refunds/{files.refund_id(7)}", auth=key).json()
        assert (refund["amount"], refund["status"]) == (107, "refunded")
        assert shop.stop() == 0
    shop.verify()
    shop.command("audit", "verify", "--database", shop.database)
    # And what it holds is what a file holds that took the same.
    (tmp_path / "file").mkdir()
    other = files.account(Storno(tmp_path / "file"))
    for file in (payments, refunds):
        files.take(other, file)
    for subject, arguments in (("payments", ["--with-personal"]), ("refunds", [])):
        assert files.export(shop, subject, *arguments) == files.export(other, subject, *arguments)
    assert len(files.export(shop, "ledger").splitlines()) == len(files.export(other, "ledger").splitlines())


def test_a_doctor_says_what_a_server_does_not_keep(database, tmp_path):
    shop = Shop(tmp_path, database, "patient")

    def told():
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STORNO_")}
        line = ["doctor", "--json", "--port", 0, "--database", shop.database]
        done = shop.command(*line, check=False, env=environment)
        return {item["check"]: item for item in json.loads(done.stdout)}, done.returncode

    found, code = told()
    assert found["database"]["verdict"] == "warning" and "storno migrate" in found["database"]["advice"] and code == 0
    files.account(shop)
    found, code = told()
    assert found["database"]["verdict"] == found["books"]["verdict"] == found["fsync"]["verdict"] == "ok" and code == 0
    assert found["standby"]["verdict"] == "warning"
    for value, verdict in (("off", "problem"), ("on", "ok")):
        database.sql(f"ALTER SYSTEM SET full_page_writes = {value}")
        database.sql("SELECT pg_reload_conf()")
        deadline = time.monotonic() + 20
        while told()[0]["full_page_writes"]["verdict"] != verdict and time.monotonic() < deadline:
            time.sleep(0.2)
        found, code = told()
        assert found["full_page_writes"]["verdict"] == verdict and code == (2 if value == "off" else 0), found
    shop.place = "postgres://storno@127.0.0.1:1/books"
    found, code = told()
    assert found["database"]["verdict"] == "problem" and "127.0.0.1:1" in found["database"]["says"] and code == 2
