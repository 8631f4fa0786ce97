"""The official Stancer SDK, unmodified, over HTTPS."""
import time
import uuid

import pytest
import requests
import stancer
from stancer.exceptions import ConflictError, NotFoundError, StancerHTTPError, UnauthorizedError


@pytest.fixture
def server(storno_tls, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", storno_tls.authority)
    configuration = stancer.Config()
    configuration.host = "localhost"
    configuration.port = storno_tls.port
    configuration.keys = storno_tls.key("stancer")
    configuration.mode = "test"
    configuration.timeout = 10
    storno_tls.secret = configuration.keys if isinstance(configuration.keys, str) else configuration.stest
    yield storno_tls


def card(number="4242424242424242"):
    made = stancer.Card()
    made.number = number
    made.cvc = "123"
    made.exp_month = 12
    made.exp_year = 2037
    made.name = "John Doe"
    return made


def customer():
    made = stancer.Customer()
    made.name = "John Doe"
    made.email = f"{uuid.uuid4().hex[:20]}@example.com"
    made.mobile = "+33639980102"
    return made


def pay(amount, number="4000000000000077"):
    payment = stancer.Payment()
    payment.amount = amount
    payment.currency = "eur"
    payment.description = "a test payment"
    payment.card = card(number)
    payment.customer = customer()
    payment.send()
    return payment


def wait_for(read, wanted, seconds=20):
    deadline = time.monotonic() + seconds
    while (seen := read()) != wanted:
        assert time.monotonic() < deadline, seen
        time.sleep(0.2)


def test_a_payment_with_card_and_customer_is_made_and_read(server):
    payment = pay(10_000, "4242424242424242")
    assert payment.id.startswith("paym_") and len(payment.id) == 29
    assert payment.status == "to_capture"
    assert payment.response == "00"
    read = stancer.Payment(payment.id)
    assert (read.amount, read.currency, read.description) == (10_000, "eur", "a test payment")
    assert read.card.last4 == "4242" and read.card.brand == "visa"
    assert read.customer.name == "John Doe"


def test_refunds_in_part_then_the_rest_then_no_more(server):
    payment = pay(10_000)
    assert payment.status == "captured"
    first = payment.refund(2_500)
    assert (first.amount, first.currency, first.status) == (2_500, "eur", "to_refund")
    wait_for(lambda: stancer.Refund(first.id).status, "refunded")
    settled = stancer.Refund(first.id)
    assert settled.amount == 2_500
    assert settled.date_refund is not None and settled.date_bank is not None
    rest = payment.refund()
    assert rest.amount == 7_500
    read = stancer.Payment(payment.id)
    assert sorted(refund.amount for refund in read.refunds) == [2_500, 7_500]
    assert read.refundable_amount == 0


def test_what_the_sdk_would_not_send_is_refused_by_the_server(server):
    payment = pay(10_000)
    payment.refund(9_000)
    with requests.Session() as raw:
        raw.auth, raw.verify = (server.secret, ""), server.authority
        for amount, code in [(10_001, 400), (1_001, 409), (1_000, 200), (1, 409)]:
            answer = raw.post(f"{server.url}/v1/refunds/", json={"payment": payment.id, "amount": amount})
            assert answer.status_code == code, answer.text


def test_a_payment_that_is_not_captured_is_canceled_by_its_full_refund(server):
    payment = pay(5_000, "4242424242424242")
    with pytest.raises(ConflictError, match="Payment cannot be partially refunded before it has been captured"):
        payment.refund(1_000)
    payment = stancer.Payment(payment.id)
    refund = payment.refund()
    assert (refund.amount, refund.status) == (5_000, "payment_canceled")
    assert stancer.Payment(payment.id).status == "canceled"


def test_lists_and_their_pages(server):
    reference = uuid.uuid4().hex
    ids = []
    for number in range(12):
        payment = stancer.Payment()
        payment.amount = 1_000 + number
        payment.currency = "eur"
        payment.order_id = reference
        payment.card = card()
        payment.send()
        ids.append(payment.id)
    assert [payment.id for payment in stancer.Payment.list(order_id=reference, limit=5)] == ids
    assert [payment.id for payment in stancer.Payment.list(order_id="nothing")] == []
    sums = [payment.amount for payment in stancer.Payment.list(order_id=reference)]
    assert sums == list(range(1_000, 1_012))


def test_a_list_costs_no_request_for_each_item(server, monkeypatch):
    for _ in range(3):
        pay(1_000)
    calls = []
    genuine = requests.Session.request

    def counting(session, method, url, **options):
        calls.append((method, url))
        return genuine(session, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", counting)
    listed = list(stancer.Payment.list(limit=10, created=1))
    assert len(listed) == 3 and all(payment.amount == 1_000 for payment in listed)
    assert len(calls) == 1, calls


def test_cards_and_customers_live_and_go(server):
    somebody = customer().send()
    assert stancer.Customer(somebody.id).email == somebody.email
    twin = stancer.Customer()
    twin.name, twin.email, twin.mobile = somebody.name, somebody.email, somebody.mobile
    with pytest.raises(ConflictError, match="Customer already exists"):
        twin.send()
    somebody.name = "Jane Doe"
    somebody.send()
    assert stancer.Customer(somebody.id).name == "Jane Doe"
    gone = somebody.id
    somebody.delete()
    assert somebody.id is None
    with pytest.raises(NotFoundError, match=f"No such customer {gone}"):
        stancer.Customer(gone).name

    plastic = card("5555555555554444").send()
    assert (plastic.last4, plastic.brand) == ("4444", "mastercard")
    with pytest.raises(ConflictError, match="Card already exists"):
        card("5555555555554444").send()
    plastic.delete()
    assert plastic.id is None


def test_a_unique_id_is_taken_once(server):
    def make():
        payment = stancer.Payment()
        payment.amount, payment.currency, payment.unique_id = 1_000, "eur", "once-only"
        payment.card = card()
        return payment.send()

    first = make()
    with pytest.raises(ConflictError) as refusal:
        make()
    assert first.id in str(refusal.value)


def test_a_disputed_card_makes_a_dispute(server):
    payment = pay(3_000, "4000000000000259")
    assert stancer.Payment(payment.id).status == "disputed"
    disputes = list(stancer.Dispute.list(created=1))
    assert [dispute.payment.id if hasattr(dispute.payment, "id") else dispute.payment for dispute in disputes] == [payment.id]
    assert disputes[0].amount == 3_000


def test_a_wrong_key_is_told_so(server):
    stancer.Config().keys = "stest_" + "0" * 24
    with pytest.raises(UnauthorizedError, match="You are not authorized to access that resource"):
        stancer.Payment("paym_" + "0" * 24).amount


def test_unknown_objects_are_named(server):
    with pytest.raises(NotFoundError, match="No such payment paym_" + "x" * 24):
        stancer.Payment("paym_" + "x" * 24).amount
    with pytest.raises(StancerHTTPError):
        stancer.Refund("refd_" + "x" * 24).amount
