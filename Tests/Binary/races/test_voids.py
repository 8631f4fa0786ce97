"""Payments that are not captured yet: let go once, however many ask, and never captured as well."""
import random

from lengths import length
from object_ids import number_of, spelled
from rounds import Call
from vendor_apis import APIS, card, item_path


def authorized(race, amount):
    body = {"amount": amount, "currency": "eur", "capture": False, "card": card("4242424242424242")}
    answer = race.client.ask("stancer", "POST", "/v1/checkout/", body)
    assert answer.json["status"] == "authorized"
    return number_of(answer.json["id"], "stancer")


def test_a_payment_is_let_go_once_and_not_captured_as_well(race, measured):
    """Voids of the whole, refunds through the other APIs, parts of it and its capture, all at once."""
    rounds = length(20, 300)
    chance = random.Random(6)
    captured_first = 0
    for number in range(rounds):
        payment = authorized(race, 1000)
        path = item_path("stancer", "payment", spelled(payment, "stancer", "payment"))
        voids = [Call("stancer", chance.choice([None, 1000])) for _ in range(8)]
        shared = [Call("stancer", 1000, f"void {number}") for _ in range(4)]
        others = [Call(api, amount) for api in APIS for amount in (1000, 400) if (api, amount) != ("stancer", 1000)]

        def act(what):
            if isinstance(what, Call):
                return race.send(payment, what).answer
            return race.own_client().ask("stancer", "PATCH", path, {"status": "capture"})

        calls = [*voids, *shared, *others, "capture", "capture"]
        chance.shuffle(calls)
        captures = [answer for what, answer in zip(calls, race.pool.map(act, calls)) if what == "capture"]
        made = {call.answer.body for call in voids + shared if call.answer.status == 200}
        assert len(made) == 1 and all(call.answer.status in (402, 409) for call in others)
        assert {call.answer.status for call in voids + shared} <= {200, 409}
        firsts = [call for call in voids + shared if call.answer.status == 200 and not call.answer.is_replay]
        assert len(firsts) == 1 and firsts[0].answer.json["status"] == "payment_canceled"
        assert sorted(answer.status for answer in captures) in ([200, 409], [409, 409])
        captured_first += captures[0].status != captures[1].status
        seen = race.client.ask("stancer", "GET", path).json
        assert seen["status"] == "canceled" and [refund["amount"] for refund in seen["refunds"]] == [1000]
        charge = race.client.ask("cari", "GET", item_path("cari", "payment", spelled(payment, "cari", "payment"))).json
        assert (charge["amount_captured"], charge["amount_refunded"]) == (0, 0)
    race.server.verify()
    measured(f"{rounds} rounds, in {captured_first} of them the capture was asked for in time")
