"""An endpoint that hangs, refuses connections or answers nothing but errors delays no other."""
import datetime
import json
import socket
import time

from lengths import length
from receiver import Answer, Receiver
from webhook_shop import Shop, wait_until

REFUNDS = length(150, 2000)
PACE = 0.02


def test_a_dead_endpoint_never_delays_another(teller, measured):
    teller.environment["STORNO_WEBHOOKS_TIMEOUT"] = "30s"
    # The published one.
    del teller.environment["STORNO_WEBHOOKS_SCHEDULE"]
    scripts = {"/healthy": Answer(200), "/hanging": Answer(200, delay=600), "/failing": Answer(500)}
    with Receiver(lambda message: scripts[message.path]) as receiver, socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        teller.start()
        shop = Shop(teller)
        dead = [receiver.url("/hanging"), receiver.url("/failing"), f"http://127.0.0.1:{port}/"]
        for url in dead:
            shop.endpoint(url)
        shop.endpoint(receiver.url("/healthy"), events=["refund.created"])
        payment = shop.payment()
        for _ in range(REFUNDS):
            shop.refund(payment)
            time.sleep(PACE)
        wait_until(lambda: len(receiver.at("/healthy")) == REFUNDS, 60)
        delays = sorted(delay(message) for message in receiver.at("/healthy"))
        measured(f"{REFUNDS} events beside three dead endpoints: median {median(delays):.3f} s, p99 {p99(delays):.3f} s")
        assert p99(delays) < 2
        # As many as it may have at a time, and then it was left with few.
        assert len(receiver.at("/hanging")) <= 16
        assert teller.stop() == 0


def delay(message):
    happened = datetime.datetime.fromisoformat(json.loads(message.body)["timestamp"])
    return message.arrived_at - happened.timestamp()


def median(values):
    return values[len(values) // 2]


def p99(values):
    return values[len(values) * 99 // 100]


def test_a_gone_endpoint_is_left_alone(teller):
    with Receiver(lambda message: Answer(410)) as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/gone"))
        payment = shop.payment()
        shop.refund(payment)
        path = f"/webhook_endpoints/{endpoint['id']}"
        wait_until(lambda: shop.do("GET", path)["status"] == "disabled")
        assert shop.do("GET", path)["disabled_reason"] == "gone"
        count = len(receiver.messages)
        shop.refund(payment)
        wait_until(lambda: shop.events("refund.succeeded"), 60)
        assert len(receiver.messages) == count
        kinds = [event["type"] for event in shop.events("webhook_endpoint.*")]
        assert kinds == ["webhook_endpoint.created", "webhook_endpoint.disabled"]


def test_a_stop_waits_for_receivers_that_are_about_to_answer(teller):
    """What they took would be sent to them again otherwise. One that hangs holds up nothing."""
    teller.environment["STORNO_WEBHOOKS_TIMEOUT"] = "30s"
    delays = {"/slow": 1.5, "/hanging": 600}
    with Receiver(lambda message: Answer(200, delay=delays[message.path])) as receiver:
        teller.start()
        shop = Shop(teller)
        slow = shop.endpoint(receiver.url("/slow"), events=["refund.created"])
        hanging = shop.endpoint(receiver.url("/hanging"), events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: receiver.at("/slow") and receiver.at("/hanging"))
        begun = time.monotonic()
        assert teller.stop() == 0
        assert time.monotonic() - begun < 10
        delays["/hanging"] = 0
        teller.start()
        wait_until(lambda: shop.deliveries(hanging["id"], "&state=delivered"))
        assert [delivery["state"] for delivery in shop.deliveries(slow["id"])] == ["delivered"]
        assert len(receiver.at("/slow")) == 1
        assert len({message.id for message in receiver.at("/hanging")}) == 1
        attempts = shop.do("GET", f"/deliveries/{shop.deliveries(hanging['id'])[0]['id']}")["attempts"]
        assert [attempt["outcome"] for attempt in attempts] == ["interrupted", "delivered"]
