"""Many clients at once, each on a connection of its own, that ask for refunds one after the other and write down how long
each answer took. One thread does it all: client and server share the machine."""
import asyncio
import dataclasses
import itertools
import math
import time


@dataclasses.dataclass(frozen=True)
class Answered:
    status: int
    #: When it was asked, and when the whole answer was there.
    asked_at: float
    at: float
    #: Of `Retry-After`; `None` without one.
    retry_after: float | None

    @property
    def seconds(self):
        return self.at - self.asked_at


class Crowd:
    """
    - requests: gives the bytes of one request after the other.
    - is_patient: whether a client that is told to come again waits as long as it is told. Others are back at once.
    """

    def __init__(self, port, requests, is_patient=True):
        self.port, self.requests, self.is_patient = port, requests, is_patient
        self.answers = []
        self.broken = 0
        self.is_over = False

    def work(self, clients, seconds):
        """What was answered in so many seconds, and until each client had three answers on the average: a client begins its next
        request with the end of its last."""
        self.answers, self.broken, self.is_over = [], 0, False
        return Figures(self.answers, asyncio.run(self.run(clients, seconds)))

    async def run(self, clients, seconds):
        loop = asyncio.get_running_loop()
        for start in range(0, clients, 64):
            await asyncio.gather(
                *(
                    loop.create_connection(lambda: Client(self), "127.0.0.1", self.port)
                    for _ in range(min(64, clients - start))
                )
            )
        begin = time.monotonic()
        while time.monotonic() - begin < (seconds if len(self.answers) >= 3 * clients else 60):
            await asyncio.sleep(0.01)
        self.is_over = True
        return time.monotonic() - begin


class Client(asyncio.Protocol):
    def __init__(self, crowd):
        self.crowd = crowd
        self.received = b""

    def connection_made(self, transport):
        self.transport = transport
        self.ask()

    def ask(self):
        if self.crowd.is_over:
            return
        self.asked_at = time.monotonic()
        self.transport.write(next(self.crowd.requests))

    def data_received(self, data):
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        if len(body) < int(fields[b"content-length"]):
            return
        self.received = b""
        retry_after = float(fields[b"retry-after"]) if b"retry-after" in fields else None
        self.crowd.answers.append(Answered(int(head[9:12]), self.asked_at, time.monotonic(), retry_after))
        if retry_after and self.crowd.is_patient:
            asyncio.get_running_loop().call_later(retry_after, self.ask)
        else:
            self.ask()

    def connection_lost(self, error):
        if not self.crowd.is_over:
            self.crowd.broken += 1


class Figures:
    def __init__(self, answers, seconds):
        self.answers = answers
        self.taken = [answer for answer in answers if answer.status == 200]
        self.refused = [answer for answer in answers if answer.status != 200]
        self.rate = len(self.taken) / seconds

    @property
    def statuses(self):
        return {answer.status for answer in self.answers}

    def slowest(self, share):
        """How long the slowest of that share of what was taken took: 0.99 for the 99th percentile."""
        times = sorted(answer.seconds for answer in self.taken)
        return times[max(0, math.ceil(share * len(times)) - 1)]

    def __str__(self):
        if not self.taken:
            return f"none taken, {len(self.refused)} refused"
        p50, p99 = self.slowest(0.5) * 1000, self.slowest(0.99) * 1000
        return f"{self.rate:.0f}/s taken, {len(self.refused)} refused, p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def refund_requests(key, payments, prefix):
    """Refunds of one cent of payments in turn, each with a fresh key."""
    for number in itertools.count():
        body = b'{"payment":"%s","amount":1}' % payments[number % len(payments)].encode()
        yield (
            b"POST /storno/v1/refunds HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            b"Idempotency-Key: %s-%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (key.encode(), prefix.encode(), number, len(body), body)
        )
