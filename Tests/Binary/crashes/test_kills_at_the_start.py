"""`kill -9` while the server starts: the next start works, whenever the last one ended."""
import random
import time

import pytest

import books
import traffic
from lengths import length
from refund_apis import APIS
from server import Storno

KILLS = length(20, 300)
# A call that was cut off is under way for twenty seconds after each start, for all that the server knows.
PATIENCE = length(90, 600)


def seconds_until_it_listens(folder):
    """How long a start takes here and now."""
    server = Storno(folder)
    began = time.monotonic()
    server.start()
    seconds = time.monotonic() - began
    server.kill()
    return seconds


def kill_while_it_starts(server, seconds):
    """Kills it so long after it was begun, and says whether it already listened."""
    server.spawn()
    time.sleep(seconds)
    server.kill()
    return b"listening on " in (server.folder / "server.log").read_bytes()[server.log_begin :]


def test_a_first_start_that_was_killed_is_followed_by_one_that_works(tmp_path, measured):
    chance = random.Random(3)
    (tmp_path / "measured").mkdir()
    seconds = seconds_until_it_listens(tmp_path / "measured")
    early = 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        early += not kill_while_it_starts(Storno(folder), chance.uniform(0.001, seconds))
        with Storno(folder).start() as server:
            server.key("cari")
            server.verify()
    measured(f"{KILLS} kills from 1 to {seconds * 1000:.0f} ms after the start, {early} of them before it listened")
    assert early > KILLS / 2


@pytest.fixture
def under_way(storno):
    """A server that was killed with refunds at every step of their way, and the clients' notes."""
    keys = {api.name: storno.key(api.name) for api in APIS}
    payments = traffic.payments(storno, keys)
    early = traffic.Traffic("early", keys, payments, refunds=200).start(storno.port)
    early.join()
    time.sleep(0.5)
    late = traffic.Traffic("late", keys, payments, refunds=100).start(storno.port)
    late.join()
    storno.kill()
    late.acknowledged |= early.acknowledged
    return storno, late


def test_starts_that_are_killed_one_after_the_other_lose_nothing(under_way, measured):
    """What is recovered and sent while a start goes on is cut off at any place, too."""
    storno, load = under_way
    chance = random.Random(4)
    seconds = seconds_until_it_listens(storno.folder)
    keys = {refund.id: wish.key for wish, refund in load.acknowledged.items()}
    early = 0
    for number in range(KILLS):
        early += not kill_while_it_starts(storno, chance.uniform(0.001, 1.5 * seconds))
        if number % 5 == 0:
            storno.start()
            storno.verify()
            storno.kill()
    storno.start()
    load.look_at_all(storno.port, until_paid=PATIENCE)
    assert storno.stop() == 0
    books.check(storno.folder, load.acknowledged.values(), keys)
    storno.verify()
    measured(f"{KILLS} kills, {early} of them before it listened, {len(load.acknowledged)} refunds all there")
    assert early >= 2, "no kill met a start"
