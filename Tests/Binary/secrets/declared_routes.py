"""Every route of every API, read from the dialects' own lists, with an example of what it takes.

A route without an example fails the tests: whoever adds one says here which ids and which texts it takes.
"""
import dataclasses
import json
import pathlib
import re
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
CARD_NUMBER = "4242424242424242"


class ID(str):
    """Stands in an example for the id of an object of that kind."""


@dataclasses.dataclass(frozen=True)
class Call:
    """An example. Texts with `{}` in them get something new each time."""

    #: The kind of object that the path names.
    names: str | None = None
    body: dict | None = None
    query: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Route:
    dialect: str
    method: str
    #: With the prefix that says which API is meant.
    path: str
    calls: tuple

    @property
    def needed(self):
        """Headers without which it takes nothing."""
        return {"Idempotency-Key": f"key {uuid.uuid4()}"} if self.path.endswith("/refunds/batch") else {}

    def __str__(self):
        return f"{self.method} {self.path}"


PAGES = {"page": "1", "items_per_page": "5"}
METADATA = {"metadata": {"note": "{}", "other": "text"}}
PERSON = {"name": "Jo Doe {}", "email": "jo{}@example.com", "mobile": "+33600000000", "external_id": "x{}"}
CARD = {
    "number": CARD_NUMBER, "exp_month": 12, "exp_year": 2040, "cvc": "123", "name": "Jo Doe", "zip_code": "75001",
    "external_id": "x{}", "preferred_network": "visa", "tokenize": True,
}  # fmt: skip
CHECKOUT = {
    "amount": 5000, "currency": "eur", "description": "A purchase", "order_id": "o{}", "unique_id": "u{}",
    "methods_allowed": ["card"], "capture": True, "return_url": "https://example.com/back",
    "device": {"ip": "192.0.2.1", "port": 443, "http_accept": "*/*", "languages": "fr", "user_agent": "Browser"},
}  # fmt: skip
CHARGE = {
    "amount": 5000, "currency": "usd", "provider": "card", "card": {"token": "tok_1"}, "description": "A charge",
    "statement_descriptor": "SHOP", "receipt_email": "jo@example.com",
}  # fmt: skip
# No name server knows it, and little that happens is for it.
ENDPOINT = {"url": "https://hooks.example/{}", "description": "Ours", "events": ["dispute.won"]}
REFUND = {"amount": 1, "payment": ID("payment"), "reason": {"code": "customer_requested", "comment": "c"}} | METADATA
POT = {
    "name": "Pot", "currency": "GBP", "customer": ID("customer"), "requested_amount": {"amount": 5},
    "settings": {"contribution_notes_enabled": True, "display_notes": True},
} | METADATA  # fmt: skip
PAYMENT = {
    "amount": 5000, "pot": ID("pot"), "billing_details": {"name": "Jo Doe", "email": "jo{}@example.com"}, "note": "n",
} | METADATA  # fmt: skip
RANGE = {"created": "1", "limit": "5", "start": "0"}

