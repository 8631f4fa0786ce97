"""Servers to be measured, with 100,000 payments to refund."""
import base64
import os
import pathlib
import shutil
import sqlite3

import asking
from asking import Request
from object_ids import spelled
from server import Storno

PAYMENTS = 100_000
APIS = ("storno", "cari", "collctiv", "stancer")
#: Nothing is sent to a processor while it counts: a refund is its creation. What sending costs, `loads.py` says apart.
WINDOW = 604_800


class Node(Storno):
    """A server whose database is where `place` says, otherwise a file in its folder."""

    def __init__(self, folder, place=None, **options):
        super().__init__(folder, **options)
        self.place = place

    @property
    def database(self):
        return self.place or f"sqlite:{self.folder / 'storno.sqlite'}"

    def command(self, *arguments, **options):
        return super().command(*arguments, env=os.environ | self.environment, **options)


class Shop:
    """One server, or several on one database, and what its clients know: keys, and lists of ids."""

    def __init__(self, nodes, keys, lists):
        self.nodes = nodes
        self.keys = keys
        self.lists = lists

    @property
    def folder(self):
        return self.nodes[0].folder

    @property
    def processes(self):
        return [node.process.pid for node in self.nodes]

    def ask(self, *requests, connections=64, **options):
        node = self.nodes[0]
        return asking.ask(
            [node.port for node in self.nodes], requests, self.lists, connections=connections, processes=self.processes,
            authority=node.authority if node.tls else None, **options,
        )  # fmt: skip

    def start(self):
        for node in self.nodes:
            node.start()
        return self

    def stop(self):
        for node in self.nodes:
            node.stop()

    def copy(self, folder, **options):
        """The same books in another folder, with a server of their own. This one's must be stopped."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*.admin", "server.log"))
        for name in self.lists:
            shutil.copy(self.lists[name], folder)
        return Shop(
            [Node(folder, **options)], self.keys, {name: folder / path.name for name, path in self.lists.items()}
        )

    def pin(self, processors):
        """Every thread of the server runs on these processors alone."""
        for process in self.processes:
            for thread in os.listdir(f"/proc/{process}/task"):
                os.sched_setaffinity(int(thread), processors)

    def memory(self):
        """Resident kilobytes of the server, and how many of them are in no file."""
        lines = pathlib.Path(f"/proc/{self.processes[0]}/status").read_text().splitlines()
        values = dict(line.split(":", 1) for line in lines if line.startswith("Rss") or line.startswith("VmRSS"))
        return int(values["VmRSS"].split()[0]), int(values["RssAnon"].split()[0])

    # What is asked

    def authorised(self, **fields):
        return {"Authorization": f"Bearer {self.keys['storno']}"} | fields

    def create(self, path="/storno/v1/refunds", payments="payment", weight=1):
        body = '{"amount":1,"payment":"{' + payments + '}","reason":"customer_request"}'
        fields = {"Content-Type": "application/json", "Idempotency-Key": "{key}"}
        return Request("POST", path, self.authorised(**fields), body, weight)

    def create_many(self, count):
        refund = '{"amount":1,"payment":"{payment}","reason":"customer_request"}'
        body = '{"refunds":[' + ",".join([refund] * count) + "]}"
        fields = {"Content-Type": "application/json", "Idempotency-Key": "{key}"}
        return Request("POST", "/storno/v1/refunds/batch", self.authorised(**fields), body)

    def vendor_create(self, api):
        """The same refund in another API's words."""
        name, key = f"{{{api}_payment}}", self.keys[api]
        path, credentials, body = {
            "cari": ("/cari/refunds", f"Bearer {key}", f'{{"charge":"{name}","amount":1}}'),
            "collctiv": (
                "/collctiv/v1/refunds",
                f"Bearer {key}",
                f'{{"payment":"{name}","amount":1,"reason":{{"code":"customer_requested"}}}}',
            ),
            "stancer": (
                "/stancer/v1/refunds/",
                "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
                f'{{"payment":"{name}","amount":1}}',
            ),
        }[api]
        fields = {"Authorization": credentials, "Content-Type": "application/json", "Idempotency-Key": "{key}"}
        return Request("POST", path, fields, body)

    def read(self, path, weight=1):
        return Request("GET", path, self.authorised(), weight=weight)

    # What clients learn

    def learn(self, kind):
        """Writes the ids of all payments or refunds down, in each API's alphabet, for requests to draw from."""
        numbers = self.numbers(kind)
        for api in APIS:
            name = kind if api == "storno" else f"{api}_{kind}"
            path = self.folder / f"{name}.txt"
            path.write_text("".join(spelled.__wrapped__(number, api, kind) + "\n" for number in numbers))
            self.lists[name] = path
        return len(numbers)

    def one(self, kind):
        """A list with nothing but the first of them."""
        path = self.folder / f"one_{kind}.txt"
        path.write_text(self.lists[kind].read_text().split()[0])
        self.lists[f"one_{kind}"] = path

    def numbers(self, kind, limit=PAYMENTS):
        statement = f"SELECT id FROM {kind} LIMIT {limit}"
        place = self.nodes[0].place
        if place is None:
            database = sqlite3.connect(f"file:{self.folder / 'storno.sqlite'}?mode=ro", uri=True)
            rows = database.execute(statement).fetchall()
            database.close()
        else:
            import psycopg

            with psycopg.connect(place) as connection:
                rows = connection.execute(statement).fetchall()
        return [int.from_bytes(row[0], "big") for row in rows]


def open_shop(folder, **options):
    """A new database with its payments, made through the API; the server runs."""
    folder.mkdir(parents=True, exist_ok=True)
    node = Node(folder, **options)
    keys = {api: node.key(api) for api in APIS}
    node.command("accounts", "set", "main", f"undo_window_seconds={WINDOW}", "--database", node.database)
    shop = Shop([node.start()], keys, {})
    body = '{"amount":1000000000,"currency":"eur","reference":"{key}"}'
    fields = shop.authorised(**{"Content-Type": "application/json"})
    try:
        shop.ask(
            Request("POST", "/storno/v1/payments", fields, body), seconds=600, limit=PAYMENTS, connections=256, warmup=0
        )
        shop.learn("payment")
    except Exception:
        node.kill()
        raise
    return shop


def add_refunds(shop, count):
    """So many more refunds, a hundred a request."""
    shop.ask(shop.create_many(100), seconds=600, limit=-(-count // 100), connections=16, warmup=0)
