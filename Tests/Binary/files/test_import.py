"""`storno import`: payments and refunds that were made elsewhere, each row once, whatever happens in between."""
import json
import random
import signal
import sqlite3
import subprocess
import time

import pytest
import requests

import csv_files as files
from lengths import length
from server import BINARY, Storno


@pytest.fixture
def shop(stopped):
    return files.account(stopped)


def audited(server):
    server.command("audit", "verify", "--database", server.database)
    server.verify()


def test_history_is_found_under_the_ids_that_it_had(shop, tmp_path):
    files.take(shop, files.payments(tmp_path / "p.csv", range(60)))
    code, summary, rows = files.take(shop, files.refunds(tmp_path / "r.csv", range(60)))
    assert (summary["imported"], summary["refused"]) == (60, 0)
    assert [row["outcome"] for row in rows] == ["imported"] * 60 and rows[0]["row"] == "2"
    audited(shop)
    shop.start()
    key = (shop.key("stancer"), "")
    payment = requests.get(f"{shop.url}/v1/checkout/{files.payment_id(7)}", auth=key).json()
    assert (payment["id"], payment["amount"], payment["created"]) == (files.payment_id(7), 1007, 1_600_000_007)
    refund = requests.get(f"{shop.url}/v1/refunds/{files.refund_id(7)}", auth=key).json()
    assert (refund["payment"], refund["amount"], refund["status"]) == (files.payment_id(7), 107, "refunded")
    assert refund["created"] == 1_600_001_007
    failed = requests.get(f"{shop.url}/v1/refunds/{files.refund_id(50)}", auth=key).json()
    assert failed["status"] == "not_honored"
    # By the time at which they were made, not at which they came.
    listed = requests.get(f"{shop.url}/v1/refunds/?created=1600001050&limit=100", auth=key).json()
    assert len(listed["refunds"]) in (9, 10)
    # What is left can be refunded here, and no more.
    body = {"payment": files.payment_id(7), "amount": 901}
    assert requests.post(f"{shop.url}/v1/refunds/", auth=key, json=body).status_code >= 400
    assert requests.post(f"{shop.url}/v1/refunds/", auth=key, json=body | {"amount": 900}).status_code == 200
    shop.stop()
    shop.verify()


def test_a_dry_run_says_the_same_and_changes_nothing(shop, tmp_path):
    payments = files.payments(tmp_path / "p.csv", range(30))
    with open(payments, "a") as more:
        more.write("x,stancer,0,eur,,,,,\r\n" + "y,stancer,5,eur,,,,9,\r\n")
    def books():
        return shop.command("export", "events", "--mode", "test", "--database", shop.database).stdout
    before = books()
    dry = files.take(shop, payments, "--dry-run", check=False)
    assert books() == before
    assert dry[0] == 2 and dry[1]["dryRun"] and (dry[1]["imported"], dry[1]["refused"]) == (30, 2)
    wet = files.take(shop, payments, check=False)
    assert (wet[1]["imported"], wet[1]["refused"]) == (30, 2)
    assert [row["reason"] for row in wet[2]] == [row["reason"] for row in dry[2]]
    # Refunds see what earlier rows of the dry run took, as they would.
    rows = [[f"r{n}", "stancer", files.payment_id(3), 600, "succeeded", "", ""] for n in range(3)]
    refunds = files.write(tmp_path / "r.csv", files.REFUNDS, rows)
    dry, wet = (files.take(shop, refunds, *a, check=False) for a in (["--dry-run"], []))
    assert [r["outcome"] for r in dry[2]] == ["importable", "refused", "refused"]
    assert [r["outcome"] for r in wet[2]] == ["imported", "refused", "refused"]
    assert wet[2][1]["reason"] == dry[2][1]["reason"] == "amount must not be more than what is left of the payment, 403"
    audited(shop)


def test_a_dry_run_works_beside_a_server_and_an_import_is_refused_with_words(storno, tmp_path):
    storno.key("stancer")
    payments = files.payments(tmp_path / "p.csv", range(5))
    assert files.take(storno, payments, "--dry-run")[1]["imported"] == 5
    files.refused(storno, payments, "Another storno process", code=69)


