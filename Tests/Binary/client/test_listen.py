"""Events as they happen, forwarded to somebody's own server."""
import json
import signal

import pytest
from standardwebhooks.webhooks import Webhook

from receiver import Answer, Receiver
from server import Storno


def test_events_are_forwarded_in_order_and_signed_as_webhooks_are(person):
    with Receiver() as receiver:
        url = receiver.url("/hooks")
        with person.starts("listen", "--forward-to", url, "--events", "refund.*", "--print-secret") as listening:
            listening.says("Listening to")
            refund = person.id("refunds", "create", person.payment(), "--amount", 5, "--wait")
            listening.wait(lambda self: any("refund.succeeded" in line for line in self.out))
            assert listening.interrupt() == 0
        secret, *lines = listening.out
        assert secret.startswith("whsec_")
        assert [line.split()[1] for line in lines][0] == "refund.created"
        assert all(refund in line and "→ 200 in " in line and "0.05 EUR" in line for line in lines)
        assert listening.talk[-1] == f"{len(lines)} events: {len(lines)} taken, 0 not."
        types = []
        for message in receiver.at("/hooks"):
            told = Webhook(secret).verify(message.body, message.fields)
            assert told["data"]["object"]["id"] == refund and told["id"] == message.id
            assert told["timestamp"] == told["created_at"]
            types.append(told["type"])
        assert types[0] == "refund.created" and types[-1] == "refund.succeeded" and len(types) == len(lines)


def test_what_is_forwarded_is_what_an_endpoint_is_told(person, tmp_path):
    """Member by member, so that a receiver cannot tell them apart."""
    secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
    with Receiver() as receiver:
        line = ["listen", "--forward-to", receiver.url("/"), "--count", 1, "--secret", secret, "--json"]
        with person.starts(*line) as listening:
            listening.says("Listening to")
            payment = person.payment()
            assert listening.end() == 0
        (told,) = listening.out
        event = json.loads(told)["event"]
        assert json.loads(told)["status"] == 200 and json.loads(told)["failure"] is None
        (message,) = receiver.messages
        assert Webhook(secret).verify(message.body, message.fields) == event | {"timestamp": event["created_at"]}
        assert event["data"]["object"]["id"] == payment and event["data"]["object"]["customer"] is None


def test_what_the_receiver_says_is_printed_and_not_tried_again(person):
    answers = iter([Answer(500), Answer(404), Answer(delay=5), Answer(is_reset=True)])
    with Receiver(lambda message: next(answers)) as receiver:
        line = ["listen", "--forward-to", receiver.url("/"), "--events", "payment.created", "--count", 4, "--timeout", 1]
        with person.starts(*line) as listening:
            listening.says("Listening to")
            for _ in range(4):
                person.payment()
            assert listening.end() == 0
        assert ["→ 500 in" in listening.out[0], "→ 404 in" in listening.out[1]] == [True, True]
        assert "no answer in time" in listening.out[2] and "→ " in listening.out[3]
        assert len(receiver.messages) == 4
        assert listening.talk[-1] == "4 events: 0 taken, 4 not."


def test_where_nobody_listens_it_is_said_and_the_events_are_printed(person):
    with person.starts("listen", "--forward-to", "http://127.0.0.1:1/", "--count", "1") as listening:
        listening.says("Listening to")
        person.payment()
        assert listening.end() == 0
    assert "payment.created" in listening.out[0] and "nobody listens there" in listening.out[0]


def test_a_server_that_starts_anew_is_found_again_and_nothing_is_missed(person):
    storno = person.storno
    with person.starts("listen", "--events", "payment.created", "--json") as listening:
        listening.says("Listening to")
        before = person.payment()
        listening.wait(lambda self: len(self.out) == 1)
        port = storno.port
        assert storno.stop() == 0
        listening.says("Again in")
        storno.start(port)
        meanwhile = person.payment()
        listening.says("Listening to", times=2)
        after = person.payment()
        listening.wait(lambda self: len(self.out) == 3)
        assert listening.interrupt(signal.SIGTERM) == 0
    told = [json.loads(line)["event"]["data"]["object"]["id"] for line in listening.out]
    assert told == [before, meanwhile, after]
    assert listening.talk[-1] == "3 events."


def test_it_begins_behind_an_event_that_is_named(person):
    payment = person.payment()
    (first,) = person.json("events", "list", "--payment", payment)
    refund = person.id("refunds", "create", payment, "--amount", 1)
    done = person.run("listen", "--after", first["id"], "--count", 1, "--json")
    assert json.loads(done.stdout)["event"]["data"]["object"]["id"] == refund


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["--forward-to", "localhost:3000"], 64, "no address"),
        (["--timeout", "0"], 64, "1 to 120"),
        (["--secret", "nonsense"], 64, "nonsense"),
        (["--after", "evt_none"], 1, "must be the id of an event"),
        (["--events", "NO"], 1, "refund.succeeded"),
    ],
)
def test_what_cannot_be_listened_to_is_told(person, arguments, code, words):
    assert words in person.run("listen", *arguments, code=code).stderr


def test_a_key_that_is_revoked_ends_it(person):
    storno = person.storno
    key = json.loads(person.file.read_text())["profiles"]["shop"]["key"]
    with person.starts("listen") as listening:
        listening.says("Listening to")
        storno.command("keys", "revoke", key, "--database", storno.database)
        assert listening.end() == 6
    assert "unauthorized" in listening.talk[-1]


def test_self_made_certificates_are_taken_only_where_that_is_said(person, tmp_path):
    import ssl

    folder = tmp_path / "tls"
    made = Storno(tmp_path)
    made.command("dev-certificate", "--directory", str(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "storno-certificate.pem", folder / "storno-key.pem")
    with Receiver(tls=context) as receiver:
        url = f"https://localhost:{receiver.port}/"
        for more, words in [([], "no TLS that can be trusted"), (["--skip-verify"], "→ 200")]:
            with person.starts("listen", "--forward-to", url, "--count", "1", *more) as listening:
                listening.says("Listening to")
                person.payment()
                assert listening.end() == 0
            assert words in listening.out[0]
