"""What happened, told once more; and what was asked."""
import json
import subprocess
import time

import requests

from person import Person
from receiver import Receiver
from server import BINARY, Storno


def test_events_are_listed_by_type_and_by_object(person):
    payment = person.payment()
    refund = person.id("refunds", "create", payment, "--amount", 5, "--wait")
    newest = person.json("events", "list", "--type", "refund.*")
    assert newest[0]["type"] == "refund.succeeded" and newest[-1]["type"] == "refund.created"
    assert person.json("events", "list", "--refund", refund) == newest[::-1]
    header, *rows = person.run("events", "list", "--payment", payment).stdout.splitlines()
    assert header.split() == ["CREATED", "TYPE", "AMOUNT", "BY", "ID"] and "payment.created" in rows[0]
    assert person.json("events", "list", "--limit", "1") == newest[:1]
    assert json.loads(person.run("events", "get", newest[0]["id"]).stdout) == newest[0]
    person.run("events", "list", "--payment", payment, "--refund", refund, code=64)


def test_an_event_is_told_once_more_to_those_who_take_it(tmp_path):
    environment = {"STORNO_WEBHOOKS_ALLOW_LOOPBACK": "on"}
    with Storno(tmp_path, environment=environment).start() as storno, Receiver() as receiver:
        key = storno.key("storno")
        person = Person(storno, tmp_path / "home", STORNO_API_KEY=key, STORNO_ADDRESS=storno.url)

        def endpoint(path, types):
            body = {"url": receiver.url(path), "events": types}
            headers = {"Authorization": f"Bearer {key}"}
            made = requests.post(f"{storno.url}/storno/v1/webhook_endpoints", json=body, headers=headers, timeout=30)
            return made.json()["id"]

        refunds, _ = endpoint("/refunds", ["refund.*"]), endpoint("/disputes", ["dispute.won"])
        person.id("refunds", "create", person.payment(), "--amount", 5, "--wait")
        event = person.json("events", "list", "--type", "refund.created")[0]["id"]
        deadline = time.monotonic() + 20
        while event not in [message.id for message in receiver.at("/refunds")]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert person.run("events", "resend", event).stdout == f"{refunds} {event}\n"
        while [message.id for message in receiver.at("/refunds")].count(event) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert receiver.at("/disputes") == []
        payment = person.json("events", "list", "--type", "payment.created")[0]["id"]
        assert "No enabled endpoint takes payment.created" in person.run("events", "resend", payment, code=1).stderr
        person.run("events", "resend", payment, "--endpoint", refunds)
        while payment not in [message.id for message in receiver.at("/refunds")]:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_requests_are_followed_as_they_are_answered(person):
    url = person.storno.url
    person.payment()
    with person.starts("logs", "tail", "--json") as tail:
        tail.says("Following")
        assert json.loads(tail.out[0])["path"] == "/v1/payments"
        person.run("payments", "get", "pay_secret", code=3)
        payment = person.payment()
        for _ in range(2):
            person.id("refunds", "create", payment, "--amount", 5, "--idempotency-key", "canary-key")
        cari = {"Authorization": f"Bearer {person.key(dialect='cari')}"}
        requests.get(f"{url}/charges/ch_canary?expand=canary", headers=cari, timeout=30)
        requests.get(f"{url}/no/canary", headers=cari, timeout=30)
        tail.wait(lambda self: len(self.out) >= 7)
        assert tail.interrupt() == 0
    rows = [json.loads(line) for line in tail.out]
    seen = [(row["method"], row["dialect"], row.get("path"), row["status"], row.get("code")) for row in rows[1:]]
    assert seen == [
        ("GET", "storno", "/v1/payments/{id}", 404, "not_found"),
        ("POST", "storno", "/v1/payments", 200, None),
        ("POST", "storno", "/v1/refunds", 200, None),
        ("POST", "storno", "/v1/refunds", 200, None),
        ("GET", "cari", "/charges/{id}", 404, "not_found"),
        ("GET", "cari", None, 404, "unknown_route"),
    ]
    assert [row["idempotent_replay"] for row in rows[3:5]] == [False, True]
    assert "canary" not in "".join(tail.out) and "secret" not in "".join(tail.out)
    assert len({row["id"] for row in rows}) == len(rows) and all(row["api_key"].startswith("key_") for row in rows)


def test_requests_are_filtered_and_those_to_the_log_are_not_in_it(person):
    person.payment()
    person.run("payments", "get", "pay_none", code=3)
    person.run("refunds", "get", "ref_none", code=3)

    def paths(*arguments):
        lines = person.run("logs", "tail", "--no-follow", "--json", *arguments).stdout.splitlines()
        return [json.loads(line)["path"] for line in lines]

    assert paths() == ["/v1/payments", "/v1/payments/{id}", "/v1/refunds/{id}"]
    assert paths("-n", 1) == ["/v1/refunds/{id}"]
    assert paths("-n", 0) == []
    assert paths("--status", "4xx") == ["/v1/payments/{id}", "/v1/refunds/{id}"]
    assert paths("--status", "200") == ["/v1/payments"]
    assert paths("--method", "post") == ["/v1/payments"]
    assert paths("--path", "/v1/payments*") == ["/v1/payments", "/v1/payments/{id}"]
    assert paths("--path", "/v1/payments/{id}", "--status", "5xx") == []
    assert paths("--api", "cari") == []
    line = person.run("logs", "tail", "--no-follow", "--status", "404", "-n", "1").stdout
    assert "404" in line and "storno /v1/refunds/{id}" in line and "not_found" in line and "req_" in line
    assert "status" in person.run("logs", "tail", "--status", "seven", code=1).stderr
    other = person.storno.key("storno", "test", "--account", "other")
    theirs = {"STORNO_API_KEY": other, "STORNO_ADDRESS": person.storno.url}
    assert person.run("logs", "tail", "--no-follow", **theirs).stdout == ""
    without = person.key("--scopes", "payments:read")
    person.run("logs", "tail", "--no-follow", code=6, STORNO_API_KEY=without, STORNO_ADDRESS=person.storno.url)


def test_it_ends_with_whoever_reads_it(person):
    person.payment()
    line = f"{BINARY} logs tail | head -n 1"
    reading = subprocess.Popen(
        ["sh", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=person.environment
    )
    deadline = time.monotonic() + 20
    while reading.poll() is None:
        assert time.monotonic() < deadline
        person.payment()
    assert "/v1/payments" in reading.communicate()[0]
