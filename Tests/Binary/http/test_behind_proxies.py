"""The corpus through nginx and HAProxy: a proxy and the server agree on what was a request."""
import concurrent.futures
import time

import pytest
from server import Storno

from corpus_exchange import CASES as EXCHANGES
from corpus_fields import CASES as FIELDS
from corpus_framing import CASES as FRAMING
from corpus_request_line import CASES as REQUEST_LINES
from proxies import BlindProxy, HAProxy, Nginx, ServerLog
from raw_http import NotHTTP, Wire
from refund_merchant import Merchant

CASES = REQUEST_LINES + FIELDS + FRAMING + EXCHANGES
LANES = 6


class Lane:
    """A server behind a proxy, for one case after the other, so that each side's log tells of one case at a time."""

    def __init__(self, folder, kind, patience=8):
        self.server = Storno(folder, environment={"STORNO_LOG_LEVEL": "debug"}).start()
        self.merchant = Merchant(self.server)
        self.proxy = kind(folder / kind.program, self.server.port)
        self.log = ServerLog(self.server)
        self.patience = patience
        self.counted = (0, 0, 0)
        self.disagreements = {}

    def play(self, cases):
        with self.proxy:
            for case in cases:
                self.send(case)
                fault = self.ask(f"canary-{CASES.index(case)}") or self.compare()
                if fault:
                    self.disagreements[case.name] = fault
                self.counted = (len(self.proxy.forwarded()), len(self.log.answered()), self.log.refused())
            time.sleep(1)
            fault = self.ask("canary-last") or self.compare()
            if fault:
                self.disagreements["what came late"] = fault
        return self

    def send(self, case):
        """Sends a case, and takes what comes back until the proxy has nothing more to say."""
        with Wire(self.proxy.port, deadline=10) as wire:
            wire.send(*case.segments(self.merchant.key, self.merchant.payment))
            if case.ends:
                wire.end_sending()
            wire.until_quiet(first=0.5, between=0.1)

    def ask(self, name):
        """Another client's request, on a connection that the proxy kept: what is wrong with its answer."""
        with Wire(self.proxy.port, deadline=10) as wire:
            wire.send(self.merchant.canary(name))
            try:
                answer = wire.answer()
            except (NotHTTP, TimeoutError) as failure:
                return f"another client's request: {failure!r}"
        if answer is None or answer.status != 404 or name.encode() not in answer.body:
            return f"another client's request: {answer}"
        return None

    def compare(self):
        """What the two sides disagree in since the last case. Logs may be late, so it is asked again for a while."""
        deadline = time.monotonic() + self.patience
        while True:
            fault = self.disagreement()
            if fault is None or time.monotonic() > deadline:
                return fault
            time.sleep(0.05)

    def disagreement(self):
        forwarded = self.proxy.forwarded()[self.counted[0] :]
        answered = self.log.answered()[self.counted[1] :]
        refused = self.log.refused() - self.counted[2]
        named = [entry.identifier for entry in forwarded if entry.identifier]
        # A request that the proxy broke off, or that is no HTTP to the server, has no name in the proxy's log. The
        # server answered it or not, and refused its body or not, but it never sees more requests than were forwarded,
        # and the last of them, another client's, is always good.
        if set(named) <= set(answered) and len(answered) <= len(forwarded) and refused < len(forwarded):
            return None
        return f"forwarded {forwarded}, answered {answered}, refused {refused}"

    def refunds_asked_for(self):
        """What the proxy took for a request of its own may be carried out, and nothing else."""
        return sum(entry.status == "200" and "POST /v1/refunds" in entry.line for entry in self.proxy.forwarded())


@pytest.mark.parametrize("kind", [Nginx, HAProxy])
def test_a_proxy_and_the_server_see_the_same_requests(tmp_path_factory, kind, measured):
    lanes = []
    try:
        for number in range(LANES):
            lanes.append(Lane(tmp_path_factory.mktemp(f"{kind.program}-{number}"), kind))
        with concurrent.futures.ThreadPoolExecutor(LANES) as pool:
            list(pool.map(lambda number: lanes[number].play(CASES[number::LANES]), range(LANES)))
        assert all(lane.server.process.poll() is None for lane in lanes)
        for lane in lanes:
            assert len(lane.merchant.refunds()) == lane.refunds_asked_for()
    finally:
        for lane in lanes:
            lane.server.kill()
    disagreements = {name: fault for lane in lanes for name, fault in lane.disagreements.items()}
    assert not disagreements, "\n".join(f"{name}: {fault}" for name, fault in disagreements.items())
    forwarded = sum(len(lane.proxy.forwarded()) for lane in lanes)
    answered = sum(len(lane.log.answered()) for lane in lanes)
    assert answered > len(CASES)
    measured(f"{len(CASES)} cases, {forwarded} requests forwarded, {answered} answered, 0 disagreements")


def test_a_proxy_that_does_not_look_would_be_found_out(tmp_path):
    """The control: it takes for one request what the server takes for ten."""
    lane = Lane(tmp_path, BlindProxy, patience=1)
    try:
        lane.play([case for case in CASES if case.name == "ten requests in one segment"])
    finally:
        lane.server.kill()
    assert "ten requests in one segment" in lane.disagreements
