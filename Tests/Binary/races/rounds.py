"""64 clients at one payment, through all three APIs at once: what they call, and what it looks like afterwards."""
import concurrent.futures
import threading
import time
from dataclasses import dataclass

from linearizable import Accepted, Read, Refused, contradiction
from merchants import collctiv_payment
from object_ids import number_of, spelled
from vendor_apis import APIS, LISTS, Client, item_path, refund_call

CLIENTS = 64
CAPTURED = 100_000
# What an API answers when an amount is refused that would have been right earlier.
TOO_MUCH = {"cari": 409, "collctiv": 402, "stancer": 409}


@dataclass
class Call:
    """A refund of `amount`, or of what is left without one; or a read. `answer` is missing where nobody heard one."""

    api: str
    amount: int = None
    once: str = None
    is_read: bool = False
    answer: object = None
    start: float = None


class Race:
    """One account on a server, and the connections of its clients."""

    def __init__(self, server, client=Client):
        """- client: what the clients speak through; another than `Client` to plant a fault between."""
        self.server, self.kind = server, client
        self.keys = {api: server.key(api) for api in APIS}
        self.client = Client(server, self.keys)
        self.pool = concurrent.futures.ThreadPoolExecutor(CLIENTS)
        self.second_pool = concurrent.futures.ThreadPoolExecutor(CLIENTS)
        self.own = threading.local()

    def close(self):
        self.pool.shutdown()
        self.second_pool.shutdown()

    def take_payment(self, amount, in_pot=False):
        """A card payment that is captured, perhaps into a pot of its own."""
        if in_pot:
            return number_of(collctiv_payment(self.server.url, self.keys["collctiv"], amount), "collctiv")
        charge = {"amount": amount, "currency": "usd", "provider": "card", "card": {"token": "tok"}}
        return number_of(self.client.ask("cari", "POST", "/charges", charge).json["id"], "cari")

    def own_client(self):
        """This thread's."""
        if not hasattr(self.own, "client"):
            self.own.client = self.kind(self.server, self.keys)
        return self.own.client

    def send(self, payment, call):
        call.start = time.monotonic()
        try:
            client = self.own_client()
            if call.is_read:
                path = item_path(call.api, "payment", spelled(payment, call.api, "payment"))
                call.answer = client.ask(call.api, "GET", path)
            else:
                path, body = refund_call(call.api, payment, call.amount)
                call.answer = client.ask(call.api, "POST", path, body, call.once)
            call.start = call.answer.sent
        except OSError:
            call.answer = None
        return call

    def run(self, payment, calls, clients=CLIENTS):
        """Each client makes its share of the calls one after the other, all clients at once."""
        shares = [calls[first::clients] for first in range(clients)]
        list(self.pool.map(lambda share: [self.send(payment, call) for call in share], shares))

    def wait_until_settled(self, payment):
        """The sandbox takes a second a step."""
        charge = spelled(payment, "cari", "payment")
        deadline = time.monotonic() + 60
        while True:
            shown = self.client.ask("cari", "GET", f"/refunds?charge={charge}").json
            if all(refund["status"] != "pending" for refund in shown):
                return
            assert time.monotonic() < deadline, shown
            time.sleep(0.1)

    def listed(self, payment):
        """The payment's refunds in the order of their making, as number and amount; all three APIs agree on them."""
        charge = spelled(payment, "cari", "payment")
        newest_first = self.client.ask("cari", "GET", f"{LISTS['cari', 'refund'][0]}?charge={charge}").json
        listed = [(number_of(item["id"], "cari"), item["amount"]) for item in reversed(newest_first)]
        checkout = item_path("stancer", "payment", spelled(payment, "stancer", "payment"))
        shown = self.client.ask("stancer", "GET", checkout).json["refunds"]
        assert [(number_of(item["id"], "stancer"), item["amount"]) for item in shown] == listed
        total = sum(amount for _, amount in listed)
        seen = self.client.ask("cari", "GET", item_path("cari", "payment", charge)).json
        assert seen["amount_refunded"] == total <= seen["amount_captured"] == CAPTURED
        word = "paid" if total == 0 else "fully_refunded" if total == CAPTURED else "partially_refunded"
        path = item_path("collctiv", "payment", spelled(payment, "collctiv", "payment"))
        contribution = self.client.ask("collctiv", "GET", path).json
        assert contribution["status"] == word
        if contribution["pot"]:
            pot = self.client.ask("collctiv", "GET", f"/v1/pots/{contribution['pot']}").json
            assert (pot["balance"], pot["volume"]) == (CAPTURED - total, CAPTURED)
        return listed


