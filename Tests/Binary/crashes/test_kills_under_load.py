"""`kill -9` under load: what was answered is there afterwards, and nothing is there twice."""
import random
import sqlite3
import statistics
import time

import books
import traffic
from lengths import length
from refund_apis import APIS, Connection

KILLS = length(50, 1_000)
# A call that was cut off is under way for twenty seconds after each start, for all that the server knows.
PATIENCE = length(90, 600)


def test_nothing_answered_is_lost_and_nothing_is_doubled(storno, measured):
    """Clients of all three APIs, workers on the way, and every third time a kill while it starts again."""
    chance = random.Random(1)
    keys = {api.name: storno.key(api.name) for api in APIS}
    payments = traffic.payments(storno, keys)
    granted, starts, unanswered = {}, [], 0
    for number in range(KILLS):
        load = traffic.Traffic(number, keys, payments, clients=8).start(storno.port)
        time.sleep(chance.uniform(0.01, 0.5))
        storno.kill()
        load.stop()
        if number % 3 == 0:
            storno.spawn()
            time.sleep(chance.uniform(0.001, 0.2))
            storno.kill()
        began = time.monotonic()
        storno.start()
        starts.append(time.monotonic() - began)
        unanswered += len(load.open)
        ask_again(storno.port, keys, load)
        read_back(storno.port, keys, load.acknowledged)
        granted |= load.acknowledged
    finish(storno, keys, granted)
    measured(
        f"{KILLS} kills, {len(granted)} refunds, {unanswered} of them asked for again, "
        f"listening after {statistics.median(starts):.2f} s, {max(starts):.2f} s at the most"
    )
    assert statistics.median(starts) < 1
    assert len(granted) > KILLS and unanswered > KILLS


def ask_again(port, keys, load):
    """Whoever got no answer asks twice more with the same key, and gets the one refund that it made, or makes it."""
    connections = {api: Connection(api, port, keys[api.name]) for api in APIS}
    for wish in list(load.open):
        first, second = load.ask(connections, wish), load.ask(connections, wish)
        assert first.id == second.id
    assert not load.open


def read_back(port, keys, acknowledged):
    connections = {api: Connection(api, port, keys[api.name]) for api in APIS}
    for wish, refund in acknowledged.items():
        status, answer = connections[wish.api].read(refund.id)
        assert status == 200, answer
        read = wish.api.refund(answer)
        assert (read.id, read.payment, read.amount) == (refund.id, wish.payment, wish.amount)


def finish(storno, keys, granted):
    """Lets the workers pay what they can, then counts everything."""
    everything = traffic.Traffic("end", keys, [])
    everything.acknowledged = granted
    everything.look_at_all(storno.port, until_paid=PATIENCE)
    assert storno.stop() == 0
    books.check(storno.folder, granted.values(), {refund.id: wish.key for wish, refund in granted.items()})
    database = sqlite3.connect(storno.folder / "storno.sqlite")
    ids = {int.from_bytes(row[0], "big") for row in database.execute("SELECT id FROM refund")}
    names = {row[0] for row in database.execute("SELECT key FROM idempotency")}
    database.close()
    assert len({refund.id for refund in granted.values()}) == len(granted)
    assert ids == {refund.id for refund in granted.values()}
    assert names == {wish.key for wish in granted}
    storno.verify()


def test_what_was_not_sent_yet_is_sent_after_a_restart(storno):
    keys = {api.name: storno.key(api.name) for api in APIS}
    load = traffic.Traffic("due", keys, traffic.payments(storno, keys), clients=3, refunds=30).start(storno.port)
    load.join()
    storno.kill()
    time.sleep(1)
    storno.start()
    load.look_at_all(storno.port, until_paid=PATIENCE)
    storno.verify()
