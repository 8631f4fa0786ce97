"""The time of an account's test mode, stopped and moved: by the API and by the command line, over restarts."""
import json
import socket
import threading
import time

import requests

from server import Storno

HANGING = 90_000_002


class Account:
    """A test mode on a server, asked through Storno's own API."""

    def __init__(self, storno):
        self.storno = storno
        self.key = storno.key("storno")
        self.payment = None

    def ask(self, method, path, body=None, timeout=60):
        answer = requests.request(
            method,
            f"{self.storno.url}/storno/v1{path}",
            headers={"Authorization": f"Bearer {self.key}"},
            json=body,
            timeout=timeout,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refund(self, amount):
        self.payment = self.payment or self.ask("POST", "/payments", {"amount": 10**11, "currency": "EUR"})["id"]
        return self.ask("POST", "/refunds", {"payment": self.payment, "amount": amount})["id"]

    def status(self, refund):
        return self.ask("GET", f"/refunds/{refund}")["status"]

    def clock(self, *arguments, check=True):
        return self.storno.command(
            "clock", *arguments, "--json", "--database", self.storno.database, check=check
        )

    def shown(self):
        return json.loads(self.clock("show").stdout)


def test_ten_days_pass_in_a_moment(storno):
    account = Account(storno)
    frozen = json.loads(account.clock("freeze", "--at", "2030-01-01T00:00:00Z").stdout)
    assert frozen["status"] == "frozen"
    assert frozen["now"] == "2030-01-01T00:00:00Z"
    refund = account.refund(90_000_004)
    begun = time.monotonic()
    moved = account.ask("POST", "/test_clock/advance", {"by_seconds": 11 * 86_400})
    assert time.monotonic() - begun < 5
    assert (moved["status"], moved["now"]) == ("frozen", "2030-01-12T00:00:00.000Z")
    assert account.status(refund) == "reversed"
    moved = json.loads(account.clock("advance", "--days", "1", "--hours", "1").stdout)
    assert moved["now"] == "2030-01-13T01:00:00Z"
    assert account.shown()["now"] == "2030-01-13T01:00:00Z"
    resumed = json.loads(account.clock("resume").stdout)
    assert resumed["status"] == "running"
    assert resumed["ahead_by_milliseconds"] > 0
    refund = account.refund(100)
    deadline = time.monotonic() + 30
    while account.status(refund) != "succeeded":
        assert time.monotonic() < deadline, "a time that runs ahead has its workers"
        time.sleep(0.1)
    storno.verify()


def test_a_clock_arrives_though_its_server_was_killed(storno):
    account = Account(storno)
    account.clock("freeze")
    start = account.ask("GET", "/test_clock")["now"]
    refunds = [account.refund(HANGING) for _ in range(20)]

    def move():
        try:
            account.ask("POST", "/test_clock/advance", {"by_seconds": 20 * 86_400})
        except requests.RequestException:
            pass  # The server is killed meanwhile.

    mover = threading.Thread(target=move)
    mover.start()
    deadline = time.monotonic() + 30
    while account.shown()["status"] != "advancing" or account.shown()["now"] == start[:19] + "Z":
        assert time.monotonic() < deadline
    storno.kill()
    mover.join()
    left = account.shown()
    assert left["status"] == "advancing", "it was on its way"
    storno.start()
    deadline = time.monotonic() + 60
    while account.shown()["status"] == "advancing":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert account.shown()["now"] == left["advancing_to"]
    assert {account.status(refund) for refund in refunds} == {"needs_review"}
    storno.verify()


def test_the_command_line_works_without_a_server(storno):
    account = Account(storno)
    account.clock("freeze")
    refund = account.refund(100)
    storno.stop()
    account.clock("advance", "--minutes", "1")
    storno.start()
    assert account.status(refund) == "succeeded"
    refused = account.clock("advance", "--to", "2001-01-01T00:00:00Z", check=False)
    assert refused.returncode == 1
    assert "never goes back" in refused.stderr
    assert account.clock("advance", check=False).returncode == 64
    storno.verify()


def test_a_receiver_that_hangs_holds_up_its_step_and_not_the_call(tmp_path):
    environment = {"STORNO_WEBHOOKS_ALLOW_LOOPBACK": "on", "STORNO_WEBHOOKS_TIMEOUT": "8s"}
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, Storno(tmp_path, environment=environment).start() as storno:
        account = Account(storno)
        account.clock("freeze", "--at", "2030-01-01T00:00:00Z")
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/in"
        account.ask("POST", "/webhook_endpoints", {"url": url, "events": ["refund.created"]})
        refund = account.refund(100)
        begun = time.monotonic()
        moved = account.ask("POST", "/test_clock/advance", {"by_seconds": 2})
        assert time.monotonic() - begun < 7, "it answers, whoever hangs"
        assert moved["status"] == "advancing"
        assert moved["now"] == "2030-01-01T00:00:00.000Z", "nothing else happens before the call has ended"
        deadline = time.monotonic() + 60
        while account.shown()["status"] == "advancing":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert account.shown()["now"] == "2030-01-01T00:00:02Z"
        assert account.status(refund) == "succeeded"
        storno.verify()
