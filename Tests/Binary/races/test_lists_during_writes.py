"""Lists read while refunds are made and withdrawn: what was there before is shown once, in order, unaltered."""
import http.client
import json
import random
import socket
import threading
import time

import pytest

from lengths import length
from object_ids import number_of, spelled
from rounds import Call, refund_of
from vendor_apis import APIS, Client, credentials

WRITERS = READERS = 4

# At full speed the long walks would never catch up with a list that grows under them: past 100,000 items, a page that is
# not reached from one nearby is refused.
PAUSE_SECONDS = length(0, 0.02)
PAGE_SIZE = length(20, 100)


class Writers:
    """Refund and withdraw for as long as others read."""

    def __init__(self, race, payment, withdraws=True):
        self.race, self.payment, self.withdraws = race, payment, withdraws
        self.amounts = {}
        # What is about to be withdrawn, and what surely is.
        self.withdrawing, self.withdrawn = set(), set()
        self.stopping = threading.Event()

    def __enter__(self):
        self.running = [self.race.second_pool.submit(self.write, random.Random(seed)) for seed in range(WRITERS)]
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for writer in self.running:
            writer.result()

    def write(self, chance):
        while not self.stopping.is_set():
            self.refund(chance)
            time.sleep(PAUSE_SECONDS)
            if self.withdraws and chance.random() < 0.3:
                refund = chance.choice(list(self.amounts))
                self.withdrawing.add(refund)
                answer = self.race.own_client().ask("cari", "DELETE", f"/refunds/{spelled(refund, 'cari', 'refund')}")
                if answer.status == 200:
                    self.withdrawn.add(refund)

    def refund(self, chance):
        call = self.race.send(self.payment, Call(chance.choice(APIS), chance.randint(1, 99)))
        self.amounts[refund_of(call)] = call.amount


def slow_array(race):
    """Cari's whole array, read in small pieces through a small window, so that the server has to wait between them."""
    connection = http.client.HTTPConnection("127.0.0.1", race.server.port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sock.connect(("127.0.0.1", race.server.port))
    connection.request("GET", "/cari/refunds", headers={"Authorization": credentials("cari", race.keys["cari"])})
    response = connection.getresponse()
    body = b""
    while piece := response.read(4096):
        body += piece
        time.sleep(0.005)
    connection.close()
    return [(number_of(item["id"], "cari"), item["amount"]) for item in json.loads(body)]


def stancer_pages(race):
    """Oldest first: new refunds come at the end and move nothing."""
    client, items, has_more = Client(race.server, race.keys), [], True
    while has_more:
        shown = client.ask("stancer", "GET", f"/v1/refunds/?start={len(items)}&limit={PAGE_SIZE}").json
        items += [(number_of(item["id"], "stancer"), item["amount"]) for item in shown["refunds"]]
        has_more = shown["range"]["has_more"]
    return items


def collctiv_pages(race):
    """Newest first: a new refund pushes one onto the next page, where it is shown again; none is passed over."""
    client, items, page, has_more = Client(race.server, race.keys), [], 0, True
    while has_more:
        page += 1
        answer = client.ask("collctiv", "GET", f"/v1/refunds?page={page}&limit={PAGE_SIZE}")
        assert answer.status == 200, (page, answer.status, answer.body)
        shown = answer.json
        numbers = [(number_of(item["id"], "collctiv"), item["amount"]) for item in shown["data"]]
        assert numbers == sorted(set(numbers), reverse=True), "a page is out of order"
        items += numbers
        has_more = shown["has_more"]
    return sorted(set(items))


@pytest.mark.parametrize("read", [slow_array, stancer_pages, collctiv_pages])
def test_what_was_there_before_is_listed_once_and_in_order(race, read, measured):
    count, walks = length(600, 10_000), length(3, 20)
    payment = race.take_payment(10**9)
    writers = Writers(race, payment)
    shares = [random.Random(seed) for seed in range(count)]
    list(race.pool.map(writers.refund, shares))
    made_meanwhile = 0
    with writers:
        for _ in range(walks):
            before, gone = dict(writers.amounts), set(writers.withdrawn)
            items = read(race)
            made_meanwhile += len(writers.amounts) - len(before)
            numbers = [number for number, _ in items]
            assert numbers == sorted(numbers, reverse=read is slow_array) and len(set(numbers)) == len(numbers)
            if read is slow_array:
                assert not gone & set(numbers), "withdrawn before, and listed"
                before = {number: amount for number, amount in before.items() if number not in writers.withdrawing}
            assert set(before) <= set(numbers)
            known = dict(writers.amounts)
            assert all(known.get(number, amount) == amount for number, amount in items)
    assert set(numbers) <= set(writers.amounts)
    assert made_meanwhile > 10
    race.server.verify()
    measured(f"{walks} walks through {count} refunds and more, {made_meanwhile} made meanwhile")


# Newest first, so that a refund that is made moves every page: the path of one page.
PAGES = {
    "cari": "/refunds?page={page}&items_per_page={size}",
    "collctiv": "/v1/refunds?page={page}&limit={size}",
}


def page_of(client, api, page, size):
    shown = client.ask(api, "GET", PAGES[api].format(page=page, size=size)).json
    return [number_of(item["id"], api) for item in shown["refunds" if api == "cari" else "data"]]


@pytest.mark.parametrize("api", PAGES)
def test_a_page_holds_the_same_after_the_writes_however_it_is_asked_for(race, api):
    """What was read while refunds came in must not change what a page shows once none come in any more."""
    size, deepest, walks = 5, 30, length(1, 20)
    payment = race.take_payment(10**9)
    writers = Writers(race, payment, withdraws=False)
    list(race.pool.map(writers.refund, [random.Random(seed) for seed in range(size * deepest)]))

    def walk(_):
        for page in range(1, deepest + 1):
            assert len(page_of(race.own_client(), api, page, size)) == size

    with writers:
        list(race.pool.map(walk, range(READERS * walks)))
    newest_first = sorted(writers.amounts, reverse=True)
    pages = list(range(1, len(newest_first) // size + 1))
    random.Random(8).shuffle(pages)
    shown = {page: page_of(race.client, api, page, size) for page in pages}
    wrong = [page for page in sorted(shown) if shown[page] != newest_first[(page - 1) * size : page * size]]
    assert not wrong, f"{len(wrong)} of {len(pages)} pages hold other refunds"
