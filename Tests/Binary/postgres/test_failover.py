"""The primary dies while three nodes write: what was answered is on the standby, once, and soon all write again."""
import random
import statistics
import time

from books_afterwards import prove, prove_all
from lengths import length
from refund_client import RefundClient
from shop import open_shop
from writers import lost

ROUNDS = length(2, 20)
# From the beginning of the promotion until a client is granted a refund that it asks the new primary for.
SECONDS_UNTIL_WRITES = 5


def test_the_primary_is_killed(measured):
    """Each round the standby takes over, and the next one is made in the dead server's place."""
    chance = random.Random(1)
    granted, pauses, unanswered = {}, [], 0
    with open_shop() as shop:
        for number in range(ROUNDS):
            writers = shop.writers(number).start()
            writers.wait_for(100)
            time.sleep(chance.uniform(0, 0.3))
            shop.pair.kill_primary()
            began = shop.pair.promote()
            writers.wait_for(50)
            writers.stop()
            pauses.append(writers.first_after(began))
            unanswered += writers.unanswered
            granted |= writers.granted
            for node in shop.nodes:
                node.wait_until_ready()
            prove(shop, writers.granted)
            shop.pair.rebuild()
        prove_all(shop, granted)
    measured(
        f"{ROUNDS} primaries killed, {len(granted)} refunds, {unanswered} times no answer, 0 lost, 0 doubled; writes "
        f"again {statistics.median(pauses):.2f} s after the promotion began, {max(pauses):.2f} s at the most"
    )
    assert unanswered > 0
    assert max(pauses) < SECONDS_UNTIL_WRITES


def test_an_asynchronous_standby_loses_and_it_is_seen(measured):
    """The control: the same kill, with a standby that nobody waits for and that hears nothing any more."""
    with open_shop(synchronous=False) as shop:
        writers = shop.writers("control").start()
        writers.wait_for(50)
        shop.pair.standby.fall_behind()
        writers.wait_for(50)
        granted = dict(writers.granted)
        shop.pair.kill_primary()
        shop.pair.promote()
        writers.stop()
        client = RefundClient(shop.nodes, shop.keys)
        gone = lost(client, granted)
        client.close()
    measured(f"{len(granted)} refunds granted, {len(gone)} lost")
    assert len(gone) >= 50
