"""What others make of our signatures: the `standardwebhooks` package of `v1`, and `cryptography` of `v1a`."""
import base64
import datetime
import time

import pytest
import standardwebhooks
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from receiver import Receiver
from webhook_shop import Shop, public_key, wait_until


def verify(message, secret):
    return standardwebhooks.Webhook(secret).verify(message.body, message.fields)


def verify_v1a(message, key):
    """Whether one of the `v1a` signatures is of this key."""
    text = b".".join([message.id.encode(), message.fields["webhook-timestamp"].encode(), message.body])
    for signature in message.fields["webhook-signature"].split(" "):
        version, value = signature.split(",", 1)
        if version != "v1a":
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public_key(key)).verify(base64.b64decode(value), text)
            return True
        except InvalidSignature:
            pass
    return False


def ping(shop, receiver, endpoint):
    count = len(receiver.messages)
    event = shop.do("POST", f"/webhook_endpoints/{endpoint['id']}/ping")
    wait_until(lambda: len(receiver.messages) > count)
    assert receiver.messages[-1].id == event["id"]
    return receiver.messages[-1]


def test_signatures_verify_through_a_rotation(teller):
    with Receiver() as receiver:
        teller.start()
        shop = Shop(teller)
        first = shop.endpoint(receiver.url("/in"))
        path = f"/webhook_endpoints/{first['id']}"
        message = ping(shop, receiver, first)
        told = verify(message, first["secret"])
        assert told["type"] == "webhook_endpoint.ping" and told["data"]["object"]["id"] == first["id"]
        assert verify_v1a(message, first["public_key"])

        second = shop.do("POST", f"{path}/rotate_secret", {"overlap_seconds": 4})
        during = ping(shop, receiver, first)
        for made in (first, second):
            verify(during, made["secret"])
            assert verify_v1a(during, made["public_key"])

        time.sleep(4.2)
        after = ping(shop, receiver, first)
        verify(after, second["secret"])
        assert verify_v1a(after, second["public_key"])
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            verify(after, first["secret"])
        assert not verify_v1a(after, first["public_key"])
        assert "secret" not in shop.do("GET", path)

        # What is changed, or was meant for another time, does not verify.
        for name, value in [
            ("webhook-id", "evt_other_1"),
            ("webhook-timestamp", str(int(after.fields["webhook-timestamp"]) - 600)),
        ]:
            changed = after.fields | {name: value}
            with pytest.raises(standardwebhooks.WebhookVerificationError):
                standardwebhooks.Webhook(second["secret"]).verify(after.body, changed)
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(second["secret"]).verify(after.body + b" ", after.fields)


def test_each_attempt_has_its_own_time_and_the_same_id(teller):
    from receiver import Answer

    answers = iter([Answer(500), Answer(500), Answer(200)])
    teller.environment["STORNO_WEBHOOKS_SCHEDULE"] = "0s,1s,1s"
    with Receiver(lambda message: next(answers)) as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/in"), events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: len(receiver.messages) == 3)
        assert len({message.id for message in receiver.messages}) == 1
        stamps = [int(message.fields["webhook-timestamp"]) for message in receiver.messages]
        assert stamps == sorted(stamps) and stamps[2] > stamps[0]
        for message in receiver.messages:
            verify(message, endpoint["secret"])
            assert abs(int(message.fields["webhook-timestamp"]) - message.arrived_at) < 5
        delivery = shop.deliveries(endpoint["id"])[0]
        attempts = shop.do("GET", f"/deliveries/{delivery['id']}")["attempts"]
        assert [attempt["status"] for attempt in attempts] == [500, 500, 200]
        assert all(datetime.datetime.fromisoformat(attempt["started_at"]) for attempt in attempts)
