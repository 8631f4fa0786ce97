"""What the checks of this folder are worth: each fails on what it is there to find."""
import sqlite3
import time

import pytest

from ordeal import created_is_near, created_never_falls, lists_are_whole, nothing_is_doubled
from shops import Shop
from wall_clock import HOUR


class Seen:
    """A refund as it might have been seen, asked for at a second and answered a second later."""

    def __init__(self, second, created):
        self.dialect, self.id, self.created = "collctiv", str(second), created
        self.asked, self.told, self.wall = second, second + 1, 1_800_000_000 + second


def test_a_date_that_falls_is_caught():
    right = [Seen(0, 100), Seen(2, 100), Seen(4, 105)]
    created_never_falls(right)
    # Asked for at the same time, either may be the older one.
    created_never_falls([*right, Seen(4.5, 104)])
    with pytest.raises(AssertionError):
        created_never_falls([*right, Seen(6, 104)])


def test_a_date_that_is_far_off_is_caught():
    created_is_near([Seen(10, 1_800_000_010), Seen(100, 1_800_000_109)], since=0)
    for off in [HOUR, -HOUR, 14, -14]:
        with pytest.raises(AssertionError):
            created_is_near([Seen(100, 1_800_000_100 + off)], since=0)


@pytest.fixture
def shop(storno):
    shop = Shop(storno, "main", dialects=("collctiv", "stancer", "cari"))
    for dialect in shop.dialects:
        shop.refund(dialect)
    return shop


def plant(server, *statements):
    """In the database, behind the server's back."""
    with sqlite3.connect(server.folder / "storno.sqlite", timeout=10) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


NEWEST = "id = (SELECT max(id) FROM refund)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE refund SET created_at = created_at - {HOUR * 1000} WHERE {NEWEST}",
        f"UPDATE refund SET updated_at = created_at - 2000 WHERE {NEWEST}",
    ],
)
def test_a_wrong_date_in_a_list_is_caught(shop, statement):
    lists_are_whole(shop)
    plant(shop.server, statement)
    with pytest.raises(AssertionError):
        lists_are_whole(shop)


def test_a_refund_that_is_missing_in_a_list_is_caught(shop):
    shop.refunds.append(shop.refunds[0])
    with pytest.raises(AssertionError):
        lists_are_whole(shop)


def test_a_second_refund_or_order_is_caught(shop):
    time.sleep(1.5)
    assert shop.server.stop() == 0
    nothing_is_doubled(shop.server, [shop])
    made = shop.refunds.pop()
    with pytest.raises(AssertionError):
        nothing_is_doubled(shop.server, [shop])
    shop.refunds.append(made)
    plant(
        shop.server,
        "INSERT INTO sandbox_operation SELECT book, processor_key || '0', scenario, amount, currency, exponent, "
        "received_at FROM sandbox_operation LIMIT 1",
    )
    with pytest.raises((AssertionError, KeyError)):
        nothing_is_doubled(shop.server, [shop])
