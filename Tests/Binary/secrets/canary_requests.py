"""Requests with a canary in each place that a request has, valid and refused ones, through every route."""
import base64
import json

from accounts import authorization, filled, target
from canaries import CARD_KINDS, CODE, KINDS
from declared_routes import leaves, replaced
from lengths import length

# What a member takes, where a short text would be refused.
FITTING = {"email": "email", "receipt_email": "email", "mobile": "phone"}
AROUND = {"return_url": "https://example.com/{}", "url": "https://hooks.example/{}"}
HEADERS = [
    "Idempotency-Key", "User-Agent", "Cookie", "Referer", "From", "X-Forwarded-For", "X-Request-Id", "Request-Id",
    "Traceparent", "Accept", "Accept-Language", "Content-Type", "Origin", "X-Api-Key", "Host",
]  # fmt: skip


class Sent:
    """One request, and which canary stands where in it."""

    def __init__(self, canary, place, route, path, headers, body=None):
        self.canary, self.place, self.route = canary, place, route
        self.method, self.target, self.headers, self.body = route.method, path, headers, body
        self.status = None

    def __str__(self):
        return f"{self.canary} in {self.place} of {self.route}"


class Traffic:
    """Sends in one account's name and remembers what was sent where."""

    def __init__(self, account, canaries):
        self.account, self.canaries = account, canaries
        self.sent = []
        self.objects = account.objects()
        self.turn = 0

    def send_all(self, routes):
        for route in routes:
            is_deletion = route.method == "DELETE"
            ids = (self.account.objects(is_for_deletion=True) if is_deletion else self.objects)[route.dialect]
            for call in route.calls:
                for one in self.requests(route, call, ids):
                    answer = self.account.client.send(one.method, one.target, one.headers, one.body)
                    one.status = answer.status
                    self.sent.append(one)
                    assert answer.status < 500 or answer.status == 501, f"{one}: {answer.body}"
                    if one.place.endswith("number") and one.status < 300:
                        assert one.canary.encode() not in answer.body, one

    def requests(self, route, call, ids):
        yield from self.in_body(route, call, ids)
        yield from self.in_target(route, call, ids)
        if call is route.calls[0]:
            yield from self.in_headers(route, call, ids)

    def kinds(self):
        """Which canaries go to a place: a short run takes turns."""
        self.turn += 1
        return length([KINDS[self.turn % len(KINDS)]], KINDS)

    def kinds_for(self, member):
        """The same for a member of a body: what it takes, and a card number at least."""
        card = CARD_KINDS[self.turn % len(CARD_KINDS)]
        numbers = ["number"] * 12 if member == "number" else []
        return list(dict.fromkeys([FITTING.get(member, "text"), card, *self.kinds()])) + numbers

    def headers(self, route, **more):
        return {"Authorization": authorization(route.dialect, self.account.keys[route.dialect])} | route.needed | more

    # What a body holds.

    def in_body(self, route, call, ids):
        """In each member in turn, ids among them; the rest of the body is as it should be."""
        if call.body is None:
            return
        for path, value in leaves(call.body):
            for kind in self.kinds_for(path[-1]):
                canary = self.canaries.one(kind)
                text = AROUND.get(path[-1], "{}").replace("{}", canary)
                yield from self.bodies(route, call, ids, canary, path, text)
                if kind in ("card", "number") and not isinstance(value, str):
                    yield from self.bodies(route, call, ids, canary, path, int(canary))
        for kind in self.kinds():
            yield from self.strange_bodies(route, call, ids, self.canaries.one(kind))

    def bodies(self, route, call, ids, canary, path, value):
        """The request as it is; and in turn with an idempotency key, with a wrong key, and with a wrong amount."""
        place = ".".join(map(str, path))
        where = target(route, call, ids)
        body = filled(replaced(new_card(call.body, self.canaries.made), path, value), ids)
        yield Sent(canary, place, route, where, self.headers(route), body)
        if self.turn % 4 == 0:
            kept = {"Idempotency-Key": f"key {self.canaries.made}"}
            yield Sent(canary, f"kept answer: {place}", route, where, self.headers(route, **kept), with_news(body))
        if self.turn % 4 == 1:
            wrong = {"Authorization": authorization(route.dialect, self.account.keys[route.dialect] + "x")}
            yield Sent(canary, f"refused: {place}", route, where, wrong, body)
        if self.turn % 4 == 2:
            yield Sent(canary, f"refused: {place}", route, where, self.headers(route), {**body, "amount": -1})

    def strange_bodies(self, route, call, ids, canary):
        """Members that nobody knows, and what is no JSON."""
        where = target(route, call, ids)
        body = filled(call.body, ids)
        for strange in [{**body, canary: canary}, {**body, "unknown": {"deep": [canary]}}]:
            yield Sent(canary, "an unknown member", route, where, self.headers(route), strange)
        named = {**body, "metadata": {canary: "text"}}
        yield Sent(canary, "metadata", route, where, self.headers(route), named)
        text = json.dumps(body)
        broken = [
            canary,
            json.dumps(canary),
            f'{text[:-1]}, "{canary}": ',
            f'{text[:-1]}, "{canary}": 1, "{canary}": 1}}',
        ]
        for body in broken + [canary * (66_000 // len(canary))]:
            yield Sent(canary, "a broken body", route, where, self.headers(route), body.encode())

    # What a URL holds.

    def in_target(self, route, call, ids):
        for kind in self.kinds():
            canary = self.canaries.one(kind)
            if call.names:
                where = target(route, call, ids, segment=canary)
                yield Sent(canary, "the path", route, where, self.headers(route), filled(call.body, ids))
            where = target(route, call, ids).split("?")[0]
            for segments in [f"{where}/{quoted(canary)}", f"/{route.dialect}/v1/{quoted(canary)}"]:
                yield Sent(canary, "an unknown path", route, segments, self.headers(route), filled(call.body, ids))
            for query in [
                f"unknown={quoted(canary)}",
                f"{quoted(canary)}=1",
                f"key={self.account.keys[route.dialect]}",
            ]:
                yield Sent(canary, "the query", route, f"{where}?{query}", self.headers(route), filled(call.body, ids))
            for name, value in call.query.items():
                query = {n: canary if n == name else v for n, v in filled(call.query, ids).items()}
                where = target(route, call, ids, query=query)
                yield Sent(canary, f"the query's {name}", route, where, self.headers(route))

    # What a header holds.

    def in_headers(self, route, call, ids):
        where = target(route, call, ids)
        body = filled(call.body, ids)
        for name in HEADERS:
            for kind in ["text"] if name == "Host" else self.kinds():
                canary = self.canaries.one(kind)
                yield Sent(canary, name, route, where, self.headers(route, **{name: canary}), with_news(body))
        key = self.account.keys[route.dialect]
        for kind in self.kinds():
            canary = self.canaries.one(kind)
            for value in [f"Bearer {canary}", f"{canary} {key}", basic(canary, ""), basic(key, canary), canary]:
                yield Sent(canary, "Authorization", route, where, {"Authorization": value}, body)
        for other in self.account.keys.values():
            wrong = {"Authorization": f"Bearer {other}", "Cookie": f"key={key}", "User-Agent": key}
            yield Sent(other, "Authorization", route, where, wrong, body)


def new_card(body, number):
    """With a card that is not known yet, and the code that is counted afterwards."""
    if not isinstance(body, dict):
        return body
    changed = {name: new_card(member, number) for name, member in body.items()}
    if "cvc" in body:
        changed |= {"cvc": CODE, "exp_month": number % 12 + 1, "exp_year": 2030 + number % 7000}
    return changed


def with_news(body):
    """With other references that have to be unique."""
    if isinstance(body, dict):
        return {name: f"{value}'" if name == "unique_id" else with_news(value) for name, value in body.items()}
    return body


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def quoted(text):
    return "".join(f"%{byte:02x}" if byte in b" @+%" else chr(byte) for byte in text.encode())
