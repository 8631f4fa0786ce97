"""`storno export`: what it writes comes back as it was, and no spreadsheet takes it for a formula."""
import csv
import io
import json
import resource
import subprocess

import pytest

import csv_files as files
from server import BINARY, Storno

FORMULAS = ["=1+1", "+1", "-1", "@a", "\tx", "'=x", "'quoted", "plain", "-"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """With history that no test changes."""
    folder = tmp_path_factory.mktemp("shop")
    server = files.account(Storno(folder))
    files.take(server, files.payments(folder / "p.csv", range(120)))
    files.take(server, files.refunds(folder / "r.csv", range(120)))
    return server


def test_what_is_exported_and_imported_elsewhere_is_exported_equal(shop, tmp_path):
    (tmp_path / "other").mkdir()
    other = files.account(Storno(tmp_path / "other"))
    for subject, arguments in (("payments", ["--with-personal"]), ("refunds", [])):
        first = tmp_path / f"{subject}.csv"
        shop.command("export", subject, "--mode", "test", "--database", shop.database, "-o", first, *arguments)
        files.take(other, first)
    other.verify()
    for subject, arguments in (("payments", ["--with-personal"]), ("refunds", [])):
        assert files.export(other, subject, *arguments) == files.export(shop, subject, *arguments)


def test_what_was_made_here_is_exported_under_its_own_ids(storno, tmp_path):
    import requests

    headers = {"Authorization": f"Bearer {storno.key('storno')}"}
    body = {"amount": 500, "currency": "EUR", "metadata": {"k": "ü"}}
    payment = requests.post(f"{storno.url}/storno/v1/payments", headers=headers, json=body).json()
    rows = list(csv.DictReader(io.StringIO(files.export(storno, "payments"))))
    assert [(row["id"], row["dialect"], row["amount"]) for row in rows] == [(payment["id"], "storno", "500")]
    assert json.loads(rows[0]["metadata"]) == {"k": "ü"}


def test_formulas_are_made_harmless_and_come_back(stopped, tmp_path):
    files.account(stopped)
    columns = ["id", "amount", "currency", "order_reference"]
    rows = [[f"id{n}", 5, "EUR", "'" + text if text[0] in "=+-@\t'" else text] for n, text in enumerate(FORMULAS)]
    files.take(stopped, files.write(tmp_path / "p.csv", columns, rows))
    told = [json.loads(line) for line in files.export(stopped, "payments", "--format", "jsonl").splitlines()]
    assert {row["order_reference"] for row in told} == set(FORMULAS)
    exported = list(csv.DictReader(io.StringIO(files.export(stopped, "payments"), newline="")))
    for row in exported:
        assert all(cell[:1] not in set("=+-@\t\r") for cell in row.values()), row
        assert row["amount"] == "5"


def test_events_and_journal_are_rows_of_one_account_and_time(shop):
    events = [json.loads(line) for line in files.export(shop, "events", "--format", "jsonl").splitlines()]
    assert {event["type"] for event in events} == {"payment.imported", "refund.imported", "customer.imported"}
    assert sum(event["type"] == "refund.imported" for event in events) == 120
    ledger = list(csv.DictReader(io.StringIO(files.export(shop, "ledger"))))
    # Captures, fees, and refunds that succeeded.
    assert len(ledger) == 120 + sum(n % 30 > 0 for n in range(120)) + sum(n % 50 > 0 for n in range(120))
    some = files.export(shop, "refunds", "--from", "2020-09-13T12:44:00Z", "--to", "2020-09-13T12:44:30Z")
    assert len(some.splitlines()) == 31
    files.account(shop, "other")
    assert len(files.export(shop, "refunds", "--account", "other").splitlines()) == 1


def test_persons_are_told_only_when_asked_for_and_with_the_key(shop):
    assert "example.com" not in files.export(shop, "payments") + files.export(shop, "events")
    assert "c7@example.com" in files.export(shop, "payments", "--with-personal")
    line = ["export", "payments", "--mode", "test", "--with-personal", "--database", shop.database]
    away = (shop.folder / "storno.key").rename(shop.folder / "away.key")
    try:
        assert len(files.export(shop, "payments").splitlines()) == 121
        done = shop.command(*line, check=False)
    finally:
        away.rename(shop.folder / "storno.key")
    assert done.returncode == 64 and "sealed" in done.stderr and not done.stdout


def test_a_file_is_whole_or_not_there_and_nothing_is_replaced(shop, tmp_path):
    line = ["export", "refunds", "--mode", "test", "--database", shop.database, "-o"]
    shop.command(*line, tmp_path / "out.csv")
    before = (tmp_path / "out.csv").read_bytes()
    done = shop.command(*line, tmp_path / "out.csv", check=False)
    assert done.returncode == 1 and "nothing is replaced" in done.stderr
    assert (tmp_path / "out.csv").read_bytes() == before and (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600
    done = shop.command(*line, tmp_path / "no" / "out.csv", check=False)
    assert done.returncode == 1 and "cannot be written" in done.stderr
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    full = subprocess.run(
        [str(BINARY), *map(str, line), str(tmp_path / "full.csv")], cwd=shop.folder, capture_output=True, preexec_fn=small
    )
    assert full.returncode != 0
    assert not (tmp_path / "full.csv").exists()
