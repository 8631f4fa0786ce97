"""A merchant who refunds through one of the APIs, and remembers what was acknowledged."""
import contextlib
import copy
import sqlite3

import requests

DIALECTS = ["cari", "collctiv", "stancer"]


class Merchant:
    """Refunds one large payment again and again, each refund with an idempotency key of its own.

    `asked` holds the idempotency keys in the order of their requests; `acknowledged` the id of each refund that was
    answered with a 2xx, by its key.
    """

    def __init__(self, server, dialect, captured=10**9):
        self.server, self.dialect = server, dialect
        self.key = server.key(dialect)
        self.asked = {}
        self.acknowledged = {}
        self.session = requests.Session()
        self.payment = getattr(self, f"_{dialect}_payment")(captured)

    def at(self, server):
        """The same merchant on a copy of its server's folder."""
        twin = copy.copy(self)
        twin.server, twin.session = server, requests.Session()
        twin.asked, twin.acknowledged = dict(self.asked), dict(self.acknowledged)
        return twin

    def keep_queued(self):
        """Leaves refunds in their undo window: no worker writes between the requests."""
        line = ["accounts", "set", "main", "undo_window_seconds=604800", "--database", self.server.database]
        self.server.command(*line)

    def call(self, method, path, **options):
        if self.dialect == "stancer":
            options["auth"] = (self.key, "")
        else:
            options["headers"] = options.get("headers", {}) | {"Authorization": f"Bearer {self.key}"}
        return self.session.request(method, f"{self.server.url}/{self.dialect}{path}", timeout=30, **options)

    def make(self, path, **body):
        answer = self.call("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    def refund(self, name, amount=1):
        """Asks for a refund under a key that has `name` in it, and the API: keys are unique in an account."""
        key = f"{self.dialect} {name}"
        self.asked[key] = name
        answer = self.post_refund(key, amount)
        if answer.status_code == 200:
            refund = answer.json()["id"]
            assert self.acknowledged.setdefault(key, refund) == refund, f"{key} made two refunds"
        return answer

    def post_refund(self, key, amount):
        """The bare request."""
        body = {
            "cari": {"charge": self.payment, "amount": amount},
            "collctiv": {"payment": self.payment, "amount": amount, "reason": {"code": "customer_requested"}},
            "stancer": {"payment": self.payment, "amount": amount},
        }[self.dialect]
        return self.call("POST", self.refunds, json=body, headers={"Idempotency-Key": key})

    def ask_again(self):
        """Repeats what was not acknowledged, with the same keys."""
        for key, name in list(self.asked.items()):
            if key not in self.acknowledged:
                answer = self.refund(name)
                assert answer.status_code == 200, f"{key}: {answer.text}"

    def read(self, refund):
        return self.call("GET", f"{self.refunds.rstrip('/')}/{refund}")

    def list(self):
        return self.call("GET", self.refunds)

    @property
    def refunds(self):
        return {"cari": "/refunds", "collctiv": "/v1/refunds", "stancer": "/v1/refunds/"}[self.dialect]

    def _cari_payment(self, amount):
        return self.make("/charges", amount=amount, currency="usd", provider="card", card={"token": "tok"})

    def _collctiv_payment(self, amount):
        owner = self.make("/v1/customers", first_name="A", last_name="B", email="a@example.com")
        pot = self.make("/v1/pots", name="Pot", currency="GBP", customer=owner)
        payer = {"name": "A B", "email": "a@example.com"}
        return self.make("/v1/payments", amount=amount, pot=pot, billing_details=payer)

    def _stancer_payment(self, amount):
        card = {"number": "4000000000000077", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
        return self.make("/v1/checkout/", amount=amount, currency="eur", card=card)


def assert_storage_refused(answer, dialect):
    """A storage failure in the API's own form, with the time after which to come again."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) >= 1
    body = answer.json()
    if dialect == "stancer":
        assert set(body) == {"error"} and body["error"]["type"] == "invalid_request_error", body
        assert body["error"]["message"], body
    else:
        assert (body["type"], body["code"]) == ("api_error", 503) and body["message"], body


def assert_nothing_lost(server, merchants):
    """What was acknowledged is there; what was not is there wholly or not at all; nothing is there twice."""
    for merchant in merchants:
        for key, refund in merchant.acknowledged.items():
            answer = merchant.read(refund)
            assert answer.status_code == 200 and answer.json()["id"] == refund, f"{key} is lost: {answer.text}"
    keys = dict(rows(server, "SELECT key, hex(object) FROM idempotency WHERE kind = 'refund'"))
    refunds = [row[0] for row in rows(server, "SELECT hex(id) FROM refund")]
    assert sorted(keys.values()) == sorted(refunds), "each refund has one key, and each key one refund"
    asked = {key for merchant in merchants for key in merchant.asked}
    acknowledged = {key for merchant in merchants for key in merchant.acknowledged}
    assert acknowledged <= set(keys) <= asked
    server.verify()


def rows(server, sql):
    """What the database holds, read past the server. Read-only: who closes last would else tidy up the log."""
    with contextlib.closing(sqlite3.connect(f"file:{server.folder}/storno.sqlite?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()