def test_again_is_nothing_more_and_what_differs_is_refused(shop, tmp_path):
    payments, refunds = files.payments(tmp_path / "p.csv", range(10)), files.refunds(tmp_path / "r.csv", range(10))
    for file in (payments, refunds):
        files.take(shop, file)
    before = files.export(shop, "ledger")
    for file in (payments, refunds):
        assert files.take(shop, file)[1]["skipped"] == 10
    assert files.export(shop, "ledger") == before
    code, summary, rows = files.take(shop, files.payments(tmp_path / "q.csv", range(10), amount=7, fee=0), check=False)
    assert code == 2 and summary["refused"] == 10 and "amount differs" in rows[0]["reason"]
    code, summary, rows = files.take(shop, files.refunds(tmp_path / "s.csv", range(10), amount=7), check=False)
    assert code == 2 and summary["refused"] == 10 and "amount differs" in rows[0]["reason"]
    audited(shop)


BAD = [
    ({"amount": "10.50"}, "amount must be a whole number of minor units"),
    ({"amount": "-5"}, "amount must be between 1 and"),
    ({"amount": "1000000000001"}, "amount must be between 1 and"),
    ({"amount": ""}, "amount is required"),
    ({"currency": "EURO"}, "currency must be an ISO 4217"),
    ({"created_at": "yesterday"}, "created_at must be a time"),
    ({"created_at": "2999-01-01T00:00:00Z"}, "created_at must not lie in the future"),
    ({"metadata": "{"}, "metadata is not valid JSON"),
    ({"metadata": '{"a": 1}'}, "metadata.a must be a string"),
    ({"customer_name": "4242 4242 4242 4242"}, "customer_name must not hold a card number"),
    ({"dialect": "nobody"}, "dialect must be one of"),
    ({"fee": "2000000"}, "fee must not be more than what was captured"),
    ({"id": ""}, "id is required"),
    ({"id": "réf-1"}, "id must be of printable ASCII"),
    ({"id": "a\0b"}, "id must not hold a NUL"),
]


def test_rows_that_are_wrong_are_named_and_hold_up_no_others(shop, tmp_path):
    good = {
        "id": "", "dialect": "stancer", "amount": "1000", "currency": "EUR", "created_at": "2024-01-02T03:04:05.678Z",
        "customer_email": "a@example.com", "customer_name": "A", "fee": "3", "metadata": "",
    }
    rows = []
    for number, (wrong, _) in enumerate(BAD):
        rows += [good | {"id": f"good{number}"}, good | {"id": f"bad{number}"} | wrong]
    cells = [[row[column] for column in files.PAYMENTS] for row in rows] + [["short", "stancer"]]
    code, summary, results = files.take(shop, files.write(tmp_path / "p.csv", files.PAYMENTS, cells), check=False)
    assert code == 2 and summary["imported"] == len(BAD) and summary["refused"] == len(BAD) + 1
    for number, (_, words) in enumerate(BAD):
        assert results[2 * number]["outcome"] == "imported"
        assert results[2 * number + 1]["outcome"] == "refused" and words in results[2 * number + 1]["reason"]
    assert "2 cells" in results[-1]["reason"]
    audited(shop)


def test_a_payment_is_not_captured_before_it_is_created(shop, tmp_path):
    columns = ["id", "amount", "currency", "created_at", "captured_at"]
    times = [("100", "99"), ("100", "100"), ("", "99"), ("99", ""), ("2024-01-01T00:00:00.001Z", "2024-01-01T00:00:00Z")]
    rows = [[f"p{n}", 5, "EUR", *pair] for n, pair in enumerate(times)]
    code, summary, results = files.take(shop, files.write(tmp_path / "p.csv", columns, rows), check=False)
    assert code == 2 and [row["outcome"] for row in results] == ["refused", "imported", "imported", "imported", "refused"]
    assert {results[0]["reason"], results[4]["reason"]} == {"captured_at must not be before created_at"}
    # An older refund than its payment is history all the same.
    refunds = files.write(tmp_path / "r.csv", ["id", "payment", "amount", "created_at"], [["r", "p1", 5, "50"]])
    assert files.take(shop, refunds)[1]["imported"] == 1
    audited(shop)


