"""Three nodes on one database are one server: one payment, one key, one revocation."""
import concurrent.futures
import itertools
import random
import time
import urllib.parse

import pytest

from lengths import length
from nodes import Node, Nodes, start_nodes
from postgres_server import private_server
from rounds import CAPTURED, CLIENTS, Call, Race, check, drawn_calls
from vendor_apis import APIS, Client


class SpreadClient(Client):
    """Each thread's client talks to the next node."""

    turns = itertools.count()

    def __init__(self, nodes, keys):
        super().__init__(nodes[next(self.turns) % len(nodes)], keys)


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


@pytest.fixture
def nodes(database, tmp_path):
    nodes = start_nodes(tmp_path, new_database(database), database.environment)
    yield nodes
    nodes.stop()


def new_database(server, names=itertools.count(1)):
    """An empty one, and its URL."""
    name = f"nodes_{next(names)}"
    server.sql(f"CREATE DATABASE {name} OWNER storno")
    return server.url(database=name)


def in_order_of_decision(nodes, database, listed):
    """
    A list shows refunds by the moments at which the nodes took them on. Which was decided first is in the events, whose
    numbers are given out while the payment is locked.
    """
    name = urllib.parse.urlsplit(nodes[0].database).path.strip("/")
    rows = database.sql("SELECT encode(object, 'hex') FROM event WHERE sequence = 1 ORDER BY number", database=name)
    place = {int(text, 16): place for place, text in enumerate(rows.splitlines())}
    return sorted(listed, key=lambda refund: place[refund[0]])


@pytest.fixture
def race(nodes):
    race = Race(nodes, SpreadClient)
    yield race
    race.close()


def test_64_clients_at_one_payment_through_three_nodes(race, database, measured):
    """Never more than was captured, and every answer fits one order of all of them."""
    rounds = length(10, 200)
    chance = random.Random(1)
    totals = [0, 0, 0]
    for number in range(rounds):
        payment = race.take_payment(CAPTURED, in_pot=number % 2 == 1)
        calls = drawn_calls(chance, f"{number}")
        race.run(payment, calls, CLIENTS if number % 4 else 8)
        assert all(call.answer for call in calls)
        figures = check(in_order_of_decision(race.server, database, race.listed(payment)), calls)
        totals = [total + figure for total, figure in zip(totals, figures)]
    race.server.verify()
    accepted, refused, reads = totals
    assert min(totals) > 3 * rounds
    measured(f"{rounds} rounds, {accepted} refunds, {refused} refused, {reads} reads, linearizable")


def test_one_key_through_three_nodes_at_once_makes_one_refund(race):
    for number in range(length(5, 100)):
        payment = race.take_payment(CAPTURED)
        calls = [Call("collctiv", 10, f"one {number}") for _ in range(CLIENTS)]
        race.run(payment, calls)
        made = [call.answer for call in calls if call.answer.status == 200]
        assert {call.answer.status for call in calls} <= {200, 409}
        assert len({answer.body for answer in made}) == 1 and sum(not answer.is_replay for answer in made) == 1
        assert [amount for _, amount in race.listed(payment)] == [10]


def test_a_revoked_key_is_refused_by_every_node_within_a_second(nodes, measured):
    slowest = 0
    for _ in range(length(3, 30)):
        keys = {api: nodes.key(api) for api in APIS}
        clients = [Client(node, keys) for node in nodes]
        for client in clients:
            assert client.ask("cari", "GET", "/refunds").status == 200
        nodes[0].command("keys", "revoke", keys["cari"], "--database", nodes[0].database)
        revoked = time.monotonic()
        for client in clients:
            while client.ask("cari", "GET", "/refunds").status == 200:
                assert time.monotonic() < revoked + 5, "it is still taken"
                time.sleep(0.01)
            slowest = max(slowest, time.monotonic() - revoked)
            assert client.ask("cari", "GET", "/refunds").status == 401
            assert client.ask("stancer", "GET", "/v1/refunds/").status == 200, "the other keys are as good as before"
    measured(f"refused everywhere {slowest:.2f} s after the command ended at the most")
    assert slowest < 1


def test_a_new_key_is_taken_by_every_node_at_once(nodes):
    for _ in range(length(3, 30)):
        keys = {"cari": nodes.key("cari")}
        for node in nodes:
            assert Client(node, keys).ask("cari", "GET", "/refunds").status == 200


def test_what_was_never_a_key_costs_the_database_little(nodes, measured):
    """Whoever knocks with made-up keys is refused without holding up those who have one."""
    keys = {"cari": nodes.key("cari")}
    client = Client(nodes[0], keys)

    def knock(number):
        stranger = Client(nodes[0], {"cari": f"sk_test_{number:032x}"})
        return [stranger.ask("cari", "GET", "/refunds").status for _ in range(50)]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        strangers = [pool.submit(knock, number) for number in range(16)]
        slowest = 0
        while not all(stranger.done() for stranger in strangers):
            answer = client.ask("cari", "GET", "/refunds")
            assert answer.status == 200
            slowest = max(slowest, answer.heard - answer.sent)
    assert {status for stranger in strangers for status in stranger.result()} == {401}
    measured(f"800 made-up keys; who had one waited {slowest:.3f} s at the most")


def test_two_nodes_start_at_once_on_an_empty_database(database, tmp_path):
    """Neither waits in vain for the other, and both have the same secret key, which neither had."""
    for number in range(length(3, 30)):
        folder = tmp_path / str(number)
        folder.mkdir()
        url = new_database(database)
        pair = [Node(folder / name, url, database.environment) for name in ("one", "other")]
        with pair[0], pair[1]:
            for node in pair:
                node.spawn()
            with concurrent.futures.ThreadPoolExecutor() as pool:
                list(pool.map(Node.wait_until_it_listens, pair))
            for node in pair:
                node.wait_until_ready()
            keys = {api: Nodes(pair).key(api) for api in APIS}
            for node in pair:
                assert Client(node, keys).ask("cari", "GET", "/refunds").status == 200
