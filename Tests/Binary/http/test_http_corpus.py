"""Each case of the corpus, sent to the server itself: the answers that have to come, and none besides."""
import pytest
from server import Storno

from corpus import CLOSE, HIDDEN, OPEN, case
from corpus_exchange import CASES as EXCHANGES
from corpus_fields import CASES as FIELDS
from corpus_framing import CASES as FRAMING
from corpus_request_line import CASES as REQUEST_LINES
from refund_merchant import Merchant

CASES = REQUEST_LINES + FIELDS + FRAMING + EXCHANGES


@pytest.fixture(scope="module")
def merchants(tmp_path_factory):
    """By transport."""
    servers = {
        "plain": Storno(tmp_path_factory.mktemp("plain")),
        "TLS": Storno(tmp_path_factory.mktemp("tls"), tls=True),
    }
    try:
        yield {transport: Merchant(server.start()) for transport, server in servers.items()}
    finally:
        for server in servers.values():
            if server.process is not None:
                server.kill()


def test_the_corpus_is_a_corpus():
    names = [case.name for case in CASES]
    assert len(names) >= 120 and len(set(names)) == len(names)


def is_possible(case, transport):
    """TLS knows no end of one side alone."""
    return transport == "plain" or not case.ends


@pytest.mark.parametrize(
    ("transport", "case"),
    [
        pytest.param(transport, case, id=f"{transport}, {case.name}")
        for transport in ("plain", "TLS")
        for case in CASES
        if is_possible(case, transport)
    ],
)
def test_every_case_gets_its_answers_and_nothing_more(merchants, transport, case):
    merchant = merchants[transport]
    with merchant.wire() as wire:
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
    with merchant.wire() as wire:
        wire.send(*case("hidden", HIDDEN).segments(merchant.key, merchant.payment))
        assert wire.answer().status == 200
    assert len(merchant.refunds()) == 1
