"""An account with keys of all APIs and one object of each kind, on a running server; and requests in its name."""
import base64
import http.client
import itertools
import json
import time
import urllib.parse

from declared_routes import ID

DISPUTED_CARD = "4000000000000259"
CAPTURED_CARD = "4000000000000077"
DIALECTS = ["cari", "collctiv", "stancer", "storno"]
# Above what a person has to approve, where an account has such a bound.
LARGE = 3 * 10**8
numbers = itertools.count(1)


def new_text(text):
    """What an example says, with something new in the place of `{}`."""
    return text.replace("{}", str(next(numbers)))


def authorization(dialect, key):
    if dialect == "stancer":
        return "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    return f"Bearer {key}"


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.getheaders()
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def everything(self):
        """All bytes that came back."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers).encode() + b"\n" + self.body


class Client:
    """One connection that stays open."""

    def __init__(self, server):
        self.server = server
        self.connection = None

    def send(self, method, target, headers=None, body=None):
        """
        - body: bytes, or what becomes JSON.
        """
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (headers or {})
        for attempt in range(2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            try:
                self.connection.request(method, target, body=body, headers=headers)
                response = self.connection.getresponse()
                answer = Answer(response, response.read())
                if response.will_close:
                    self.close()
                return answer
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt:
                    raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Account:
    """Keys of all APIs in one mode, and requests with them."""

    def __init__(self, server, name, mode="test"):
        self.server, self.name, self.mode = server, name, mode
        self.keys = {dialect: server.key(dialect, mode, "--account", name) for dialect in DIALECTS}
        self.second_key = server.key("storno", mode, "--account", name)
        self.client = Client(server)
        #: Of webhook endpoints.
        self.secrets = []
        #: An endpoint and a delivery to it, as long as they are there.
        self.webhook = {}

    def send(self, dialect, method, path, body=None, **headers):
        """With the API's path prefix, so that a wrong key is refused by the API that is meant."""
        headers = {"Authorization": authorization(dialect, self.keys[dialect])} | headers
        return self.client.send(method, f"/{dialect}{path}", headers, body)

    def make(self, dialect, path, body):
        answer = self.send(dialect, "POST", path, body)
        assert answer.status == 200, answer.body
        return answer.json()

    def objects(self, is_for_deletion=False):
        """
        One object of each kind that this mode can have: {dialect: {kind: its id in that API}}.

        - is_for_deletion: a webhook endpoint is shared with earlier ones unless this is so.
        """
        made = {dialect: {} for dialect in DIALECTS}
        person = {"first_name": "Jo", "last_name": "Doe", "email": new_text("jo{}@example.com")}
        customer = self.make("collctiv", "/v1/customers", person)["id"]
        pot = self.make("collctiv", "/v1/pots", {"name": "Pot", "currency": "GBP", "customer": customer})["id"]
        made["collctiv"] = {"customer": customer, "pot": pot}
        buyer = {"name": "Jo Doe", "email": new_text("jo{}@example.com"), "external_id": new_text("b{}")}
        year, month = divmod(next(numbers), 12)
        card = {"number": CAPTURED_CARD, "exp_month": month + 1, "exp_year": 2050 + year}
        made["stancer"] = {
            "customer": self.make("stancer", "/v1/customers/", buyer)["id"],
            "card": self.make("stancer", "/v1/cards/", card)["id"],
        }
        made["storno"] = {
            "customer": self.make("storno", "/v1/customers", {"name": "Jo Doe"})["id"],
            "pot": self.make("storno", "/v1/pots", {"name": "Pot", "currency": "GBP"})["id"],
            "api_key": self.make("storno", "/v1/api_keys", {"scopes": ["refunds:read"]})["id"],
        }
        if self.mode == "test":
            self.make_payments(made)
            self.make_own(made["storno"], is_for_deletion)
        return made

    def make_own(self, storno, is_for_deletion):
        """In Storno's API: refunds in each state that a step begins from. Where the account wants it, large ones wait."""
        body = {"amount": 10**9, "currency": "eur"}
        storno["payment"] = self.make("storno", "/v1/payments", body)["id"]
        storno["held"] = self.make("storno", "/v1/payments", body | {"capture": False})["id"]
        storno["dispute"] = self.send("storno", "GET", "/v1/disputes").json()["data"][0]["id"]
        for name, amount in [("refund", 5), ("withdrawn", 6)]:
            storno[name] = self.make("storno", "/v1/refunds", {"payment": storno["payment"], "amount": amount})["id"]
        self.make("storno", f"/v1/refunds/{storno['withdrawn']}/cancel", {})
        # Nobody approves what they asked for.
        other = {"Authorization": f"Bearer {self.second_key}"}
        for name in ["waiting", "doubtful"]:
            body = {"payment": storno["payment"], "amount": LARGE}
            storno[name] = self.send("storno", "POST", "/v1/refunds", body, **other).json()["id"]
        if is_for_deletion:
            self.webhook = {}
        self.make_webhook(storno)
        storno["event"] = self.send("storno", "GET", f"/v1/events?refund={storno['refund']}").json()["data"][0]["id"]

    def make_webhook(self, storno):
        """An endpoint that nobody answers at, and a delivery to it."""
        if self.webhook and self.send("storno", "GET", f"/v1/deliveries/{self.webhook['delivery']}").status == 200:
            storno |= self.webhook
            return
        body = {"url": new_text("https://hooks.example/{}"), "events": ["refund.created"]}
        made = self.make("storno", "/v1/webhook_endpoints", body)
        storno["endpoint"] = made["id"]
        self.secrets.append(made["secret"].removeprefix("whsec_"))
        self.make("storno", "/v1/refunds", {"payment": storno["payment"], "amount": 7})
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = self.send("storno", "GET", f"/v1/webhook_endpoints/{made['id']}/deliveries").json()["data"]
            if found:
                storno["delivery"] = found[0]["id"]
                self.webhook = {name: storno[name] for name in ["endpoint", "delivery"]}
                return
            time.sleep(0.02)
        raise AssertionError("nothing was to be delivered")

    def make_payments(self, made):
        collctiv, stancer, cari = made["collctiv"], made["stancer"], made["cari"]
        billing = {"name": "Jo Doe", "email": "jo@example.com"}
        body = {"amount": 10**9, "billing_details": billing} | collctiv
        collctiv["payment"] = self.make("collctiv", "/v1/payments", body)["id"]
        reason = {"code": "customer_requested"}
        body = {"amount": 1, "payment": collctiv["payment"], "reason": reason}
        collctiv["refund"] = self.make("collctiv", "/v1/refunds", body)["id"]
        body = {"amount": 10**9, "currency": "eur"}
        stancer["unpaid"] = self.make("stancer", "/v1/checkout/", body)["id"]
        stancer["payment"] = self.make("stancer", "/v1/checkout/", body | {"card": stancer["card"]})["id"]
        stancer["refund"] = self.make("stancer", "/v1/refunds/", {"payment": stancer["payment"], "amount": 50})["id"]
        disputed = {"number": DISPUTED_CARD, "exp_month": 1, "exp_year": 2050}
        self.make("stancer", "/v1/checkout/", body | {"card": disputed})
        stancer["dispute"] = self.send("stancer", "GET", "/v1/disputes/").json()["disputes"][0]["id"]
        body = {"amount": 10**9, "currency": "usd", "provider": "card", "card": {"token": "t"}, "customer": billing}
        charge = self.make("cari", "/charges", body)
        cari["payment"], cari["customer"] = charge["id"], charge["customer"]
        cari["refund"] = self.make("cari", "/refunds", {"charge": charge["id"], "amount": 1})["id"]


def filled(value, ids):
    """An example with ids of real objects and new texts."""
    if isinstance(value, ID):
        return ids[value]
    if isinstance(value, str):
        return new_text(value)
    if isinstance(value, dict):
        return {name: filled(member, ids) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(member, ids) for member in value]
    return value


def target(route, call, ids, segment=None, query=None):
    """A route's path and query with ids of real objects, or with `segment` in the place of the id."""
    path = route.path.replace("{part}", "part")
    if call.names:
        named = urllib.parse.quote(segment if segment is not None else ids[call.names], safe="")
        path = path.replace("{id}", named)
    pairs = filled(call.query, ids) if query is None else query
    return path + ("?" + urllib.parse.urlencode(pairs) if pairs else "")