def test_refunds_are_held_to_the_rules_of_refunds(shop, tmp_path):
    files.take(shop, files.payments(tmp_path / "p.csv", range(4), fee=0, amount=1000))
    def row(name, payment, amount, status="succeeded"):
        return [name, "stancer", payment, amount, status, "", ""]
    one, two = files.payment_id(1), files.payment_id(2)
    rows = [
        row("a", one, 600), row("b", one, 600), row("c", one, 400), row("d", one, 1), row("e", two, 1001),
        row("f", "paym_nobody", 5), row("g", two, 500, "failed"), row("h", two, 1000), row("i", two, 5, "pending"),
        row("a", two, 600),
    ]
    code, summary, results = files.take(shop, files.write(tmp_path / "r.csv", files.REFUNDS, rows), check=False)
    assert [r["outcome"][0] for r in results] == list("iriirriirr".replace("iriirr", "irirrr")), results
    reasons = {r["row"]: r["reason"] for r in results}
    assert "what is left of the payment, 400" in reasons["3"] and "nothing is left" in reasons["5"]
    assert "the payment's 1000" in reasons["6"] and "no payment paym_nobody" in reasons["7"]
    assert "succeeded or failed" in reasons["10"] and "payment differs" in reasons["11"]
    audited(shop)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", ["is empty"]),
        (b"id;amount;currency\r\n", ["not separated by commas"]),
        (b"id,amuont,currency\r\n", ["amuont", "Did you mean amount?"]),
        (b"id,amount\r\n", ["needs the column currency"]),
        (b"id,amount,currency,amount\r\n", ["amount is there twice"]),
        ("id,amount,currency\r\n".encode("utf-16"), ["UTF-16"]),
        (b"id,amount,currency\r\na\xff,1,EUR\r\n", ["line 2", "not UTF-8"]),
        (b'id,amount,currency\r\n"a,1,EUR\r\n', ["line 2, column 1", "never closed"]),
        (b'id,amount,currency\r\nx,1,EUR\r\na"b,1,EUR\r\n', ["line 3, column 2", "1 rows before"]),
        (b'id,amount,currency\r\n"a"b,1,EUR\r\n', ["line 2", "behind a closing quote"]),
        (b"id,amount,currency\r\na,1,EUR\rb", ["CR without an LF"]),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_with_its_place(shop, tmp_path, content, words):
    (tmp_path / "f.csv").write_bytes(content)
    files.refused(shop, tmp_path / "f.csv", *words)
    shop.verify()


def test_a_byte_order_mark_quotes_and_plain_line_ends_are_taken(shop, tmp_path):
    text = '\ufeff"id",amount,currency,order_reference\n"a""1",5,EUR,"x,\ny"\n\nb,6,usd,\'=1+1\n'
    (tmp_path / "p.csv").write_text(text, encoding="utf-8", newline="")
    assert files.take(shop, tmp_path / "p.csv")[1]["imported"] == 2
    told = [json.loads(line) for line in files.export(shop, "payments", "--format", "jsonl").splitlines()]
    assert {row["id"]: row.get("order_reference") for row in told} == {'a"1': "x,\ny", "b": "=1+1"}


def test_nothing_but_results_is_replaced(shop, tmp_path):
    payments = files.payments(tmp_path / "p.csv", range(3))
    (tmp_path / "other").write_text("mine")
    files.refused(shop, payments, "nothing is replaced", arguments=["--results", tmp_path / "other"])
    assert (tmp_path / "other").read_text() == "mine"
    files.refused(shop, tmp_path / "nowhere.csv", "cannot be read")
    files.refused(shop, payments, "There is no account nobody", arguments=["--account", "nobody"])


def test_live_history_needs_a_processor_for_what_is_left(shop, tmp_path):
    code, summary, rows = files.take(shop, files.payments(tmp_path / "p.csv", range(3)), mode="live", check=False)
    assert code == 2 and summary["refused"] == 3 and "no processor" in rows[0]["reason"]


