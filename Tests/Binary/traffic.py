"""Clients who refund through all three APIs, and what they were told, written down outside of the server."""
import dataclasses
import http.client
import random
import threading
import time
import uuid

from merchants import collctiv_payment
from refund_apis import APIS, Connection


@dataclasses.dataclass(frozen=True)
class Wish:
    """One refund that somebody wants, with the key under which they ask for it."""

    api: type
    payment: int
    amount: int
    key: str
    scenario: str | None


class Traffic:
    """Each client refunds with a fresh key, and now and then asks again, or looks at what they have."""

    # What the simulated processor does with some of them.
    SCENARIOS = (None,) * 8 + ("declined", "answer_lost", "late_success")

    def __init__(self, seed, keys, payments, clients=6, refunds=None):
        """
        - keys: by the API's name.
        - refunds: how many to ask for at the most; until `stop` without it.
        """
        self.keys = keys
        self.payments = payments
        self.clients = clients
        self.left = refunds
        self.seed = seed
        self.acknowledged = {}
        """What each wish was answered with."""
        self.open = set()
        """Wishes without an answer."""
        self.wrong = []
        """Answers that should not have been."""
        self.broken = []
        """Connections that ended without an answer."""
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = []

    def start(self, port):
        self.threads = [threading.Thread(target=self.work, args=(port, index)) for index in range(self.clients)]
        for thread in self.threads:
            thread.start()
        return self

    def join(self):
        """Waits until everybody has all that they wanted."""
        self.wait()
        assert not self.broken, self.broken[:3]

    def stop(self):
        """Ends it when the server was killed."""
        self.stopping.set()
        self.wait()

    def wait(self):
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong[:3]

    def work(self, port, index):
        chance = random.Random(f"{self.seed} {index}")
        connections = {api: Connection(api, port, self.keys[api.name]) for api in APIS}
        try:
            while not self.stopping.is_set() and (wish := self.next_wish(chance)):
                self.ask(connections, wish)
                if chance.random() < 0.1:
                    self.ask(connections, wish)
                if chance.random() < 0.3:
                    self.look(connections, chance)
        except (OSError, http.client.HTTPException, ValueError) as failure:
            self.broken.append(failure)
        except AssertionError as failure:
            self.wrong.append(failure)
        for connection in connections.values():
            connection.http.close()

    def next_wish(self, chance):
        with self.lock:
            if self.left == 0:
                return None
            self.left = self.left and self.left - 1
        api = chance.choice(APIS)
        scenario = chance.choice(self.SCENARIOS) if api.name == "collctiv" else None
        key = str(uuid.UUID(int=chance.getrandbits(128)))
        wish = Wish(api, chance.choice(self.payments), chance.randint(1, 90), key, scenario)
        with self.lock:
            self.open.add(wish)
        return wish

    def ask(self, connections, wish):
        """The refund that the wish was granted with."""
        status, answer = connections[wish.api].create(wish.payment, wish.amount, wish.key, wish.scenario)
        with self.lock:
            self.open.discard(wish)
            assert status == 200, (wish, status, answer)
            refund = wish.api.refund(answer)
            known = self.acknowledged.setdefault(wish, refund)
        told = (refund.id, refund.payment, refund.amount)
        assert told == (known.id, wish.payment, wish.amount), (wish, refund, known)
        return refund

    def look(self, connections, chance):
        with self.lock:
            wish = chance.choice(list(self.acknowledged))
        status, answer = connections[wish.api].read(self.acknowledged[wish].id)
        assert status == 200 and wish.api.refund(answer).id == self.acknowledged[wish].id, (wish, status, answer)

    def look_at_all(self, port, until_paid):
        """Reads every refund, and again for so many seconds until as many as can be are paid."""
        connections = {api: Connection(api, port, self.keys[api.name]) for api in APIS}
        deadline = time.monotonic() + until_paid
        open = dict(self.acknowledged)
        while open:
            for wish, refund in list(open.items()):
                status, answer = connections[wish.api].read(refund.id)
                assert status == 200 and wish.api.refund(answer).id == refund.id
                if wish.api.refund(answer).is_paid or wish.scenario:
                    del open[wish]
            assert time.monotonic() < deadline, f"{len(open)} refunds are not paid"
            time.sleep(0.1)
        for connection in connections.values():
            connection.http.close()


def payments(server, keys, count=4, amount=10**8):
    """Makes payments to refund, and gives their ids."""
    return [uuid.UUID(collctiv_payment(server.url, keys["collctiv"], amount)).int for _ in range(count)]
