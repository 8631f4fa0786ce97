"""Withdrawals against refunds, against each other and against the moment at which a refund is sent."""
import random
import time

from histories import ACCEPTED, REFUSED, Operation, is_linearizable
from lengths import length
from object_ids import spelled
from rounds import CAPTURED, Call, refund_of, sum_seen
from vendor_apis import APIS, item_path

# Nothing is sent sooner after the request; later, a withdrawal may rightly be refused.
UNSENT_SECONDS = 0.9


def withdraw(race, refund):
    """- Returns: the answer to `DELETE` in Cari's API, the only one that has it."""
    return race.own_client().ask("cari", "DELETE", f"/refunds/{spelled(refund, 'cari', 'refund')}")


def play(race, payment, chance, history):
    """One client: refunds of a third to two thirds of the payment, each perhaps withdrawn, and a read between."""
    for _ in range(3):
        call = race.send(payment, Call(chance.choice(APIS), chance.randint(CAPTURED // 3, 2 * CAPTURED // 3)))
        refund = ("refund", call, None)
        history.append(refund)
        if call.answer.status == 200 and chance.random() < 0.7:
            history.append(("withdraw", withdraw(race, refund_of(call)), refund))
        if chance.random() < 0.5:
            history.append(("read", race.send(payment, Call(chance.choice(("cari", "stancer")), is_read=True)), None))


def operations(history):
    """What the search judges; a withdrawal that was refused after the refund may have been sent says nothing."""
    listed, places = [], {}
    for step in history:
        what, done, refund = step
        if what == "read":
            listed.append(Operation("read", CAPTURED - sum_seen(done), done.start, done.answer.heard))
        elif what == "refund":
            places[id(step)] = len(listed)
            outcome = ACCEPTED if done.answer.status == 200 else REFUSED
            listed.append(Operation("refund", done.amount, done.start, done.answer.heard, outcome))
    for what, done, refund in history:
        if what == "withdraw":
            outcome = ACCEPTED if done.status == 200 else REFUSED
            if outcome == ACCEPTED or done.heard - refund[1].start < UNSENT_SECONDS:
                place = places[id(refund)]
                listed.append(Operation("withdraw", refund[1].amount, done.sent, done.heard, outcome, place))
    return listed


def test_refunds_and_withdrawals_at_once_are_linearizable(race, measured):
    rounds = length(25, 400)
    chance = random.Random(4)
    judged = withdrawn = 0
    for number in range(rounds):
        payment = race.take_payment(CAPTURED)
        history = []
        seeds = [random.Random(chance.random()) for _ in range(4)]
        list(race.pool.map(lambda seed: play(race, payment, seed, history), seeds))
        shown = operations(history)
        assert is_linearizable(CAPTURED, shown), shown
        judged += len(shown)
        withdrawn += sum(operation.what == "withdraw" for operation in shown)
    race.server.verify()
    assert withdrawn > rounds
    measured(f"{rounds} rounds, {judged} operations, {withdrawn} of them withdrawals, linearizable")


def test_a_withdrawal_at_the_moment_of_sending_stops_it_or_is_refused(race, measured):
    """Two withdrawals of each refund, around the second after which it is sent: withdrawn once, or paid once."""
    count = length(64, 640)
    chance = random.Random(5)
    payment = race.take_payment(CAPTURED)
    begin = time.monotonic()
    refunds = {}

    def refund_and_withdraw(number):
        call = race.send(payment, Call("cari", 10 + number % 100))
        refund = refund_of(call)
        made = (call.answer.sent + call.answer.heard) / 2
        time.sleep(max(0, made + chance.uniform(0.95, 1.25) - time.monotonic()))
        second = race.second_pool.submit(withdraw, race, refund)
        refunds[refund] = [withdraw(race, refund).status, second.result().status]

    list(race.pool.map(refund_and_withdraw, range(count)))
    race.wait_until_settled(payment)
    taken = 0
    for refund, codes in refunds.items():
        assert sorted(codes) in ([200, 404], [409, 409]), codes
        seen = {
            api: race.client.ask(api, "GET", item_path(api, "refund", spelled(refund, api, "refund"))) for api in APIS
        }
        stancer, collctiv = seen["stancer"].json, seen["collctiv"].json
        if 200 in codes:
            assert seen["cari"].status == 404
            assert (stancer["status"], stancer["date_refund"], stancer["date_bank"]) == ("not_honored", None, None)
            assert collctiv["failure_details"]["code"] == "canceled"
        else:
            assert seen["cari"].json["status"] == "succeeded"
            assert (stancer["status"], collctiv["status"]) == ("refunded", "complete")
            taken += collctiv["amount"]
    charge = race.client.ask("cari", "GET", f"/charges/{spelled(payment, 'cari', 'payment')}").json
    assert charge["amount_refunded"] == taken
    race.server.verify()
    stopped = sum(200 in codes for codes in refunds.values())
    assert 0 < stopped < count
    measured(f"{count} refunds, {stopped} withdrawn in time, {time.monotonic() - begin:.0f} s")
