"""Storno nodes on a pair of PostgreSQL servers, with payments to refund and clients who do."""
import contextlib
import random
import uuid

from merchants import collctiv_payment
from nodes import Node, Nodes
from pair import Pair
from postgres_server import private_folder
from refund_apis import APIS
from refund_client import RefundClient, keys_of
from writers import Writers, wishes

CLIENTS = 9


class Shop:
    def __init__(self, folder, namespace=None, synchronous=True):
        """- namespace: where the last of the three nodes lives."""
        outside = [namespace.outside] if namespace else []
        self.pair = Pair(folder, ["127.0.0.1", *outside], synchronous)
        self.nodes = Nodes()
        for number in range(3):
            own = namespace if number == 2 else None
            url = self.pair.url(own.outside if own else None)
            self.nodes.append(Node(folder / f"node-{number}", url, self.pair.environment, namespace=own).start())
        self.keys = keys_of(self.nodes)
        self.payments = [
            uuid.UUID(collctiv_payment(self.nodes.url, self.keys["collctiv"], 10**8)).int for _ in range(6)
        ]

    def writers(self, seed, pause=0):
        """Three clients begin at each node."""
        clients = [RefundClient(self.nodes, self.keys, number) for number in range(CLIENTS)]
        return Writers(clients, wishes(random.Random(seed), self.payments, APIS), pause)

    def stop(self):
        self.nodes.stop()
        self.pair.stop()


@contextlib.contextmanager
def open_shop(**options):
    """Whatever happens, nothing stays: all processes work in the folder."""
    with private_folder() as folder:
        shop = Shop(folder, **options)
        yield shop
        shop.stop()
