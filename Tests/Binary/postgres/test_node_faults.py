"""One of three nodes dies, stops, or loses the database: the others go on, and nothing is lost or done twice."""
import random
import time

import pytest

from books_afterwards import prove, prove_all
from lengths import length
from namespaces import Namespace
from refund_client import RefundClient
from shop import open_shop
from writers import Unanswered

ROUNDS = length(2, 20)
# A node that is gone may have held locks. PostgreSQL takes them from it after eight seconds; how long the others wait at
# the most, on a busy machine, however long it is gone.
SECONDS_OF_SILENCE = 14
PAUSE_SECONDS = length(12, 20)
CUT_SECONDS = length(14, 24)


def test_a_node_is_killed(measured):
    chance = random.Random(2)

    def kill(shop, _):
        node = chance.choice(shop.nodes)
        node.kill()
        time.sleep(chance.uniform(0.2, 1))
        node.restart()

    with open_shop() as shop:
        measured(run(shop, "killed", kill))


def test_a_node_is_paused(measured):
    """It wakes up in the middle of what it was doing, some of which others have done meanwhile."""
    chance = random.Random(3)

    def pause(shop, _):
        node = chance.choice(shop.nodes)
        node.pause()
        time.sleep(PAUSE_SECONDS)
        node.resume()

    with open_shop() as shop:
        measured(run(shop, "paused", pause))


def test_a_node_is_cut_off_from_the_database(measured):
    """It says so, answers nobody, and comes back by itself. Its clients reach it all the time."""
    back = []

    def cut(shop, writers):
        node, wish = shop.nodes[2], writers.new_wish()
        alone, anybody = RefundClient([node], shop.keys), RefundClient(shop.nodes, shop.keys)
        node.namespace.cut(shop.pair.ports)
        began = time.monotonic()
        with pytest.raises(Unanswered):
            alone.ask(wish)
        node.wait_until_ready(False, seconds=15)
        time.sleep(max(0, began + CUT_SECONDS - time.monotonic()))
        node.namespace.heal()
        back.append(node.wait_until_ready(seconds=15))
        writers.insist(anybody, wish)
        alone.close()
        anybody.close()

    with Namespace() as apart, open_shop(namespace=apart) as shop:
        text = run(shop, "cut off", cut)
    measured(f"{text}; ready again {max(back):.1f} s after the cut healed at the most")


def run(shop, what, fault):
    """Rounds of the fault under load. Gives what was seen, in words."""
    granted, silences, unanswered = {}, [], 0
    for number in range(ROUNDS):
        # Long faults at full speed would make so many refunds that looking at all of them takes longer than all else.
        writers = shop.writers(number, pause=0.2).start()
        writers.wait_for(100)
        began = time.monotonic()
        fault(shop, writers)
        writers.wait_for(50)
        silences.append(writers.longest_silence(began, time.monotonic()))
        writers.stop()
        for node in shop.nodes:
            node.wait_until_ready()
        unanswered += writers.unanswered
        granted |= writers.granted
        prove(shop, writers.granted)
    prove_all(shop, granted)
    assert unanswered > 0, "nobody felt the fault"
    assert max(silences) < SECONDS_OF_SILENCE, silences
    return (
        f"{ROUNDS} times {what}, {len(granted)} refunds, {unanswered} times no answer, 0 lost, 0 doubled; "
        f"nobody was answered for {max(silences):.1f} s at the most"
    )
