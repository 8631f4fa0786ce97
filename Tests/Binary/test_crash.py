"""`kill -9` under load: what was acknowledged is there afterwards, and nothing twice."""
import random
import threading
import time
import uuid

import requests

from merchants import collctiv_payment

ROUNDS = 20
CLIENTS = 8


class Clients:
    """Refund with a fresh key each time and write down what was acknowledged, and what was not."""

    def __init__(self, url, key, payment):
        self.url, self.key, self.payment = url, key, payment
        self.acknowledged = {}
        self.open = set()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def work(self):
        session = requests.Session()
        while not self.stopping.is_set():
            name = str(uuid.uuid4())
            with self.lock:
                self.open.add(name)
            try:
                answer = self.refund(session, name)
            except requests.RequestException:
                return
            if answer.status_code == 200:
                with self.lock:
                    self.acknowledged[name] = answer.json()["id"]
                    self.open.discard(name)

    def refund(self, session, name):
        body = {"amount": 1, "payment": self.payment, "reason": {"code": "customer_requested"}}
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": name}
        return session.post(f"{self.url}/v1/refunds", headers=headers, json=body, timeout=30)

    def join(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(storno):
    key = storno.key("collctiv")
    payment = collctiv_payment(storno.url, key, 10**9)
    chance = random.Random(1)
    acknowledged = {}
    for _ in range(ROUNDS):
        clients = Clients(storno.url, key, payment)
        time.sleep(chance.uniform(0.1, 0.5))
        storno.kill()
        clients.join()
        begin = time.monotonic()
        storno.start()
        assert time.monotonic() - begin < 5
        # Whoever got no answer asks again with the same key, and gets the one refund that it made, or makes it.
        again = Clients.__new__(Clients)
        again.url, again.key, again.payment = storno.url, key, payment
        session = requests.Session()
        for name in clients.open:
            answers = [again.refund(session, name) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert answers[0].json()["id"] == answers[1].json()["id"]
            clients.acknowledged[name] = answers[0].json()["id"]
        for name, refund in list(clients.acknowledged.items()):
            answer = session.get(f"{storno.url}/v1/refunds/{refund}", headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200, name
            assert answer.json()["id"] == refund
        acknowledged.update(clients.acknowledged)
    assert len(acknowledged) > ROUNDS * CLIENTS
    assert len(set(acknowledged.values())) == len(acknowledged)
    import sqlite3

    assert storno.stop() == 0
    with sqlite3.connect(storno.folder / "storno.sqlite") as database:
        count, total = database.execute("SELECT count(*), sum(amount) FROM refund").fetchone()
        taken = database.execute("SELECT reserved + refunded FROM payment").fetchone()[0]
        keys = database.execute("SELECT count(*) FROM idempotency").fetchone()[0]
    database.close()
    assert (count, total, taken, keys) == (len(acknowledged),) * 4
    storno.verify()


def test_what_is_due_after_a_restart_is_carried_on(storno):
    key = storno.key("collctiv")
    payment = collctiv_payment(storno.url, key, 1000)
    headers = {"Authorization": f"Bearer {key}"}
    body = {"amount": 100, "payment": payment, "reason": {"code": "customer_requested"}}
    refund = requests.post(f"{storno.url}/v1/refunds", headers=headers, json=body).json()
    assert refund["status"] == "new"
    time.sleep(1.05)
    storno.kill()
    storno.start()
    deadline = time.monotonic() + 30
    while True:
        status = requests.get(f"{storno.url}/v1/refunds/{refund['id']}", headers=headers).json()["status"]
        if status == "complete":
            break
        assert time.monotonic() < deadline, status
        time.sleep(0.1)
    storno.verify()