SEARCH = {
    "limit": "5", "customer": ID("customer"), "pot": ID("pot"), "amount_from": "1", "amount_to": "9",
    "created_from": "2020-01-01T00:00:00Z", "created_before": "2090-01-01T00:00:00Z", "metadata[note]": "x",
}  # fmt: skip
FOUND = {
    "query": "text", "limit": "5", "amount_from": "1", "amount_to": "9", "created_from": "2020-01-01T00:00:00Z",
    "created_before": "2090-01-01T00:00:00Z", "metadata[note]": "x",
}  # fmt: skip
OWN_PAYMENT = {"amount": 5000, "reference": "r{}", "order_reference": "o{}", "description": "A purchase"} | METADATA
OWN_CUSTOMER = {"name": "Jo Doe", "email": "jo{}@example.com", "external_reference": "x{}"}
EXAMPLES = {
    "cari": {
        "GET /charges": [Call(), Call(query=PAGES)],
        "POST /charges": [
            Call(body=CHARGE | {"customer": {"name": "Jo Doe", "email": "jo{}@example.com"}}),
            Call(body=CHARGE | {"customer": ID("customer")}),
        ],
        "GET /charges/{id}": [Call("payment")],
        "PUT /charges/{id}": [Call("payment", {"amount": 4000, "status": "succeeded"})],
        "DELETE /charges/{id}": [Call("payment")],
        "GET /refunds": [Call(query=PAGES), Call(query={"charge": ID("payment")})],
        "POST /refunds": [
            Call(body={"charge": ID("payment"), "amount": 1, "currency": "usd"}),
            Call(body={"charge_id": ID("payment"), "amount": 1}),
        ],
        "GET /refunds/{id}": [Call("refund")],
        "PUT /refunds/{id}": [Call("refund", {"status": "canceled"})],
        "DELETE /refunds/{id}": [Call("refund")],
    },
    "collctiv": {
        "GET /v1/refunds": [Call(query={"limit": "5", "page": "1", "customer": ID("customer"), "pot": ID("pot")})],
        "POST /v1/refunds": [Call(body=REFUND)],
        "GET /v1/refunds/{id}": [Call("refund"), Call("payment")],
        "GET /v1/payments": [Call(query={"limit": "5", "page": "1"})],
        "POST /v1/payments": [Call(body=PAYMENT), Call(body=PAYMENT | {"customer": ID("customer")})],
        "GET /v1/payments/{id}": [Call("payment")],
        "GET /v1/pots": [Call(query={"limit": "5", "page": "1"})],
        "POST /v1/pots": [Call(body=POT)],
        "GET /v1/pots/{id}": [Call("pot")],
        "GET /v1/customers": [Call(query={"limit": "5", "page": "1"})],
        "POST /v1/customers": [
            Call(body={"first_name": "Jo", "last_name": "Doe", "email": "jo{}@example.com"} | METADATA)
        ],
        "GET /v1/customers/{id}": [Call("customer")],
    },
    "stancer": {
        "POST /v1/refunds": [Call(body={"payment": ID("payment"), "amount": 50, "currency": "eur"})],
        "GET /v1/refunds": [Call(query=RANGE)],
        "GET /v1/refunds/{id}": [Call("refund")],
        "POST /v1/checkout": [
            Call(body=CHECKOUT | {"card": CARD, "customer": PERSON}),
            Call(body=CHECKOUT | {"card": ID("card"), "customer": ID("customer")}),
            Call(body=CHECKOUT | {"card": {"id": ID("card")}, "customer": {"id": ID("customer")}}),
            Call(body=CHECKOUT | {"auth": {"status": "request", "return_url": "https://example.com/{}"}}),
        ],
        "GET /v1/checkout": [Call(query=RANGE | {"order_id": "o1", "unique_id": "u1"})],
        "GET /v1/checkout/{id}": [Call("payment")],
        "PATCH /v1/checkout/{id}": [
            Call("payment", {"order_id": "o{}", "unique_id": "u{}", "description": "Another"}),
            Call("unpaid", {"card": CARD, "customer": PERSON, "device": CHECKOUT["device"]}),
            Call("unpaid", {"card": ID("card"), "customer": ID("customer"), "return_url": "https://example.com/{}"}),
        ],
        "POST /v1/customers": [Call(body=PERSON)],
        "GET /v1/customers": [Call(query=RANGE)],
        "GET /v1/customers/{id}": [Call("customer")],
        "PATCH /v1/customers/{id}": [Call("customer", PERSON)],
        "DELETE /v1/customers/{id}": [Call("customer")],
        "POST /v1/cards": [Call(body=CARD)],
        "GET /v1/cards": [Call(query=RANGE)],
        "GET /v1/cards/{id}": [Call("card")],
        "PATCH /v1/cards/{id}": [
            Call("card", {"name": "Jo Doe", "zip_code": "75001", "external_id": "x{}", "cvc": "123", "exp_year": 2041})
        ],
        "DELETE /v1/cards/{id}": [Call("card")],
        "GET /v1/disputes": [Call(query=RANGE)],
        "GET /v1/disputes/{id}": [Call("dispute")],
        "GET /v1/payouts": [Call()],
        "GET /v1/payouts/{id}": [Call("payment")],
        "GET /v1/payouts/{id}/{part}": [Call("payment")],
    },
    "storno": {
        "GET /v1/payments": [
            Call(query=SEARCH | {"status": "captured", "reference": "r", "order_reference": "o", "expand[]": "customer"}),
            Call(query={"starting_after": ID("payment")}),
        ],
        "POST /v1/payments": [
            Call(body=OWN_PAYMENT | {"currency": "eur", "capture": True, "customer": ID("customer")}),
            Call(body=OWN_PAYMENT | {"pot": ID("pot")}),
            Call(
                body=OWN_PAYMENT
                | {"currency": "eur", "processor": "sandbox", "processor_reference": "r{}", "processor_account": "a", "fee": 7}
            ),
        ],
        "GET /v1/payments/{id}": [Call("payment")],
        "GET /v1/payments/{id}/captures": [Call("payment")],
        "POST /v1/payments/{id}/capture": [Call("held", body={"amount": 1})],
        "POST /v1/refund_quotes": [Call(body={"payment": ID("payment"), "amount": 5, "currency": "eur"})],
        "GET /v1/refunds": [
            Call(query=SEARCH | {"status": "queued", "reason": "damaged", "payment": ID("payment")}),
            Call(query={"ending_before": ID("refund")}),
        ],
        "POST /v1/refunds": [
            Call(
                body={"payment": ID("payment"), "amount": 1, "currency": "eur", "reason": "damaged", "comment": "c"}
                | METADATA
            )
        ],
        "POST /v1/refunds/batch": [
            Call(body={"refunds": [{"payment": ID("payment"), "amount": 1, "reason": "damaged", "comment": "c"} | METADATA]})
        ],
        "GET /v1/refunds/{id}": [Call("refund")],
        "POST /v1/refunds/{id}/cancel": [Call("refund")],
        "POST /v1/refunds/{id}/approve": [Call("waiting", body={"note": "n"})],
        "POST /v1/refunds/{id}/reject": [Call("doubtful", body={"note": "n"})],
        "POST /v1/refunds/{id}/retry": [Call("withdrawn")],
        "GET /v1/refunds/{id}/attempts": [Call("refund")],
        "GET /v1/refunds/{id}/evidence": [Call("refund")],
        "GET /v1/disputes": [Call(query={"limit": "5", "payment": ID("payment")})],
        "GET /v1/disputes/{id}": [Call("dispute")],
        "GET /v1/customers": [Call(query={"limit": "5", "starting_after": ID("customer")})],
        "POST /v1/customers": [Call(body=OWN_CUSTOMER | METADATA)],
        "GET /v1/customers/{id}": [Call("customer")],
        "PATCH /v1/customers/{id}": [Call("customer", body=OWN_CUSTOMER)],
        "DELETE /v1/customers/{id}": [Call("customer")],
        "GET /v1/pots": [Call(query={"limit": "5", "starting_after": ID("pot")})],
        "POST /v1/pots": [Call(body={"name": "Pot", "currency": "GBP", "owner": ID("customer")} | METADATA)],
        "GET /v1/pots/{id}": [Call("pot")],
        "GET /v1/search": [Call(query={"query": "note{}", "type": "refund"}), Call(query={"query": "text"})],
        "GET /v1/payments/search": [Call(query=FOUND | {"status": "captured"})],
        "GET /v1/refunds/search": [Call(query=FOUND | {"status": "queued", "reason": "damaged"})],
        "GET /v1/disputes/search": [Call(query={"query": "text", "limit": "5", "starting_after": ID("dispute")})],
        "GET /v1/customers/search": [Call(query={"query": "jo{}@example.com", "limit": "5"})],
        "GET /v1/pots/search": [Call(query={"query": "pot", "limit": "5"})],
        "GET /v1/events": [
            Call(query={"refund": ID("refund"), "type": "refund.*"}),
            Call(query={"limit": "5", "starting_after": ID("event")}),
        ],
        # Without asking for a stream, so that there is an end to the answer.
        "GET /v1/events/stream": [Call(query={"type": "refund.*"})],
        "GET /v1/events/{id}": [Call("event")],
        "GET /v1/request_logs": [Call(query={"limit": "5", "status": "4xx", "method": "GET", "path": "/v1/refunds*"})],
        # Without asking for a stream, as above.
        "GET /v1/request_logs/stream": [Call(query={"status": "404", "dialect": "storno"})],
        "GET /v1/api_keys": [Call(query={"limit": "5"})],
        "POST /v1/api_keys": [
            Call(body={"name": "Till", "dialect": "cari", "scopes": ["refunds:read"], "expires_at": "2090-01-01T00:00:00Z"})
        ],
        "GET /v1/api_keys/{id}": [Call("api_key")],
        "POST /v1/api_keys/{id}/revoke": [Call("api_key")],
        "GET /v1/audit_entries": [Call(query={"limit": "5", "action": "refund.*", "actor": "key_1"})],
        "GET /v1/audit_head": [Call()],
        "GET /v1/webhook_endpoints": [Call(query={"limit": "5", "starting_after": ID("endpoint")})],
        "POST /v1/webhook_endpoints": [Call(body=ENDPOINT)],
        "GET /v1/webhook_endpoints/{id}": [Call("endpoint")],
        "PATCH /v1/webhook_endpoints/{id}": [Call("endpoint", body=ENDPOINT | {"status": "enabled"})],
        "DELETE /v1/webhook_endpoints/{id}": [Call("endpoint")],
        "POST /v1/webhook_endpoints/{id}/rotate_secret": [Call("endpoint", body={"overlap_seconds": 60})],
        "POST /v1/webhook_endpoints/{id}/ping": [Call("endpoint")],
        "POST /v1/webhook_endpoints/{id}/replay": [
            Call("endpoint", body={"events": [ID("event")]}),
            Call("endpoint", body={"created_from": "2026-01-01T00:00:00Z", "types": ["dispute.*"]}),
        ],
        "GET /v1/webhook_endpoints/{id}/deliveries": [Call("endpoint", query={"limit": "5", "state": "pending"})],
        "GET /v1/deliveries/{id}": [Call("delivery")],
        "POST /v1/deliveries/{id}/resend": [Call("delivery")],
        "GET /v1/balances": [Call()],
        "GET /v1/ledger_entries": [Call(query={"refund": ID("refund")})],
        "GET /v1/test_clock": [Call()],
        "POST /v1/test_clock/freeze": [Call(body={"at": "2090-01-01T00:00:00Z"})],
        "POST /v1/test_clock/advance": [Call(body={"by_seconds": 1})],
        "DELETE /v1/test_clock": [Call()],
    },
}


