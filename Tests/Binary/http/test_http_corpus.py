"""Each case of the corpus, sent to the server itself: the answers that have to come, and none besides."""
import pytest
from server import Storno

from corpus import CLOSE, HIDDEN, OPEN
from corpus_exchange import CASES as EXCHANGES
from corpus_fields import CASES as FIELDS
from corpus_framing import CASES as FRAMING
from corpus_request_line import CASES as REQUEST_LINES
from raw_http import Wire
from refund_merchant import Merchant

CASES = REQUEST_LINES + FIELDS + FRAMING + EXCHANGES


@pytest.fixture(scope="module")
def merchant(tmp_path_factory):
    server = Storno(tmp_path_factory.mktemp("corpus")).start()
    try:
        yield Merchant(server)
    finally:
        server.kill()


def test_the_corpus_is_a_corpus():
    names = [case.name for case in CASES]
    assert len(names) >= 120 and len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_gets_its_answers_and_nothing_more(merchant, case):
    with Wire(merchant.server.port) as wire:
        wire.send(*case.segments(merchant.key, merchant.payment))
        if case.ends:
            wire.end_sending()
        for number, allowed in enumerate(case.answers):
            answer = wire.answer(is_head=number in case.heads)
            assert answer is not None, f"the connection ended before response {number + 1}"
            assert answer.status in allowed, answer
        if case.connection == CLOSE:
            assert wire.answer() is None
        else:
            wire.send(merchant.canary("canary"))
            following = wire.answer()
            assert following is not None or case.connection != OPEN, "the connection was closed"
            assert following is None or (following.status == 404 and b"canary" in following.body), following
    assert merchant.refunds() == []
    assert merchant.server.process.poll() is None


def test_the_hidden_request_would_be_seen(storno):
    """The control: sent by itself it makes the refund that no case may make."""
    merchant = Merchant(storno)
    hidden = HIDDEN.replace(HIDDEN[HIDDEN.index(b"clv_") :][:41], merchant.key.encode())
    hidden = hidden.replace(b"payment0-0000-0000-0000-000000000000", merchant.payment.encode())
    with Wire(storno.port) as wire:
        wire.send(hidden)
        assert wire.answer().status == 200
    assert len(merchant.refunds()) == 1
