"""Several nodes tell the same endpoints: each event in its order, none lost, whichever of them dies."""
import collections
import json
import os
import pathlib
import random
import subprocess
import sys

import pytest
import standardwebhooks

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "postgres"))

from conftest import settings
from lengths import length
from nodes import Node
from postgres_server import private_server
from receiver import Answer, Receiver
from server import BINARY
from webhook_shop import Shop, wait_until

PAYMENTS = length(30, 600)
KILLS = length(4, 20)


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


def node(folder, database, url, **environment):
    return Node(folder, url, database.environment | settings(**environment))


def check(messages, events):
    told = {message.id for message in messages if message.status == 200}
    assert [event["id"] for event in events if event["id"] not in told] == []
    taken = collections.defaultdict(int)
    for message in sorted(messages, key=lambda message: message.arrived_at):
        name, sequence = message.id.rsplit("_", 1)
        assert int(sequence) <= taken[name] + 1, f"{message.id} came after {taken[name]}"
        if message.status == 200:
            taken[name] = max(taken[name], int(sequence))


def test_nodes_that_die_lose_nothing_and_keep_the_order(tmp_path, database, measured):
    database.sql("CREATE DATABASE nodes OWNER storno")
    chance = random.Random(7)

    def script(message):
        draw = chance.random()
        return Answer(200) if draw < 0.6 else Answer(500) if draw < 0.9 else Answer(is_reset=True)

    with Receiver(script) as receiver:
        nodes = [node(tmp_path / name, database, database.url(database="nodes")) for name in ("one", "two")]
        with nodes[0].start(), nodes[1].start():
            shop = Shop(nodes[0])
            endpoint = shop.endpoint(receiver.url("/in"))
            other = Shop(nodes[1], shop.key)
            for number in range(PAYMENTS):
                payment = shop.payment()
                for amount in (1, 2):
                    (shop, other)[amount % 2].refund(payment, amount)
                if number % (PAYMENTS // KILLS) == 1:
                    victim = nodes[number % 2]
                    victim.kill()
                    victim.start()
            wait_until(shop.is_quiet, 120)
            events = [event for event in shop.events() if event["data"]["object"]["object"] != "webhook_endpoint"]
            open_states = "&state=pending&state=sending&state=waiting"
            # What a node that died had claimed comes back when its lease is over.
            wait_until(lambda: {m.id for m in list(receiver.messages) if m.status == 200} >= {e["id"] for e in events}, 180)
            wait_until(lambda: not shop.deliveries(endpoint["id"], open_states), 60)
            check(receiver.messages, events)
            nodes[0].verify()
            twice = len([m for m in receiver.messages if m.status == 200]) - len(events)
            measured(f"{len(events)} events by two nodes, {KILLS} kills, {len(receiver.messages)} messages, {twice} twice, 0 lost")
            assert nodes[0].stop() == 0 and nodes[1].stop() == 0


def test_a_copied_endpoint_goes_on_where_it_was(teller, database):
    """With its secret; nothing that was told from the file is told again."""
    database.sql("CREATE DATABASE copied OWNER storno")
    with Receiver() as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/in"))
        shop.refund(shop.payment())
        wait_until(shop.is_quiet)
        before = [event["id"] for event in shop.events() if not event["id"].startswith("evt_we_")]
        wait_until(lambda: {message.id for message in receiver.messages} == set(before))
        wait_until(lambda: len(shop.deliveries(endpoint["id"], "&state=delivered")) == len(before))
        assert teller.stop() == 0
        target = database.url(database="copied")
        line = [str(BINARY), "copy", "--from", teller.database, "--to", target]
        subprocess.run(line, cwd=teller.folder, env=os.environ | database.environment, check=True, timeout=120)
        folder = teller.folder / "node"
        with node(folder, database, target, STORNO_SECRET_KEY_FILE=str(teller.folder / "storno.key")).start() as moved:
            there = Shop(moved, shop.key)
            there.refund(there.payment())
            wait_until(there.is_quiet)
            after = [event["id"] for event in there.events() if not event["id"].startswith("evt_we_")]
            wait_until(lambda: {message.id for message in receiver.messages} == set(after))
            counts = collections.Counter(message.id for message in receiver.messages)
            assert set(counts.values()) == {1}, counts
            last = receiver.messages[-1]
            assert standardwebhooks.Webhook(endpoint["secret"]).verify(last.body, last.fields) == json.loads(last.body)
            moved.verify()