def drawn_calls(chance, once):
    """
    64 to 128 calls that want half as much again as there is. A fifth of them share keys, some of which stand for two
    different requests; some read.

    - once: what each key begins with.
    """
    count = chance.randint(CLIENTS, 2 * CLIENTS)
    most = 4 * CAPTURED // count
    shared = [Call(chance.choice(APIS), chance.randint(1, most), f"{once} {number % 4}") for number in range(6)]
    calls = []
    for number in range(count):
        kind = chance.random()
        if kind < 0.2:
            model = chance.choice(shared)
            calls.append(Call(model.api, model.amount, model.once))
        elif kind < 0.35:
            calls.append(Call(chance.choice(("cari", "stancer")), is_read=True))
        elif kind < 0.36:
            calls.append(Call(chance.choice(("cari", "stancer"))))
        else:
            own = f"{once} own {number}" if chance.random() < 0.5 else None
            calls.append(Call(chance.choice(APIS), chance.randint(1, most), own))
    return calls


def refund_of(call):
    return number_of(call.answer.json["id"], call.api)


def sum_seen(call):
    shown = call.answer.json
    return shown["amount_refunded"] if call.api == "cari" else sum(refund["amount"] for refund in shown["refunds"])


def is_about_the_key(call):
    """The key stands for another request, or its first one is still running: nothing is said about the amount."""
    return call.answer.status == 422 or call.answer.status == 409 and b"Idempotency-Key" in call.answer.body


def check(listed, calls, lost=(), killed=None):
    """
    Holds the answers against the list: what was accepted is there once, a key has one refund and one answer, and all of
    it fits the list's order.

    - calls: those with an answer.
    - lost: those without one, each of which was repeated later under its key.
    - killed: the moment before which a lost one happened, if it did.
    - Returns: how many were accepted, refused and read.
    """
    made = {}
    for call in calls:
        if not call.is_read and call.answer.status == 200:
            made.setdefault(refund_of(call), []).append(call)
    numbers = {number for number, _ in listed}
    assert (
        set(made) == numbers
    ), f"accepted, not listed: {set(made) - numbers}; listed, not accepted: {numbers - set(made)}"
    accepted, place_of_key = [], {}
    for place, (number, amount) in enumerate(listed):
        answers = made[number]
        once = answers[0].once
        assert {call.once for call in answers} == {once} and len({call.answer.body for call in answers}) == 1
        assert once is not None or len(answers) == 1, "two requests without a key made one refund"
        assert once is None or once not in place_of_key, "one key, two refunds"
        place_of_key[once] = place
        firsts = [call for call in answers if not call.answer.is_replay]
        ends = [call.answer.heard for call in answers]
        ends += [call.answer.heard for call in calls if once and call.once == once and call.answer.status == 422]
        if not firsts:
            firsts = [call for call in lost if call.once == once]
            ends.append(killed)
        assert firsts, "it was repeated, and never made"
        assert len(firsts) == 1 or not firsts[0].answer, "one refund was made twice"
        start = min(call.start for call in firsts)
        accepted.append(Accepted(amount, start, min(ends), takes_rest=answers[0].amount is None))
    refused, reads = [], []
    for call in calls:
        if call.is_read:
            assert call.answer.status == 200
            reads.append(Read(sum_seen(call), call.start, call.answer.heard))
        elif call.answer.status != 200 and not is_about_the_key(call):
            assert call.answer.status == TOO_MUCH[call.api], call.answer.body
            place = place_of_key.get(call.once) if call.once else None
            refused.append(Refused(call.amount or 1, call.start, call.answer.heard, place))
    reason = contradiction(CAPTURED, accepted, refused, reads)
    assert reason is None, reason
    return len(accepted), len(refused), len(reads)
