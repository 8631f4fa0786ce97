"""A request that is a step of somebody's trace is named by it wherever it is named, and what it brings about is told as part
of that trace."""
import json
import re

import pytest
import requests
from plain_http import Connection
from receiver import Receiver
from webhook_shop import Shop, wait_until

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
FIELD = f"00-{TRACE}-{SPAN}-01"
TRACED = re.compile(rf"req_{TRACE}-([0-9a-f]{{16}})-01")
PLAIN = re.compile(r"req_[0-9a-z]{19}")


@pytest.fixture
def shop(teller):
    teller.environment |= {"STORNO_LOG_LEVEL": "debug"}
    return Shop(teller.start())


def ask(shop, method, path, trace=None, **more):
    headers = {"Authorization": f"Bearer {shop.key}"} | ({"traceparent": trace} if trace else {})
    return requests.request(method, f"{shop.server.url}/storno/v1{path}", headers=headers, timeout=30, **more)


def request_id(answer):
    return answer.headers["Request-Id"]


def test_a_request_is_a_step_of_the_trace_that_it_names(shop):
    spans = {TRACED.fullmatch(request_id(ask(shop, "GET", "/refunds", FIELD)))[1] for _ in range(3)}
    assert len(spans) == 3 and SPAN not in spans
    refused = ask(shop, "GET", "/refunds/ref_0000000000000000000000001", FIELD)
    assert refused.status_code == 404 and refused.json()["request_id"] == request_id(refused)
    assert TRACED.fullmatch(request_id(refused))
    # Also where nobody is known, and in the other APIs.
    assert TRACED.fullmatch(request_id(requests.get(f"{shop.server.url}/healthz", headers={"traceparent": FIELD})))
    assert TRACED.fullmatch(request_id(requests.get(f"{shop.server.url}/cari/charges", headers={"TraceParent": FIELD})))


@pytest.mark.parametrize(
    "field", ["", "nonsense", FIELD.upper(), f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"ff-{TRACE}-{SPAN}-01"]
)
def test_what_names_no_trace_is_ignored(shop, field):
    assert PLAIN.fullmatch(request_id(ask(shop, "GET", "/refunds", field)))


def test_two_traces_are_none(shop):
    connection = Connection(shop.server.port)
    fields = {"Authorization": f"Bearer {shop.key}", "traceparent": FIELD, "Traceparent": FIELD}
    status, fields, _ = connection.exchange("GET", "/storno/v1/refunds", fields)
    connection.close()
    assert status == 200 and PLAIN.fullmatch(fields["request-id"])


def test_the_logs_name_the_trace(shop):
    asked = request_id(ask(shop, "GET", "/payments", FIELD))
    plain = request_id(ask(shop, "GET", "/payments"))
    logged = {entry["id"]: entry["trace_id"] for entry in shop.do("GET", "/request_logs")["data"]}
    assert logged[asked] == TRACE and logged[plain] is None
    lines = (shop.server.folder / "server.log").read_text().splitlines()
    line, other = (next(line for line in lines if name in line) for name in (asked, plain))
    assert f"trace_id={TRACE}" in line and f"span_id={TRACED.fullmatch(asked)[1]}" in line
    assert "trace_id" not in other


def test_a_refund_and_all_that_becomes_of_it_are_told_as_part_of_its_trace(shop):
    with Receiver() as receiver:
        shop.endpoint(receiver.url("/"))
        payment = shop.payment()
        asked = ask(shop, "POST", "/refunds", FIELD, json={"payment": payment, "amount": 1})
        other = shop.refund(payment)
        assert asked.status_code == 200 and asked.json()["request_id"] == request_id(asked)

        def told(refund):
            """{type of event: its message's traceparent}"""
            messages = [json.loads(message.body) | message.fields for message in receiver.at("/")]
            return {
                message["type"]: message.get("traceparent")
                for message in messages
                if message["data"]["object"]["id"] == refund
            }

        refund = asked.json()["id"]
        wait_until(lambda: all("refund.succeeded" in told(made) for made in (refund, other)))
        expected = f"00-{TRACE}-{TRACED.fullmatch(request_id(asked))[1]}-01"
        assert "refund.created" in told(refund) and set(told(refund).values()) == {expected}
        assert set(told(other).values()) == {None}
        # Kept with the books: over a restart too, and found by it.
        assert shop.server.stop() == 0
        shop.server.start()
        assert shop.do("GET", f"/refunds/{refund}")["request_id"] == request_id(asked)
        assert [found["id"] for found in shop.do("GET", f"/refunds/search?query=req_{TRACE}")["data"]] == [refund]