def test_a_killed_import_goes_on_where_it_was_and_doubles_nothing(shop, tmp_path, measured):
    count = length(1200, 40_000)
    payments, refunds = files.payments(tmp_path / "p.csv", range(count)), files.refunds(tmp_path / "r.csv", range(count))
    chance = random.Random(7)
    kills = 0
    for file in (payments, refunds):
        line = [str(BINARY), "import", str(file), "--mode", "test", "--database", shop.database]
        for _ in range(length(3, 20)):
            process = subprocess.Popen(line, cwd=shop.folder, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.3, 1.6))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
        summary = files.take(shop, file)[1]
        assert summary["imported"] + summary["skipped"] == count and summary["refused"] == 0
    audited(shop)
    with sqlite3.connect(shop.folder / "storno.sqlite") as database:
        assert database.execute("SELECT count(*) FROM payment").fetchone() == (count,)
        assert database.execute("SELECT count(*), count(DISTINCT processor_reference) FROM refund").fetchone() == (count,) * 2
    database.close()
    measured(f"{count} payments and refunds, {kills} kills, nothing doubled, nothing lost")


def test_a_server_after_a_killed_import_has_every_index(shop, tmp_path):
    whole = files.account(Storno(tmp_path / "whole")) if (tmp_path / "whole").mkdir() is None else None
    def indexes(server):
        with sqlite3.connect(server.folder / "storno.sqlite") as database:
            found = set(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
        database.close()
        return found
    expected = indexes(whole)
    payments = files.payments(tmp_path / "p.csv", range(12_000))
    line = [str(BINARY), "import", str(payments), "--mode", "test", "--database", shop.database]
    process = subprocess.Popen(line, cwd=shop.folder, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while indexes(shop) == expected and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert indexes(shop) != expected
    told = json.loads(shop.command("doctor", "--port", "0", "--json", "--database", shop.database, check=False).stdout)
    assert [item["verdict"] for item in told if item["check"] == "import"] == ["warning"]
    shop.start()
    assert indexes(shop) == expected
    shop.stop()
    shop.verify()


def test_no_webhook_is_told_of_history(shop, tmp_path):
    shop.arguments = []
    shop.environment = {"STORNO_WEBHOOKS_ALLOW_LOOPBACK": "on"}
    shop.start()
    key = shop.key("storno")
    headers = {"Authorization": f"Bearer {key}"}
    made = requests.post(
        f"{shop.url}/storno/v1/webhook_endpoints", headers=headers, json={"url": "http://127.0.0.1:9/hook"}
    )
    assert made.status_code == 200, made.text
    shop.stop()
    files.take(shop, files.payments(tmp_path / "p.csv", range(20)))
    shop.start()
    endpoint = made.json()["id"]
    own = requests.post(
        f"{shop.url}/storno/v1/payments", headers=headers, json={"amount": 100, "currency": "EUR"}
    ).json()["id"]
    deadline = time.monotonic() + 30
    told = []
    while not told and time.monotonic() < deadline:
        answer = requests.get(f"{shop.url}/storno/v1/webhook_endpoints/{endpoint}/deliveries", headers=headers).json()
        told = answer["data"]
        time.sleep(0.1)
    assert told and all(".imported" not in json.dumps(delivery) for delivery in told), (own, told)
    events = requests.get(f"{shop.url}/storno/v1/events?limit=100", headers=headers).json()["data"]
    assert {"payment.imported", "customer.imported"} <= {event["type"] for event in events}


def test_searches_and_pages_go_through_old_and_new_alike(shop, tmp_path):
    shop.start()
    headers = {"Authorization": f"Bearer {shop.key('storno')}"}
    base = f"{shop.url}/storno/v1"
    for _ in range(5):
        body = {"amount": 100, "currency": "EUR", "order_reference": "winter-sale"}
        assert requests.post(f"{base}/payments", headers=headers, json=body).status_code == 200
    shop.stop()
    columns = ["id", "amount", "currency", "created_at", "order_reference"]
    rows = [[f"old{n}", 100, "EUR", 1_500_000_000 + n, "winter-sale"] for n in range(5)]
    files.take(shop, files.write(tmp_path / "p.csv", columns, rows))
    shop.start()
    base = f"{shop.url}/storno/v1"
    for path in ("/payments/search?query=winter", "/payments?order_reference=winter-sale"):
        seen, after = [], None
        for _ in range(20):
            more = f"&starting_after={after}" if after else ""
            page = requests.get(f"{base}{path}&limit=2{more}", headers=headers)
            assert page.status_code == 200, page.text
            seen += [item["id"] for item in page.json()["data"]]
            if not page.json()["has_more"]:
                break
            after = page.json()["data"][-1]["id"]
        assert len(seen) == len(set(seen)) == 10, (path, seen)
