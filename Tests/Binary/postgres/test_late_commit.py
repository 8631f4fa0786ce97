"""A commit that arrives after its node has lost the connection: what the node says of it is what becomes of it."""
import concurrent.futures
import contextlib
import struct
import time

import pytest

from late_wire import LateWire
from merchants import collctiv_payment
from nodes import Node
from object_ids import number_of
from postgres_server import private_server
from vendor_apis import Client, refund_call

# It stands in nothing but the words that write the refund.
AMOUNT = 195_939_071


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


@pytest.fixture
def wire(database):
    wire = LateWire(database.host, database.port)
    yield wire
    wire.close()


@pytest.fixture
def node(database, wire, tmp_path, request):
    name = request.node.name
    database.sql(f"CREATE DATABASE {name} OWNER storno")
    url = database.url(database=name).replace(f":{database.port}", f":{wire.port}")
    with Node(tmp_path / "node", url, database.environment).start() as node:
        yield node


@pytest.fixture
def client(node):
    return Client(node, {api: node.key(api) for api in ("cari", "collctiv")})


@pytest.fixture
def held_refund(node, wire, client):
    """A refund whose commit does not arrive; the answer is still to come."""
    payment = number_of(collctiv_payment(node.url, client.keys["collctiv"], 10**9), "collctiv")
    path, body = refund_call("cari", payment, AMOUNT)
    wire.hold(struct.pack(">q", AMOUNT))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answer = pool.submit(client.ask, "cari", "POST", path, body)
        assert wire.held.wait(20), "nothing was written"
        yield answer


def amounts(client):
    return [refund["amount"] for refund in client.ask("cari", "GET", "/refunds").json]


def test_a_commit_that_arrives_late_is_waited_for(held_refund, node, wire, client):
    time.sleep(2)
    assert not held_refund.done(), "it was answered while the commit could still come"
    wire.deliver()
    assert held_refund.result(timeout=20).status == 200
    assert amounts(client) == [AMOUNT]
    node.verify()


def test_a_commit_that_was_given_up_never_comes(held_refund, node, wire, client):
    assert held_refund.result(timeout=40).status == 503
    with contextlib.suppress(OSError):  # PostgreSQL has closed the connection
        wire.deliver()
    time.sleep(1)
    assert amounts(client) == []
    node.verify()
