"""A client that speaks all three APIs of one account over one persistent connection, and what it asks them."""
import base64
import json
import time

from object_ids import spelled
from plain_http import Connection

APIS = ("cari", "collctiv", "stancer")

# Where a list of refunds or payments is, and which member holds its items.
LISTS = {
    ("cari", "refund"): ("/refunds", "refunds"),
    ("cari", "payment"): ("/charges", "charges"),
    ("collctiv", "refund"): ("/v1/refunds", "data"),
    ("collctiv", "payment"): ("/v1/payments", "data"),
    ("stancer", "refund"): ("/v1/refunds/", "refunds"),
    ("stancer", "payment"): ("/v1/checkout/", "payments"),
}


class Answer:
    """What came back. `sent` and `heard` enclose the moment at which the server decided (`time.monotonic`)."""

    def __init__(self, status, headers, body, sent, heard):
        self.status, self.headers, self.body = status, headers, body
        self.sent, self.heard = sent, heard

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def is_replay(self):
        return self.headers.get("idempotency-replayed") == "true"


class Client:
    """Not for several threads at once: each has its own."""

    # A connection that was silent for longer may be closed by the server at any moment.
    FRESH_SECONDS = 15

    def __init__(self, server, keys):
        """- keys: the key of each API, `{"cari": "sk_test_…", …}`."""
        self.server, self.keys = server, keys
        self.connection, self.process, self.used = None, None, 0

    def ask(self, api, method, path, body=None, once=None, key=None):
        """
        - body: an object, or bytes as they are.
        - once: the text of an `Idempotency-Key`.
        - key: another key than this account's.
        - Throws: `OSError` when the connection ended without an answer.
        """
        headers = {"Authorization": credentials(api, key or self.keys[api]), "Content-Type": "application/json"}
        if once is not None:
            headers["Idempotency-Key"] = once
        sent_body = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.connect()
        sent = time.monotonic()
        try:
            status, fields, answer_body = self.connection.exchange(method, f"/{api}{path}", headers, sent_body)
        except OSError:
            self.close()
            raise
        self.used = time.monotonic()
        return Answer(status, fields, answer_body, sent, self.used)

    def connect(self):
        """Keeps the connection, unless it has grown old or the server was started anew."""
        is_fresh = time.monotonic() - self.used < self.FRESH_SECONDS and self.process is self.server.process
        if self.connection is None or not is_fresh:
            self.close()
            self.process = self.server.process
            self.connection = Connection(self.server.port)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def credentials(api, key):
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode() if api == "stancer" else f"Bearer {key}"


def refund_call(api, payment, amount=None):
    """
    - payment: the number of its id.
    - amount: in minor units; none for what is left, which Collctiv's API cannot ask for.
    - Returns: path and body of the POST.
    """
    body = {"charge" if api == "cari" else "payment": spelled(payment, api, "payment")}
    if amount is not None:
        body["amount"] = amount
    if api == "collctiv":
        body["reason"] = {"code": "customer_requested"}
    return LISTS[api, "refund"][0], body


def item_path(api, kind, text):
    """Where one object is read; item paths never carry a trailing slash."""
    return f"{LISTS[api, kind][0].rstrip('/')}/{text}"


def card(number):
    return {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
