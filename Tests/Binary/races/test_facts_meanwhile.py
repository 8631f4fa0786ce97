"""Disputes and refunds from outside, told of while clients refund: from then on no more leaves than is there."""
import json
import random

import pytest

from lengths import length
from object_ids import spelled
from rounds import CAPTURED, Call
from vendor_apis import APIS

# Unlike the amount of any refund here, one of which it could otherwise be.
FOUND = 60_001


def dispute(race, payment, number):
    """Takes everything."""
    told = ("disputes", "open", spelled(payment, "cari", "payment"), CAPTURED, "--reference", f"dp_{number}")
    race.server.command(*told, "--mode", "test", "--database", race.server.database)
    return CAPTURED


def find_outside(race, payment, number):
    told = ("external", "add", spelled(payment, "cari", "payment"), FOUND, "--reference", f"re_{number}")
    race.server.command(*told, "--mode", "test", "--database", race.server.database)
    return FOUND


def settled(race, payment, calls):
    """The payment's sums as an operator sees them, and what each refund became."""
    race.wait_until_settled(payment)
    charge = spelled(payment, "cari", "payment")
    shown = race.client.ask("cari", "GET", f"/refunds?charge={charge}").json
    first = next(call.answer.json["id"] for call in calls if call.answer.status == 200)
    details = race.server.command("refunds", "show", first, "--json", "--database", race.server.database).stdout
    return json.loads(details)["payment"], shown


def drawn(chance, count):
    return [Call(chance.choice(APIS), chance.randint(1, 2_000)) for _ in range(count)]


@pytest.mark.parametrize("tell", [dispute, find_outside])
def test_no_more_leaves_than_a_fact_from_outside_left(race, tell, measured):
    """What was sent before may take the same money, which is shown as excess; what was not sent is called off."""
    rounds = length(6, 60)
    chance = random.Random(7)
    played = []
    early = {race.take_payment(CAPTURED): drawn(chance, 60) for _ in range(rounds)}
    for payment, calls in early.items():
        race.run(payment, calls)
    for payment in early:
        race.wait_until_settled(payment)
    for number, (payment, before) in enumerate(early.items()):
        calls = drawn(chance, 40)
        telling = race.second_pool.submit(tell, race, payment, number)
        race.run(payment, calls, clients=4)
        fact = telling.result()
        too_much = [Call(api, CAPTURED - fact + 1) for api in APIS]
        race.run(payment, too_much)
        assert all(call.answer.status in (402, 409) for call in too_much)
        played.append((payment, before + calls, fact))
    called_off = in_excess = 0
    for payment, calls, fact in played:
        sums, refunds = settled(race, payment, calls)
        asked = sum(call.amount for call in calls if call.answer.status == 200)
        paid = sum(refund["amount"] for refund in refunds if refund["status"] == "succeeded")
        canceled = sum(refund["amount"] for refund in refunds if refund["status"] == "canceled")
        outside = fact if tell is find_outside else 0
        assert paid + canceled == asked + outside
        assert (sums["reserved"], sums["refunded"], sums["disputed"]) == (0, paid, fact - outside)
        assert sums["excess"] == max(0, paid + fact - outside - CAPTURED)
        assert asked + fact > CAPTURED or not canceled, "called off, and there was room for it"
        called_off += canceled
        in_excess += sums["excess"] > 0
    proof = race.server.command("verify", "--database", race.server.database, check=False)
    findings = proof.stdout.splitlines()[1:]
    assert len(findings) == in_excess > 0 and all(line.startswith("payment_excess") for line in findings)
    measured(f"{rounds} rounds, {called_off} called off in time, {in_excess} payments with excess")