def read_routes():
    """From the dialects' sources: what the program answers, not what a page says."""
    routes = []
    for file in sorted(REPOSITORY.glob("Dialects/*/Sources/*Dialect.swift")):
        text = file.read_text()
        name = re.search(r'let name = "(\w+)"', text)[1]
        found = re.findall(r'Route\(\.(\w+), "([^"]+)"', text)
        assert found, f"no routes in {file}"
        bases = re.search(r'(\["[^\]]*\])\s*\.flatMap \{ base in', text)
        for method, path in found:
            for base in json.loads(bases[1]) if bases else [""]:
                routes.append((name, method.upper(), path.replace(r"\(base)", ""), base))
    return routes


def declared_routes():
    """All routes with their examples."""
    routes = []
    for name, method, path, base in read_routes():
        calls = EXAMPLES.get(name, {}).get(f"{method} {path}")
        assert calls, f"{name} has a route without an example: {method} {path}"
        routes.append(Route(name, method, f"/{name}{base}{path}", tuple(calls)))
    return routes


def leaves(value, path=()):
    """The places of a body: every member that is not an object or array itself, and where it stands."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, path + (name,))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from leaves(member, path + (index,))
    else:
        yield path, value


def replaced(value, path, new):
    """A copy of a body with another value at one place."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [replaced(member, rest, new) if index == step else member for index, member in enumerate(value)]
    return {name: replaced(member, rest, new) if name == step else member for name, member in value.items()}
