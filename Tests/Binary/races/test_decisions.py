"""Two people at one refund, at once: one of them decides, and the refund goes out once or not at all."""
import json
import subprocess
import time

import pytest

from lengths import length
from object_ids import spelled
from server import BINARY

AMOUNT = 7
# What runs at the same time, and how many of it may be done.
PAIRS = {
    "two approvals": (["approve", "approve"], {1}),
    "three approvals": (["approve", "approve", "approve"], {1}),
    "an approval and a rejection": (["approve", "reject"], {1}),
    "two rejections": (["reject", "reject"], {1}),
    "a rejection and a withdrawal": (["reject", "cancel"], {1}),
    # What was approved is not sent yet, so it can still be withdrawn.
    "an approval and a withdrawal": (["approve", "cancel"], {1, 2}),
}


@pytest.fixture
def race(race):
    """On an account where every refund waits for a person."""
    race.server.command("accounts", "set", "main", "approval_above=0", "--database", race.server.database)
    if race.server.postgres:
        time.sleep(1)  # as long as a change of an account may be unknown to nodes that others made it on
    return race


def decide(race, refund, words):
    """- Returns: which of the commands were carried out."""
    lines = [[BINARY, "refunds", word, refund, "--database", race.server.database] for word in words]
    running = [
        subprocess.Popen(line, cwd=race.server.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for line in lines
    ]
    codes = [process.communicate(timeout=60) and process.returncode for process in running]
    assert set(codes) <= {0, 1}
    return [word for word, code in zip(words, codes) if code == 0]


@pytest.mark.parametrize("name", PAIRS)
def test_one_decision_wins(race, name, measured):
    words, winners = PAIRS[name]
    rounds = length(4, 40)
    payment = race.take_payment(100_000)
    decided = {}
    for _ in range(rounds):
        path, body = "/refunds", {"charge": spelled(payment, "cari", "payment"), "amount": AMOUNT}
        refund = race.client.ask("cari", "POST", path, body).json["id"]
        done = decide(race, refund, words)
        assert len(done) in winners, done
        decided[refund] = done
    approved = {refund for refund, done in decided.items() if done == ["approve"]}
    race.wait_until_settled(payment)
    for refund, done in decided.items():
        shown = json.loads(
            race.server.command("refunds", "show", refund, "--json", "--database", race.server.database).stdout
        )
        ends = "succeeded" if refund in approved else "canceled"
        assert shown["refund"]["status"] == ends, done
        types = [event["type"] for event in shown["events"]]
        assert types.count("refund.queued") == ("approve" in done) and types.count("refund.canceled") == (
            ends == "canceled"
        )
        assert len(shown["attempts"]) == (refund in approved)
    charge = race.client.ask("cari", "GET", f"/charges/{spelled(payment, 'cari', 'payment')}").json
    assert charge["amount_refunded"] == AMOUNT * len(approved)
    race.server.verify()
    measured(f"{rounds} rounds, {len(approved)} went out")
