"""Payments and refunds over a server's API, and the two places where refunds are decided."""
import json
import re

import pytest

from server import BINARY
from terminal import Terminal


def test_a_payment_is_made_shown_and_listed(person):
    made = person.json(
        "payments", "create", "--amount", 2500, "--currency", "EUR", "--reference", "r1", "--metadata", "a=b=c"
    )
    assert (made["object"], made["amount"], made["status"]) == ("payment", 2500, "captured")
    assert made["metadata"] == {"a": "b=c"}
    shown = person.run("payments", "get", made["id"]).stdout
    assert re.search(r"^amount +25\.00 EUR$", shown, re.M) and re.search(r"^status +captured$", shown, re.M)
    header, row = person.run("payments", "list", "--status", "captured").stdout.splitlines()
    assert header.split() == ["ID", "STATUS", "AMOUNT", "REFUNDABLE", "CREATED", "REFERENCE"]
    assert row.startswith(made["id"]) and "25.00 EUR" in row and row.endswith("r1")
    assert row.index("captured") == header.index("STATUS")
    assert person.json("payments", "list", "--status", "failed") == []
    assert person.json("payments", "list", "--reference", "r1") == [made]


def test_a_refund_is_asked_for_and_waited_for(person):
    payment = person.payment()
    refund = person.json("refunds", "create", payment, "--amount", 1000, "--reason", "duplicate", "--wait")
    assert (refund["status"], refund["amount"], refund["reason"]) == ("succeeded", 1000, "duplicate")
    shown = person.run("refunds", "get", refund["id"]).stdout
    assert "10.00 EUR" in shown and "What was heard" in shown
    declined = person.run("refunds", "create", payment, "--metadata", "scenario=declined", "--wait", code=1)
    assert "failed" in declined.stdout and declined.stderr.endswith(" is failed (declined).\n")
    rest = person.json("refunds", "create", payment)
    assert rest["amount"] == 1500


def test_the_same_key_refunds_once(person):
    payment = person.payment()
    ids = {person.id("refunds", "create", payment, "--amount", 5, "--idempotency-key", "once") for _ in range(3)}
    assert len(ids) == 1
    other = person.run("refunds", "create", payment, "--amount", 6, "--idempotency-key", "once", code=4)
    assert "idempotency_mismatch" in other.stderr


def test_what_needs_attention_is_listed_and_everything_with_all(person):
    payment = person.payment()
    refund = person.id("refunds", "create", payment, "--amount", 1, "--wait")
    done = person.run("refunds", "list")
    assert done.stdout == "" and "--all lists every refund" in done.stderr
    assert f"At {person.storno.url} with storno_test_…" in done.stderr and "(profile shop)" in done.stderr
    assert [row["id"] for row in person.json("refunds", "list", "--all")] == [refund]
    assert [row["id"] for row in person.json("refunds", "list", "--status", "succeeded", "failed")] == [refund]
    assert person.json("refunds", "list", "--status", "failed") == []
    person.run("refunds", "list", "--all", "--account", "main", code=64)


def test_a_refund_is_approved_by_another_key_rejected_and_withdrawn(person):
    person.set("approval_above=0")
    person.run("profiles", "add", "second", "--address", person.storno.url, stdin=person.key())
    payment = person.payment()
    first, second, third = (person.id("refunds", "create", payment, "--amount", n) for n in (1, 2, 3))
    assert {row["id"] for row in person.json("refunds", "list")} == {first, second, third}
    own = person.run("refunds", "approve", first, code=6)
    assert "own_approval" in own.stderr and own.stdout == ""
    approved = person.run("refunds", "approve", first, "--note", "fine", "--profile", "second")
    assert approved.stdout == f"{first} queued\n"
    assert person.run("refunds", "reject", second, "--note", "no", "--profile", "second").stdout == f"{second} canceled\n"
    without = person.run("refunds", "reject", third, "--profile", "second", code=1)
    assert "note" in without.stderr
    assert person.run("refunds", "cancel", third).stdout == f"{third} canceled\n"
    assert "not_awaiting_approval" in person.run("refunds", "approve", third, "--profile", "second", code=4).stderr


