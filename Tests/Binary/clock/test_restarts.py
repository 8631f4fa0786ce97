"""The server is started again on a clock that is behind, or ahead, or right again."""
import random
import signal
import time

import pytest

from lengths import length
from ordeal import (
    DRIFT,
    all_are_done,
    created_is_near,
    created_never_falls,
    lists_are_whole,
    nothing_is_doubled,
    under_way,
)
from server import Storno
from shops import DIALECTS, Clients, Shop, Watch
from wall_clock import YEAR, beginning

UNDO_SECONDS = 4
# A call that was under way when the server was killed counts as under way for twenty seconds more.
PATIENCE = 60


class Town:
    """A server with shops of three kinds, and refunds in every state that waits for something."""

    def __init__(self, folder, clock, servers):
        self.clock = clock
        self.server = Storno(folder, environment=clock.environment)
        servers.append(self.server)
        self.server.start()
        self.begin = time.monotonic()
        self.plain = Shop(self.server, "plain", dialects=DIALECTS)
        self.slow = Shop(self.server, "slow", f"undo_window_seconds={UNDO_SECONDS}")
        self.careful = Shop(self.server, "careful", "approval_above=0", "approval_expires_seconds=3600")
        self.shops = [self.plain, self.slow, self.careful]

    def live(self):
        """Some trade, which ends with refunds on their way."""
        clients = Clients(self.plain)
        self.slow.refund("collctiv"), self.careful.refund("collctiv")
        time.sleep(0.5)
        clients.stop()

    def restart(self, shift, sent=signal.SIGTERM):
        """Stops the server, sets the clock and starts it again."""
        if sent == signal.SIGKILL:
            self.server.kill()
        else:
            assert self.server.stop(sent) == 0
        self.clock.shift = shift
        self.server.start()

    def check(self):
        """What holds whatever the clock said: nothing twice, nothing lost, the same answers, dates that rise."""
        deadline = time.monotonic() + PATIENCE
        while under_way(self.server):
            assert time.monotonic() < deadline, "the workers stand still"
            time.sleep(0.1)
        for shop in self.shops:
            created_never_falls(shop.refunds)
            lists_are_whole(shop)
            for refund in shop.refunds[:: length(4, 1)]:
                shop.repeat(refund)

    def nothing_ended_early(self):
        """What was free to go was paid, and what waits for a person waits."""
        assert all_are_done(self.plain)
        assert {self.careful.status(refund) for refund in self.careful.refunds} == {"new"}

    def end(self):
        assert self.server.stop() == 0
        nothing_is_doubled(self.server, self.shops)


@pytest.fixture
def town(tmp_path, clock, servers):
    return Town(tmp_path, clock, servers)


def sent_after(shop, watch, since):
    """How long refunds waited before they were sent, in true time, the server's standing still included."""
    deadline = time.monotonic() + UNDO_SECONDS / (1 - DRIFT) + PATIENCE
    while len(watch.left) < len(shop.refunds):
        assert time.monotonic() < deadline, "the workers stand still"
        time.sleep(0.05)
    watch.stop()
    return [watch.left[refund.id] - refund.asked for refund in shop.refunds if refund.asked >= since]


@pytest.mark.parametrize("sent", length([signal.SIGKILL], [signal.SIGKILL, signal.SIGTERM]))
def test_a_start_on_a_clock_that_is_two_years_behind(town, sent, measured):
    """Time goes on from where it was: dates do not fall, nothing stalls, and no window gets shorter."""
    town.live()
    since = time.monotonic()
    town.slow.refund("collctiv")
    town.restart(-2 * YEAR, sent)
    watch = Watch(town.slow)
    town.live()
    waited = sent_after(town.slow, watch, since)
    assert min(waited) >= UNDO_SECONDS / (1 + DRIFT)
    created_is_near([refund for shop in town.shops for refund in shop.refunds], since=town.begin - 30)
    town.check()
    town.nothing_ended_early()
    town.end()
    measured(
        f"{sum(len(shop.refunds) for shop in town.shops)} refunds, windows of {UNDO_SECONDS} s took {max(waited):.1f} s"
    )


def test_a_start_on_a_clock_that_is_two_years_ahead_ends_nothing_early(town):
    """On a machine that has been up all the time, somebody set the clock: that made no time go by."""
    town.live()
    since = time.monotonic()
    town.slow.refund("collctiv")
    town.restart(2 * YEAR)
    watch = Watch(town.slow)
    town.live()
    waited = sent_after(town.slow, watch, since)
    assert min(waited) >= UNDO_SECONDS / (1 + DRIFT), "the undo window ended early"
    created_is_near([refund for shop in town.shops for refund in shop.refunds], since=town.begin - 30)
    town.check()
    town.nothing_ended_early()
    town.end()


def test_starts_on_any_clock(town, measured):
    """
    Ahead, right again, anything: no date falls afterwards, nothing stalls, and the same answers are given. What had to
    wait may have ended.
    """
    chance = random.Random(18)
    sizes = [60, 86400, YEAR, 10 * YEAR]
    shifts = [2 * YEAR, 0] + [chance.uniform(-1, 1) * chance.choice(sizes) for _ in range(length(0, 30))]
    for shift in shifts:
        town.restart(shift, chance.choice([signal.SIGKILL, signal.SIGTERM]))
        town.live()
        town.clock.shift += chance.choice([0, 3600, -3600])
        town.live()
    town.restart(0)
    town.check()
    ahead = town.plain.refund("collctiv").created - time.time()
    town.end()
    measured(
        f"{len(shifts)} starts, {len(town.plain.refunds)} refunds; dates are {ahead / YEAR:.1f} years ahead at the end"
    )


def test_a_first_start_in_1970(tmp_path, clock, servers):
    """A machine without a battery: its clock is put right later."""
    clock.shift = beginning()
    town = Town(tmp_path, clock, servers)
    town.live()
    clock.shift = 0
    town.live()
    town.restart(0)
    town.live()
    created_is_near([town.plain.refund(dialect) for dialect in DIALECTS], since=time.monotonic())
    for shop in town.shops:
        created_never_falls(shop.refunds)
        lists_are_whole(shop)
    town.end()
