"""Disputes, refunds from outside and the ledger, as an operator enters and reads them."""
import json

import pytest

from merchants import collctiv_payment


def books(server):
    return ["--mode", "test", "--database", server.database]


@pytest.fixture
def payment(storno):
    """A captured payment of 1000, by its id in Collctiv's spelling."""
    return collctiv_payment(storno.url, storno.key("collctiv"), 1000)


def test_a_dispute_is_opened_listed_and_closed_beside_a_running_server(storno, payment):
    opened = storno.command("disputes", "open", payment, 300, "--reference", "dp_1", *books(storno))
    dispute = opened.stdout.strip()
    assert len(dispute) == 32
    again = storno.command("disputes", "open", payment.replace("-", ""), 300, "--reference", "dp_1", *books(storno))
    assert again.stdout.strip() == dispute
    listed = json.loads(storno.command("disputes", "list", "--payment", payment, "--json", *books(storno)).stdout)
    assert [(row["id"], row["amount"], row["state"], row["funds_withdrawn"]) for row in listed] == [
        (dispute, 300, "open", True)
    ]
    storno.command("disputes", "close", dispute, "won", *books(storno))
    storno.command("disputes", "close", dispute, "won", *books(storno))
    assert "won" in storno.command("disputes", "list", *books(storno)).stdout
    storno.command("disputes", "close", dispute, "lost", *books(storno))
    assert "lost" in storno.command("disputes", "list", *books(storno)).stdout
    storno.command("verify", "--database", storno.database)


def test_a_refund_from_outside_is_added_once(storno, payment):
    first = storno.command("external", "add", payment, 400, "--reference", "re_1", *books(storno))
    again = storno.command("external", "add", payment, 400, "--reference", "re_1", *books(storno))
    assert first.stdout == again.stdout and "known already" in again.stderr
    ledger = json.loads(storno.command("ledger", "--json", "--database", storno.database).stdout)
    assert [(book["account"], book["mode"], book["currency"], book["balanced"]) for book in ledger] == [
        ("main", "test", "GBP", True)
    ]
    balances = {line["name"]: line["balance"] for line in ledger[0]["accounts"]}
    assert balances == {"processorFunds": 600, "merchantBalance": 600}
    shown = storno.command("ledger", "--account", "main", "--mode", "test", "--database", storno.database).stdout
    assert "processorFunds" in shown and "balanced" in shown
    storno.command("verify", "--database", storno.database)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["disputes", "open", "paym_nobody", "5"], "no payment paym_nobody"),
        (["disputes", "close", "0" * 32, "won"], "no dispute 0000"),
        (["external", "add", "0" * 32, "5", "--reference", "r"], "no payment 0000"),
        (["disputes", "list", "--account", "nobody"], "no account nobody"),
    ],
)
def test_what_is_not_there_is_named(storno, payment, arguments, words):
    done = storno.command(*arguments, *books(storno), check=False)
    assert (done.returncode, done.stdout) == (1, "") and words in done.stderr


def test_what_cannot_be_is_said(storno, payment):
    for arguments, words in [
        (["disputes", "open", payment, 0], "1 to"),
        (["disputes", "open", payment, 5, "--currency", "EUR"], "The payment is in GBP"),
        (["disputes", "open", payment, 5, "--stage", "war"], "no stage war"),
        (["external", "add", payment, 5, "--reference", "r", "--currency", "QQQ"], "no currency QQQ"),
        (["external", "add", payment, 5, "--reference", " "], "reference is empty"),
        (["disputes", "open", payment, 5, "--reference", ""], "reference is empty"),
    ]:
        done = storno.command(*arguments, *books(storno), check=False)
        assert (done.returncode, done.stdout) == (1, "") and words in done.stderr, arguments
