"""Merchants who refund through all three APIs while the clock is set, and write down what they saw and when."""
import threading
import time
import uuid

import requests

DIALECTS = ["cari", "collctiv", "stancer"]


class Refund:
    """A refund as one API told of it, with the true time of both ends of the request."""

    def __init__(self, dialect, key, body, answer, asked, told):
        self.dialect, self.key, self.body = dialect, key, body
        self.answer = answer.content
        shown = answer.json()
        self.id, self.amount = shown["id"], shown["amount"]
        self.created = shown.get("created", shown.get("created_at"))
        self.asked, self.told = asked, told
        # The true time, by a clock that nobody set.
        self.wall = time.time() - (time.monotonic() - asked)


class Shop:
    """An account with a large payment, and requests to it."""

    def __init__(self, server, name, *settings, dialects=("collctiv",)):
        """
        - settings: of the account, as `storno accounts set` takes them.
        - dialects: the APIs that it uses; Collctiv's is one of them.
        """
        self.server, self.name, self.dialects = server, name, dialects
        self.keys = {dialect: server.key(dialect, "test", "--account", name) for dialect in dialects}
        if settings:
            server.command("accounts", "set", name, *settings, "--database", server.database)
        self.session = self.new_session()
        self.refunds, self.lock = [], threading.Lock()
        self.payment = {"collctiv": self.pay()}
        if "cari" in dialects:
            (charge,) = self.get("cari", "/charges")
            self.payment["cari"] = charge["id"]
        if "stancer" in dialects:
            (checkout,) = self.get("stancer", "/v1/checkout/")["payments"]
            self.payment["stancer"] = checkout["id"]

    def pay(self):
        body = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
        customer = self.post("collctiv", "/v1/customers", body).json()["id"]
        pot = self.post("collctiv", "/v1/pots", {"name": "Pot", "currency": "GBP", "customer": customer}).json()["id"]
        billing = {"name": "A B", "email": "a@example.com"}
        body = {"amount": 10**9, "pot": pot, "billing_details": billing}
        return self.post("collctiv", "/v1/payments", body).json()["id"]

    def new_session(self):
        session = requests.Session()
        # No proxy, and no other authority that the environment names.
        session.trust_env = False
        if self.server.tls:
            session.verify = self.server.authority
        return session

    def access(self, dialect):
        if dialect == "stancer":
            return {"auth": (self.keys[dialect], ""), "headers": {}}
        return {"headers": {"Authorization": f"Bearer {self.keys[dialect]}"}}

    def post(self, dialect, path, body, key=None, session=None):
        access = self.access(dialect)
        if key:
            access["headers"]["Idempotency-Key"] = key
        url = f"{self.server.url}/{dialect}{path}"
        answer = (session or self.session).post(url, json=body, timeout=30, **access)
        assert answer.status_code == 200, answer.text
        return answer

    def get(self, dialect, path, session=None, **query):
        url = f"{self.server.url}/{dialect}{path}"
        answer = (session or self.session).get(url, params=query, timeout=30, **self.access(dialect))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refund(self, dialect, amount=1, session=None):
        body = {"charge" if dialect == "cari" else "payment": self.payment[dialect], "amount": amount}
        if dialect == "collctiv":
            body["reason"] = {"code": "customer_requested"}
        key, asked = str(uuid.uuid4()), time.monotonic()
        answer = self.post(dialect, PATHS[dialect], body, key, session)
        made = Refund(dialect, key, body, answer, asked, time.monotonic())
        with self.lock:
            self.refunds.append(made)
        return made

    def repeat(self, refund, session=None):
        """Asks once more with the same key: the answer has to be the one of before, to the byte."""
        again = self.post(refund.dialect, PATHS[refund.dialect], refund.body, refund.key, session)
        assert again.content == refund.answer
        assert again.headers["Idempotency-Replayed"] == "true"

    def status(self, refund, session=None):
        path = f"{PATHS[refund.dialect].rstrip('/')}/{refund.id}"
        return self.get(refund.dialect, path, session=session)["status"]


PATHS = {"cari": "/refunds", "collctiv": "/v1/refunds", "stancer": "/v1/refunds/"}
DONE = {"cari": "succeeded", "collctiv": "complete", "stancer": "refunded"}


class Clients:
    """Refund without pause, one thread for each API, and repeat an earlier request now and then."""

    def __init__(self, shop, pause=0.05):
        self.shop, self.pause = shop, pause
        self.stopping, self.failures = threading.Event(), []
        self.threads = [threading.Thread(target=self.work, args=[dialect], daemon=True) for dialect in shop.dialects]
        for thread in self.threads:
            thread.start()

    def work(self, dialect):
        session, mine = self.shop.new_session(), []
        try:
            while not self.stopping.wait(self.pause):
                mine.append(self.shop.refund(dialect, session=session))
                if len(mine) % 5 == 0:
                    self.shop.repeat(mine[len(mine) * 7919 % len(mine)], session)
        except Exception as failure:
            self.failures.append(failure)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=60)
        assert not self.failures, self.failures


class Watch:
    """Sees when each refund of a shop leaves the state in which nothing was sent."""

    def __init__(self, shop):
        self.shop, self.left, self.failures = shop, {}, []
        self.stopping = threading.Event()
        self.session = shop.new_session()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        url = f"{self.shop.server.url}/collctiv/v1/refunds"
        try:
            while not self.stopping.wait(0.05):
                for page in range(1, 5):
                    query = {"limit": 100, "page": page}
                    answer = self.session.get(url, params=query, timeout=30, **self.shop.access("collctiv")).json()
                    for refund in answer["data"]:
                        if refund["status"] != "new":
                            self.left.setdefault(refund["id"], time.monotonic())
                    if not answer["has_more"]:
                        break
        except Exception as failure:
            self.failures.append(failure)

    def stop(self):
        self.stopping.set()
        self.thread.join(timeout=60)
        assert not self.failures, self.failures