def test_the_installation_of_this_machine_is_meant_where_it_is_named_or_nobody_is(person):
    storno = person.storno
    person.set("approval_above=0")
    refund = person.id("refunds", "create", person.payment(), "--amount", 7)
    here = person.run("refunds", "list", "--json", "--database", storno.database, "--account", person.account)
    assert "In this machine's installation, as " in here.stderr
    (row,) = json.loads(here.stdout)
    assert row["account"] == person.account and row["amount"] == 7
    assert "installation" in person.run("refunds", "list", STORNO_DATABASE=storno.database, STORNO_PROFILE="", code=0).stderr
    both = person.run("refunds", "list", "--database", storno.database, "--profile", "shop", code=64)
    assert "--profile and --address a server" in both.stderr
    done = person.run("refunds", "cancel", refund, "--database", storno.database)
    assert done.stdout == f"{row['id']} canceled\n"


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["payments", "get", "pay_none"], 3, "not_found"),
        (["refunds", "get", "ref_none"], 3, "not_found"),
        (["refunds", "create", "pay_none"], 3, "not_found"),
        (["payments", "create", "--amount", "0", "--currency", "EUR"], 1, "amount"),
        (["payments", "create", "--amount", "1", "--currency", "EURO"], 1, "currency"),
        (["payments", "create", "--amount", "1.5", "--currency", "EUR"], 64, "1.5"),
        (["payments", "create", "--amount", "1", "--currency", "EUR", "--metadata", "x"], 64, "x"),
        (["payments", "list", "--limit", "0"], 64, "1 to 10000"),
        (["payments", "list", "--status", "lost"], 1, "status"),
        (["events", "get", "evt_none"], 3, "not_found"),
        (["payments", "list", "--profile", "nobody"], 64, "no profile nobody"),
    ],
)
def test_what_is_wrong_is_told_by_words_and_code(person, arguments, code, words):
    done = person.run(*arguments, code=code)
    assert words in done.stderr and done.stdout == ""


def test_what_is_in_conflict_unreachable_or_not_allowed_has_a_code_of_its_own(person):
    payment = person.payment(100)
    conflict = person.run("refunds", "create", payment, "--amount", 101, code=4)
    assert "exceeds_payment" in conflict.stderr and re.search(r"req_[0-9a-z]+", conflict.stderr)
    unknown = {"STORNO_ADDRESS": person.storno.url, "STORNO_API_KEY": "storno_test_unknown"}
    assert "unauthorized" in person.run("payments", "list", code=6, **unknown).stderr
    reader = person.key("--scopes", "payments:read")
    small = {"STORNO_ADDRESS": person.storno.url, "STORNO_API_KEY": reader}
    assert "missing_scope" in person.run("refunds", "create", payment, code=6, **small).stderr
    other = {"STORNO_ADDRESS": person.storno.url + "/elsewhere", "STORNO_API_KEY": reader}
    person.run("payments", "list", code=3, **other)


def test_what_others_wrote_does_nothing_to_a_terminal(person):
    person.json("payments", "create", "--amount", 1, "--currency", "EUR", "--reference", "\x1b[31m\u202eevil 漢字")
    person.json("payments", "create", "--amount", 10, "--currency", "EUR", "--reference", "x")
    listed = person.run("payments", "list").stdout
    assert "\x1b" not in listed and "\u202e" not in listed and "evil 漢字" in listed


def test_colours_are_for_terminals_alone_and_not_where_nobody_wants_them(person):
    person.payment()
    assert "\x1b" not in person.run("payments", "list").stdout

    def at_a_terminal(**environment):
        line = [BINARY, "payments", "list"]
        with Terminal(line, person.home, person.environment | environment) as terminal:
            assert terminal.exit_code() == 0
            return terminal.read_so_far

    assert b"\x1b[32mcaptured" in at_a_terminal()
    assert b"\x1b" not in at_a_terminal(NO_COLOR="1")
    assert b"\x1b[32mcaptured" in at_a_terminal(NO_COLOR="")
