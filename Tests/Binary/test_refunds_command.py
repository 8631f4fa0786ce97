"""Operators at refunds, through the command line: beside a running server and without one."""
import getpass
import json
import re
import time

import pytest
import requests

from merchants import collctiv_payment

CONTRADICTING = 90_000_008


class Shop:
    """An account on a server, with a payment that is large enough for everything."""

    def __init__(self, storno):
        self.storno = storno
        self.key = storno.key("collctiv")
        self.payment = collctiv_payment(storno.url, self.key, 200_000_000)

    def bound(self, text):
        self.storno.command("accounts", "set", "main", f"approval_above={text}", "--database", self.storno.database)

    def refund(self, amount):
        """Gives the id as this API shows it."""
        body = {"amount": amount, "payment": self.payment, "reason": {"code": "customer_requested"}}
        answer = requests.post(f"{self.storno.url}/v1/refunds", headers=self.headers, json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def status(self, refund):
        return requests.get(f"{self.storno.url}/v1/refunds/{refund}", headers=self.headers, timeout=30).json()["status"]

    def command(self, *arguments, check=True):
        return self.storno.command("refunds", *arguments, "--database", self.storno.database, check=check)

    def listed(self, *arguments):
        return json.loads(self.command("list", "--json", *arguments).stdout)

    def wait_for(self, refund, status):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            shown = json.loads(self.command("show", refund, "--json").stdout)
            if shown["refund"]["status"] == status:
                return shown
            time.sleep(0.2)
        raise AssertionError(f"{refund} is {shown['refund']['status']}, not {status}")

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
def shop(storno):
    return Shop(storno)


def test_what_is_above_the_bound_waits_and_goes_out_once_it_is_approved(shop):
    shop.bound(100)
    small, large = shop.refund(100), shop.refund(101)
    shop.wait_for(small, "succeeded")
    (row,) = shop.listed()
    assert (row["status"], row["amount"], row["account"], row["mode"]) == ("awaiting_approval", 101, "main", "test")
    assert row["id"] == large.replace("-", "") and shop.status(large) == "new"
    done = shop.command("approve", large, "--note", "called the customer")
    assert done.stdout == f"{row['id']} queued\n"
    shown = shop.wait_for(row["id"], "succeeded")
    assert shown["notes"] == {"approval": "called the customer"}
    actors = {event["type"]: event["actor"] for event in shown["events"]}
    assert actors["refund.queued"] == f"operator {getpass.getuser()}"
    assert shop.listed() == []
    again = shop.command("approve", large, check=False)
    assert again.returncode == 1 and "it is succeeded" in again.stderr
    shop.storno.verify()


def test_what_is_rejected_or_withdrawn_gives_its_amount_back(shop):
    shop.bound(0)
    rejected, canceled = shop.refund(200_000_000 - 1), shop.refund(1)
    assert shop.command("reject", rejected).stdout.endswith(" canceled\n")
    assert shop.command("cancel", canceled).stdout.endswith(" canceled\n")
    shown = json.loads(shop.command("show", rejected, "--json").stdout)
    assert shown["payment"]["refundable"] == 200_000_000
    assert shown["details"]["failure"] == "canceled"
    shop.storno.verify()


def test_what_contradicts_itself_is_resolved_by_a_person(shop):
    refund = shop.refund(CONTRADICTING)
    shop.wait_for(refund, "needs_review")
    shop.command("recheck", refund)
    without = shop.command("resolve", refund, "--as", "succeeded", check=False)
    assert without.returncode == 64 and "--note" in without.stderr
    empty = shop.command("resolve", refund, "--as", "succeeded", "--note", " ", check=False)
    assert empty.returncode == 1 and "Say why" in empty.stderr
    long = shop.command("resolve", refund, "--as", "failed", "--note", "x" * 100_000, check=False)
    assert long.returncode == 1 and "more than 4000" in long.stderr
    unknown = shop.command("resolve", refund, "--as", "lost", "--note", "x", check=False)
    assert unknown.returncode == 64
    shop.command("resolve", refund, "--as", "succeeded", "--note", "on the statement")
    shown = shop.wait_for(refund, "succeeded")
    assert shown["notes"] == {"resolution": "on the statement"}
    assert shown["evidence"][-1]["source"] == "operator"
    assert shown["payment"]["refunded"] == CONTRADICTING
    text = shop.command("show", refund).stdout
    for words in ["What was sent", "What was heard", "What happened", "operator", "900000.08 GBP", "next check"]:
        assert words in text
    shop.storno.verify()


def test_decisions_are_made_without_a_server_too(shop):
    shop.bound(0)
    refund = shop.refund(500)
    assert shop.storno.stop() == 0
    assert [row["status"] for row in shop.listed()] == ["awaiting_approval"]
    shop.command("approve", refund)
    assert shop.listed() == []
    shop.storno.start()
    shop.wait_for(refund, "succeeded")


def test_a_refund_is_found_by_any_id_that_an_api_shows(stopped):
    from server import Storno

    demo = Storno(stopped.folder, arguments=["--demo"]).start()
    bearer = {"Authorization": "Bearer sk_test_DemoKeyNotSecret0000000000000000"}
    seen = {"refd_o6Y1oZinbl9lErB24OSQCAKl", "3B241101-E2BB-4255-8CAF-4136C566A962"}
    seen |= {refund["id"] for refund in requests.get(f"{demo.url}/refunds", headers=bearer, timeout=30).json()}
    basic = ("stest_DemoKeyNotSecret00000000", "")
    listed = requests.get(f"{demo.url}/v1/refunds/", auth=basic, params={"created": 1}, timeout=30).json()
    seen |= {refund["id"] for refund in listed["refunds"]}
    digits = set()
    for name in seen:
        digits.add(demo.command("refunds", "show", name, "--database", demo.database).stdout.splitlines()[0].split()[1])
    assert len(digits) == 4 and all(re.fullmatch("[0-9a-f]{32}", text) for text in digits)
    for text in digits:
        demo.command("refunds", "show", text.upper(), "--database", demo.database)
    demo.kill()


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["show", "refd_000000000000000000000000"], 1, "There is no refund"),
        (["approve", "f" * 32], 1, "There is no refund"),
        (["list", "--status", "lost"], 64, "lost"),
        (["list", "--limit", "0"], 64, "1 to 10000"),
        (["list", "--account", "nobody"], 1, "no account nobody"),
        (["list", "--mode", "both"], 64, "both"),
    ],
)
def test_what_is_wrong_is_said(stopped, arguments, code, words):
    stopped.command("accounts", "create", "main", "--database", stopped.database)
    done = stopped.command("refunds", *arguments, "--database", stopped.database, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_lists_are_bounded_and_chosen_by_status_account_and_mode(shop):
    shop.bound(0)
    refunds = [shop.refund(amount) for amount in (1, 2, 3)]
    done = shop.command("list", "--limit", "2")
    assert len(done.stdout.splitlines()) == 3 and "more than 2" in done.stderr
    assert [row["amount"] for row in shop.listed("--limit", "2")] == [1, 2]
    shop.command("reject", refunds[0])
    assert [row["amount"] for row in shop.listed("--status", "canceled")] == [1]
    assert [row["amount"] for row in shop.listed("--status", "canceled", "awaiting_approval")] == [1, 2, 3]
    assert shop.listed("--mode", "live") == []
    assert len(shop.listed("--account", "main", "--mode", "test")) == 2
