"""Nothing is lost and no object's events change places, whatever the receiver and the server go through."""
import collections
import json
import random
import threading
import time

from lengths import length
from receiver import Answer, Receiver
from webhook_shop import Shop, wait_until

EVENTS = length(5_000, 100_000)
KILLS = 20
SEED = 20261129


class Moody:
    """Takes half of what it gets; the rest fails, is reset, never answered, or answered too late."""

    def __init__(self):
        self.chance = random.Random(SEED)
        self.counts = collections.Counter()

    def __call__(self, message):
        draw = self.chance.random()
        for bound, name, answer in [
            (0.50, "taken", Answer(200)),
            (0.80, "failed", Answer(500, body=b"no")),
            (0.98, "reset", Answer(is_reset=True)),
            (0.99, "hung", Answer(503, delay=3)),
            (1.00, "late", Answer(200, delay=0.7)),
        ]:
            if draw < bound:
                self.counts[name] += 1
                return answer


def test_nothing_is_lost_and_order_is_kept_over_twenty_kills(teller, measured):
    moody = Moody()
    with Receiver(moody) as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/moody"))
        made = Requests(teller, EVENTS)
        made.start()
        begun = time.monotonic()
        for _ in range(KILLS):
            time.sleep(moody.chance.uniform(0.3, 1) * length(1, 10))
            teller.kill()
            teller.start()
        made.join()
        assert made.failure is None, made.failure
        wait_until(shop.is_quiet, 120)
        events = [event for event in shop.events() if event["id"].split("_")[1] != "we"]
        assert len(events) >= EVENTS
        try:
            wait_until(lambda: len({m.id for m in list(receiver.messages) if m.status == 200}) == len(events), length(180, 3600))
            wait_until(lambda: not shop.deliveries(endpoint["id"], "&state=pending&state=sending&state=waiting"), 60)
        finally:
            told = {message.id for message in receiver.messages if message.status == 200}
            lost = [event["id"] for event in events if event["id"] not in told]
            print(f"{len(lost)} of {len(events)} lost: {lost[:5]}; {moody.counts}")
        seconds = time.monotonic() - begun
        check_order(receiver.messages)
        check_bodies(receiver.messages, events)
        teller.stop()
        teller.verify()
        acknowledged = sum(message.status == 200 for message in receiver.messages)
        measured(
            f"{len(events)} events, {KILLS} kills, {len(receiver.messages)} messages ({dict(moody.counts)}), "
            f"{acknowledged - len(told)} acknowledged twice, 0 lost, {seconds:.0f} s"
        )


class Requests(threading.Thread):
    """Asks for payments and refunds until there are enough of them, over the server's deaths."""

    def __init__(self, server, events):
        super().__init__(daemon=True)
        self.shop = Shop(server)
        self.events = events
        self.failure = None

    def run(self):
        try:
            # A payment tells once, a refund four times.
            for _ in range(-(-self.events // 17)):
                payment = self.shop.payment()
                for amount in range(1, 5):
                    self.shop.refund(payment, amount)
        except Exception as failure:
            self.failure = failure


def check_order(messages):
    """An event of an object is not sent before the one before it was taken; what is sent twice has the same id."""
    taken = collections.defaultdict(int)
    for message in sorted(messages, key=lambda message: message.arrived_at):
        name, sequence = message.id.rsplit("_", 1)
        sequence = int(sequence)
        assert sequence <= taken[name] + 1, f"{message.id} came while {taken[name]} was the last that was taken"
        if message.status == 200:
            taken[name] = max(taken[name], sequence)


def check_bodies(messages, events):
    known = {event["id"]: event for event in events}
    for message in messages:
        told = json.loads(message.body)
        assert told.pop("timestamp") == told["created_at"]
        assert told["id"] == message.id
        event = known[message.id]
        # What events do not tell, such as a comment, may be another by now: none is here.
        assert told == event
        assert len(message.body) < 20_000
