"""Somebody sets the clock while the server runs and merchants refund: by hours, days and years, to and fro."""
import concurrent.futures
import random
import socket
import ssl
import time

from lengths import length
from ordeal import DRIFT, all_are_done, created_is_near, created_never_falls, lists_are_whole, nothing_is_doubled
from server import Storno
from shops import DIALECTS, Clients, Shop, Watch
from wall_clock import DAY, HOUR, YEAR, beginning

# What the clock is set to, in seconds from the truth.
SETTINGS = [HOUR, -HOUR, DAY, -DAY, 2 * YEAR, -2 * YEAR, 10 * YEAR, -10 * YEAR, beginning(), 0]
UNDO_SECONDS = 5
APPROVAL_SECONDS = 60
# Machines are slow now and then.
PATIENCE = 15


def settings():
    chance = random.Random(18)
    sizes = [60, HOUR, DAY, 30 * DAY, YEAR, 10 * YEAR]
    return SETTINGS + [round(chance.uniform(-1, 1) * chance.choice(sizes)) for _ in range(length(0, 200))]


def test_setting_the_clock_moves_no_money_twice_and_no_deadline(tmp_path, clock, servers, measured):
    server = Storno(tmp_path, tls=True, environment=clock.environment)
    servers.append(server)
    server.start()
    plain = Shop(server, "plain", dialects=DIALECTS)
    slow = Shop(server, "slow", f"undo_window_seconds={UNDO_SECONDS}")
    careful = Shop(server, "careful", "approval_above=0", f"approval_expires_seconds={APPROVAL_SECONDS}")
    shops = [plain, slow, careful]
    slow_left, careful_left = Watch(slow), Watch(careful)
    silent = half_a_request(server)
    begin = time.monotonic()
    for shop in shops:
        shop.refund("collctiv")
    clients = Clients(plain)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        done = []
        for shift in settings():
            slow.refund("collctiv"), careful.refund("collctiv")
            clock.shift = shift
            slow.refund("collctiv"), careful.refund("collctiv")
            done.append(pool.submit(seconds_until_done, plain))
            for shop in shops:
                shop.repeat(shop.refunds[len(shop.refunds) // 2])
            if time.monotonic() - begin < 25:
                assert is_open(silent)
            time.sleep(1)
        longest = max(waiting.result() for waiting in done)
    for second in range(length(3, 60)):
        # The clock stands still.
        clock.shift -= 1
        time.sleep(1)
    clients.stop()
    wait_until_done(plain, slow)
    took = time.monotonic() - begin
    # It has had its thirty seconds by then in a long run.
    assert took < 40 or not is_open(silent)
    silent.close()
    check_undo_windows(slow, slow_left)
    check_approvals(careful, careful_left)
    for shop in shops:
        check(shop, begin)
    assert server.stop() == 0
    nothing_is_doubled(server, shops)
    count = sum(len(shop.refunds) for shop in shops)
    measured(
        f"{len(settings())} settings of the clock in {took:.0f} s, {count} refunds, the slowest in {longest:.1f} s"
    )


def wait_until_done(*shops):
    deadline = time.monotonic() + PATIENCE
    while not all(all_are_done(shop) for shop in shops):
        assert time.monotonic() < deadline, "the workers stand still"
        time.sleep(0.2)


def check(shop, begin):
    created_never_falls(shop.refunds)
    created_is_near(shop.refunds, since=begin)
    lists_are_whole(shop)
    for refund in shop.refunds[:: length(5, 1)]:
        shop.repeat(refund)


def seconds_until_done(shop):
    session = shop.new_session()
    refund = shop.refund("collctiv", session=session)
    while shop.status(refund, session) != "complete":
        assert time.monotonic() - refund.asked < PATIENCE, "the workers stand still"
        time.sleep(0.05)
    return time.monotonic() - refund.asked


def check_undo_windows(shop, watch):
    """Each refund could be withdrawn for as long as its account says, in true time, and then it was sent."""
    watch.stop()
    waited = [watch.left[refund.id] - refund.asked for refund in shop.refunds]
    assert min(waited) >= UNDO_SECONDS / (1 + DRIFT), min(waited)
    assert max(waited) <= UNDO_SECONDS / (1 - DRIFT) + PATIENCE, max(waited)


def check_approvals(shop, watch):
    """None ended before its time; one that waits still can be approved."""
    watch.stop()
    now = time.monotonic()
    for refund in shop.refunds:
        if refund.id in watch.left:
            assert watch.left[refund.id] - refund.asked >= APPROVAL_SECONDS / (1 + DRIFT)
        else:
            assert now - refund.asked <= APPROVAL_SECONDS / (1 - DRIFT) + PATIENCE
    newest = shop.refund("collctiv")
    assert shop.status(newest) == "new"
    shop.server.command("refunds", "approve", newest.id, "--database", shop.server.database)


def half_a_request(server):
    """A connection on which a request begins and does not end: it has thirty seconds, by nobody's clock."""
    context = ssl.create_default_context(cafile=server.authority)
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    wrapped = context.wrap_socket(plain, server_hostname="localhost")
    wrapped.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")
    return wrapped


def is_open(connection):
    connection.settimeout(0.01)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_the_clock_that_is_set_is_the_one_that_the_server_reads(tmp_path, clock, servers):
    """The rig itself: a server that starts on a shifted clock has its date."""
    server = Storno(tmp_path, environment=clock.environment)
    servers.append(server)
    clock.shift = 3 * YEAR
    server.start()
    refund = Shop(server, "main").refund("collctiv")
    assert abs(refund.created - clock.now) < 10
    assert abs(refund.created - time.time() - 3 * YEAR) < 10
