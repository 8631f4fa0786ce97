"""An id of another account, or of the other mode, is answered byte for byte like one that never was."""
import random

import pytest

from accounts import DIALECTS, Account, authorization, filled, target
from declared_routes import ID, declared_routes, leaves, replaced
from server import Storno

# The demo account's ids came from elsewhere: they stand in a table of their own.
ALIASES = {
    "cari": {"payment": "charge_id_1"},
    "collctiv": {
        "payment": "999fe8d5-1615-414b-83fc-2740b3c4a899",
        "refund": "522d1dcc-344c-4373-9523-8cf4bd8be008",
        "pot": "d4748db4-7863-4fa0-9a77-3cd329d5e652",
        "customer": "117b2b86-4b21-4a67-8592-c267a7ba7997",
    },
    "stancer": {"payment": "paym_sS1sXwDuaqGTjuQ7DY4BBNaI", "refund": "refd_o6Y1oZinbl9lErB24OSQCAKl"},
    "storno": {"payment": "pay_demo", "refund": "ref_demo", "customer": "cus_demo"},
}
# Nothing is offered there, whatever the id.
NOT_OFFERED = "/stancer/v1/payouts"


class Town:
    """A server with three accounts and both modes, and what each of them has."""

    def __init__(self, server):
        self.server = server
        self.mine, self.theirs = Account(server, "mine"), Account(server, "theirs")
        self.mine_live = Account(server, "mine", "live")
        self.own, self.foreign = self.mine.objects(), self.theirs.objects()
        self.live = self.mine_live.objects()
        made = [
            text for ids in (self.own, self.foreign, self.live) for kinds in ids.values() for text in kinds.values()
        ]
        self.known = set(made)
        self.chance = random.Random(26)

    def has(self, account, dialect):
        """What an account names where an example wants further ids: in live mode there are no payments."""
        if account is self.mine:
            return self.own[dialect]
        return {kind: self.unknown(text) for kind, text in self.own[dialect].items()} | self.live[dialect]

    def unknown(self, text):
        """Of the same form, and nobody's."""
        while True:
            tail = "".join(self.chance.choice("0123456789abcdef") for _ in range(min(6, len(text) // 3)))
            changed = text[: -len(tail)] + tail
            if changed not in self.known and text != changed:
                return changed


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("town"), arguments=["--demo"]).start()
    yield Town(server)
    server.kill()


def places(route):
    """Where a route takes ids: (call, the kind, what puts an id there: ids → (target, body))."""
    for call in route.calls:
        if call.names:
            yield call, call.names, lambda text, ids, call=call: (
                target(route, call, ids, segment=text), filled(call.body, ids)
            )  # fmt: skip
        for name, value in call.query.items():
            if isinstance(value, ID):
                yield call, value, lambda text, ids, call=call, name=name: (
                    target(route, call, ids, query=filled(call.query, ids) | {name: text}), None
                )  # fmt: skip
        for path, value in leaves(call.body or {}):
            if isinstance(value, ID):
                yield call, value, lambda text, ids, call=call, path=path: (
                    target(route, call, ids), replaced(filled(call.body, ids), path, text)
                )  # fmt: skip


PLACES = [(route, *place) for route in declared_routes() for place in places(route)]


def answer(account, route, made):
    """Everything of an answer that may not depend on whose the id is, but for the request's own name; the id is cut out."""
    where, body = made
    headers = {"Authorization": authorization(route.dialect, account.keys[route.dialect])}
    got = account.client.send(route.method, where, headers | route.needed, body)
    headers = [(name.lower(), value) for name, value in got.headers if name.lower() not in ("date", "request-id")]
    return got.status, headers, anonymous(got)


def anonymous(got):
    """The body without the request's own name, which is another each time."""
    name = next(value for name, value in got.headers if name.lower() == "request-id")
    return got.body.replace(name.encode(), b"REQUEST")


def cut(answer, text):
    status, headers, body = answer
    return status, headers, body.replace(text.encode(), b"ID")


def test_every_place_for_an_id_is_known():
    taking = {str(route) for route, *_ in PLACES}
    naming = {str(route) for route in declared_routes() if "{id}" in route.path}
    assert naming and naming <= taking


@pytest.mark.parametrize("asking", ["mine", "mine_live"])
def test_an_id_of_others_is_answered_like_one_that_never_was(town, asking, measured):
    """Each id of another account, of the other mode and from elsewhere, of each kind, in each place."""
    account = getattr(town, asking)
    others = [town.foreign, ALIASES] + ([town.live] if asking == "mine" else [town.own])
    compared = 0
    for route, call, kind, put in PLACES:
        mine = town.has(account, route.dialect)
        for ids in others:
            for foreign in ids[route.dialect].values():
                unknown = town.unknown(foreign)
                seen = cut(answer(account, route, put(foreign, mine)), foreign)
                never = cut(answer(account, route, put(unknown, mine)), unknown)
                assert seen == never, f"{route} with {foreign}, a {kind}"
                compared += 1
    measured(f"{compared} ids of others compared with unknown ones in {len(PLACES)} places")


def test_ones_own_id_is_answered_otherwise(town):
    """Without this the test above could not fail."""
    for route, call, kind, put in PLACES:
        if NOT_OFFERED in route.path:
            continue
        mine = town.mine.objects()[route.dialect]
        unknown = town.unknown(mine[kind])
        own = cut(answer(town.mine, route, put(mine[kind], mine)), mine[kind])
        never = cut(answer(town.mine, route, put(unknown, mine)), unknown)
        assert own != never, f"{route} with a {kind}"


def test_nothing_of_the_others_was_changed(town):
    """After every writing route was tried with every id of theirs."""
    before = everything(town.theirs)
    for route, call, kind, put in PLACES:
        if route.method == "GET":
            continue
        for foreign in town.foreign[route.dialect].values():
            for account in [town.mine, town.mine_live]:
                answer(account, route, put(foreign, town.has(account, route.dialect)))
    assert everything(town.theirs) == before


def everything(account):
    lists = ["/cari/charges", "/cari/refunds", "/collctiv/v1/refunds?limit=100", "/collctiv/v1/payments?limit=100"]
    lists += ["/collctiv/v1/pots?limit=100", "/collctiv/v1/customers?limit=100"]
    lists += [f"/stancer/v1/{name}/?limit=100" for name in ["refunds", "checkout", "customers", "cards", "disputes"]]
    lists += [f"/storno/v1/{name}?limit=100" for name in ["refunds", "payments", "customers", "pots", "events", "webhook_endpoints"]]
    return [account.send(path.split("/")[1], "GET", "/" + path.split("/", 2)[2]).body for path in lists]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_idempotency_key_of_others_is_free(town, dialect):
    """Neither their answer nor a conflict with it, in another account and in the other mode."""
    path, body = {
        "cari": ("/charges", {"amount": 500, "currency": "usd", "provider": "card", "card": {"token": "t"}}),
        "collctiv": ("/v1/customers", {"first_name": "A", "last_name": "B", "email": "a@example.com"}),
        "stancer": ("/v1/customers", {"name": "Jo Doe", "email": "one@example.com"}),
        "storno": ("/v1/customers", {"name": "Jo Doe"}),
    }[dialect]
    key = {"Idempotency-Key": f"one {dialect}"}
    theirs = town.theirs.send(dialect, "POST", path, body, **key)
    assert theirs.status == 200
    for account in [town.mine, town.mine_live]:
        if account is town.mine_live and dialect == "cari":
            continue
        mine = account.send(dialect, "POST", path, body, **key)
        assert mine.status == 200 and mine.json()["id"] != theirs.json()["id"]
        assert "idempotency-replayed" not in {name.lower() for name, _ in mine.headers}


def test_what_others_chose_as_unique_is_free(town):
    """Unique references, cards and customers are known within one account and mode only."""
    card = {"number": "5555555555554444", "exp_month": 3, "exp_year": 2061}
    person = {"name": "Jo Doe", "email": "same@example.com"}
    checkout = {
        "amount": 500,
        "currency": "eur",
        "unique_id": "same",
        "order_id": "same",
        "card": card,
        "customer": person,
    }
    theirs = town.theirs.make("stancer", "/v1/checkout/", checkout)
    mine = town.mine.make("stancer", "/v1/checkout/", checkout)
    assert {theirs["id"], theirs["card"]["id"], theirs["customer"]["id"]}.isdisjoint(
        {mine["id"], mine["card"]["id"], mine["customer"]["id"]}
    )
    assert town.mine_live.send("stancer", "POST", "/v1/cards/", card).status == 200
    assert town.mine_live.send("stancer", "POST", "/v1/customers/", person).status == 200
    found = town.mine.send("stancer", "GET", "/v1/checkout/?unique_id=same").json()["payments"]
    assert [payment["id"] for payment in found] == [mine["id"]]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_key_that_opens_nothing_is_refused_in_the_same_words(town, dialect):
    """Unknown, revoked, of another API, of another form, none: with an id that is there and one that is not."""
    revoked = town.server.key(dialect, "test", "--account", "theirs")
    town.server.command("keys", "revoke", revoked, "--database", town.server.database)
    good = town.mine.keys[dialect]
    wrong = [town.unknown(good), good[:-1], good.upper(), revoked, "x", "ptest_" + good[-24:]]
    wrong += [town.mine.keys[other] for other in DIALECTS if other != dialect]
    own = town.own[dialect]["refund"]
    for path in ["/refunds/" if dialect == "cari" else "/v1/refunds/"]:
        answers = set()
        for key in wrong:
            for text in [own, town.unknown(own)]:
                got = town.mine.client.send(
                    "GET", f"/{dialect}{path}{text}", {"Authorization": authorization(dialect, key)}
                )
                headers = tuple((n.lower(), v) for n, v in got.headers if n.lower() not in ("date", "request-id"))
                answers.add((got.status, headers, anonymous(got)))
        assert len(answers) == 1 and answers.pop()[0] == 401
