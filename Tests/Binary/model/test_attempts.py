"""What somebody tries who wants to be paid twice, each attempt by itself.

A step is a rule of the walk: what the walk finds is kept here in the very lines that it prints.
"""
import pytest

from stage import Stage
from vendor_apis import refund_call
from walk import Walk


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("attempts"))
    yield stage
    stage.close()


@pytest.fixture
def state(stage):
    Walk.stage = stage
    state = Walk()
    yield state
    state.all_apis_agree()
    state.teardown()


def begun(state, amount=1000, way=("collctiv", "card"), api="cari"):
    """A payment of which a tenth was refunded with a key."""
    payment = state.begin(way=way, amount=amount, api=api, keyed=True)
    state.all_apis_agree()
    return payment


@pytest.mark.parametrize("api", ["cari", "collctiv", "stancer"])
def test_the_key_of_a_withdrawn_refund_pays_nothing(state, api):
    payment = begun(state, api=api)
    state.withdraw(payment=payment, which=0, status="delete")
    state.repeat(payment=payment, which=0, way="same")
    assert payment.left(0) == payment.amount


def test_what_was_withdrawn_can_be_refunded_once(state):
    payment = begun(state)
    state.refund(payment=payment, api="stancer", amount="rest", keyed=True)
    state.withdraw(payment=payment, which=0, status="canceled")
    state.refund(payment=payment, api="collctiv", amount="left", keyed=True)
    state.refund(payment=payment, api="cari", amount="one", keyed=True)
    state.withdraw(payment=payment, which=1, status="delete")


def test_each_api_in_turn_cannot_have_the_whole(state):
    payment = state.take(way=("cari", "card"), amount=1000, keyed=False)
    for api in ("cari", "stancer", "collctiv"):
        state.refund(payment=payment, api=api, amount="original", keyed=True)
        state.all_apis_agree()
    assert len(payment.refunds) == 1


def test_one_key_in_three_apis_is_one_refund(state):
    payment = begun(state)
    for api in ("cari", "stancer", "collctiv"):
        state.use_a_key_for_another_request(used=payment, which=0, payment=payment, api=api, amount=50)


@pytest.mark.parametrize("way", ["spaces", "members", "escaped", "quoted", "other key of the account"])
def test_one_request_written_otherwise_is_one_refund(state, way):
    state.repeat(payment=begun(state), which=0, way=way)


@pytest.mark.parametrize("how", ["kill -9", "SIGTERM"])
def test_a_key_outlives_the_process(state, how):
    payment = begun(state)
    state.restart(how=how)
    state.repeat(payment=payment, which=0, way="same")


@pytest.mark.parametrize("milliseconds", [0, 2, 4, 8])
def test_a_call_that_was_killed_is_made_once(state, milliseconds):
    payment = begun(state)
    state.refund_while_it_is_killed(payment=payment, api="stancer", milliseconds=milliseconds, happens=True)
    assert len(payment.refunds) == 2


def test_hiding_a_charge_gives_nothing_back(state):
    payment = begun(state)
    state.hide_charge(payment=payment, happens=True)
    state.refund(payment=payment, api="cari", amount="one", keyed=False)
    state.refund(payment=payment, api="stancer", amount="left + 1", keyed=False)
    state.refund(payment=payment, api="collctiv", amount="left", keyed=False)
    state.refund(payment=payment, api="stancer", amount="one", keyed=False)


def test_a_label_makes_a_charge_no_larger(state):
    payment = begun(state)
    state.label_charge(payment=payment, amount=10**9, status="succeeded")
    state.refund(payment=payment, api="cari", amount="original + 1", keyed=False)
    state.refund(payment=payment, api="cari", amount="left + 1", keyed=False)


def test_a_label_stops_no_refund(state):
    payment = begun(state)
    state.label_charge(payment=payment, amount=None, status="failed")
    state.refund(payment=payment, api="cari", amount="rest", keyed=False)
    assert payment.left(0) == 0


def test_a_void_and_a_refund_are_not_both_had(state):
    payment = state.take(way=("stancer", "plain"), amount=1000, keyed=False)
    state.refund_whole(payment=payment, api="stancer", amount="rest", keyed=True)
    state.all_apis_agree()
    for api in ("cari", "collctiv", "stancer"):
        state.refund_whole(payment=payment, api=api, amount="original", keyed=True)
    state.step_checkout(payment=payment, step="capture")
    assert len(payment.refunds) == 1


def test_what_was_sent_is_not_withdrawn(state):
    payment = begun(state)
    state.let_time_pass(seconds=2.3)
    state.all_apis_agree()
    for status in ("delete", "canceled", "failed"):
        state.withdraw(payment=payment, which=0, status=status)


def test_what_was_declined_is_refunded_again_once(state):
    payment = state.take(way=("cari", "card"), amount=1000, keyed=False)
    state.try_refund(payment, "collctiv", "1000", True, "usual", code=90_000_001)
    state.let_time_pass(seconds=2.3)
    state.read_refund(payment=payment, which=0, api="stancer")
    state.repeat(payment=payment, which=0, way="same")
    state.refund(payment=payment, api="cari", amount="rest", keyed=True)
    state.refund(payment=payment, api="stancer", amount="one", keyed=True)
    state.repeat(payment=payment, which=1, way="same")


def test_another_accounts_payment_is_out_of_reach(state):
    payment = begun(state)
    for api in ("cari", "collctiv", "stancer"):
        state.refund_what_is_unknown(payment=payment, api=api, what="neighbour")
        state.read_from_elsewhere(payment=payment, api=api, kind="refund")


@pytest.mark.parametrize("once", ["", " ", '""', "a" * 256, "\u00e4"])
def test_what_is_no_key_is_refused_and_refunds_nothing(state, once):
    payment = begun(state)
    for api in ("cari", "collctiv", "stancer"):
        path, body = refund_call(api, payment.id, 1)
        state.require_refused(api, state.ask(api, "POST", path, body, once), {400})


def test_two_keys_on_one_request_are_refused(state):
    payment = begun(state)
    path, body = refund_call("cari", payment.id, 1)
    answer = state.ask("cari", "POST", path, body, "first\r\nIdempotency-Key: second")
    state.require_refused("cari", answer, {400})
