"""What has to hold of a shop's refunds whatever was done to the clock."""
import itertools
import sqlite3

from shops import DONE, PATHS

# By how much the server's time may run faster or slower than true time.
DRIFT = 0.1


def created_never_falls(refunds):
    """Whatever was asked for after another was answered is not older than that one, through whichever API."""
    ends = sorted(refunds, key=lambda refund: refund.told)
    newest, answered = None, 0
    for refund in sorted(refunds, key=lambda refund: refund.asked):
        while answered < len(ends) and ends[answered].told <= refund.asked:
            newest = max(newest or ends[answered].created, ends[answered].created)
            answered += 1
        assert (
            newest is None or refund.created >= newest
        ), f"{refund.dialect} {refund.id}: {refund.created} after {newest}"


def created_is_near(refunds, since):
    """
    No date is further off than the drift allows.

    - since: when, by the monotonic clock, the wall clock was right for the last time.
    """
    for refund in refunds:
        allowed = max(refund.asked - since, 0) * DRIFT + 2
        assert abs(refund.created - refund.wall) <= allowed, f"{refund.created} instead of {refund.wall}"


def lists_are_whole(shop):
    """Every list holds every refund once, in the order of creation, and none is lost between two pages."""
    listed = {dialect: whole_list(shop, dialect) for dialect in shop.dialects}
    for dialect, refunds in listed.items():
        ids = [refund["id"] for refund in refunds]
        assert len(set(ids)) == len(ids) == len(shop.refunds), dialect
        assert {refund.id for refund in shop.refunds if refund.dialect == dialect} <= set(ids)
        dates = [refund.get("created", refund.get("created_at")) for refund in refunds]
        assert dates == sorted(dates, reverse=dialect != "stancer"), dialect
        assert all(refund["updated_at"] >= refund["created_at"] for refund in refunds if "updated_at" in refund)
    if "stancer" not in listed:
        return
    dates = [refund["created"] for refund in listed["stancer"]]
    middle = dates[len(dates) // 2]
    found = shop.get("stancer", PATHS["stancer"], created=middle, limit=100)["refunds"]
    assert [refund["created"] for refund in found] == [date for date in dates if date >= middle][:100]


def whole_list(shop, dialect):
    if dialect == "cari":
        return shop.get("cari", PATHS["cari"])
    refunds = []
    for page in itertools.count():
        if dialect == "collctiv":
            answer = shop.get(dialect, PATHS[dialect], limit=100, page=page + 1)
            refunds, more = refunds + answer["data"], answer["has_more"]
        else:
            answer = shop.get(dialect, PATHS[dialect], limit=100, start=page * 100)
            refunds, more = refunds + answer["refunds"], answer["range"]["has_more"]
        if not more:
            return refunds


def all_are_done(shop):
    return all(refund["status"] == DONE[dialect] for dialect in shop.dialects for refund in whole_list(shop, dialect))


def under_way(server):
    """How many refunds have no outcome yet and wait for nobody."""
    with sqlite3.connect(f"file:{server.folder / 'storno.sqlite'}?mode=ro", uri=True) as database:
        waiting = "'queued', 'dispatching', 'in_doubt', 'submitted'"
        (count,) = database.execute(f"SELECT count(*) FROM refund WHERE status IN ({waiting})").fetchone()
    database.close()
    return count


def nothing_is_doubled(server, shops):
    """As many refunds as there were keys, an order at the processor for each that was paid, and the books are right."""
    with sqlite3.connect(server.folder / "storno.sqlite") as database:
        made = {
            id.hex(): (amount, status)
            for id, amount, status in database.execute("SELECT id, amount, status FROM refund")
        }
        answers = database.execute("SELECT count(*) FROM answer").fetchone()[0]
        orders = database.execute("SELECT processor_key, amount FROM sandbox_operation").fetchall()
    database.close()
    refunds = [refund for shop in shops for refund in shop.refunds]
    assert len(made) == answers == len(refunds)
    assert sum(amount for amount, _ in made.values()) == sum(refund.amount for refund in refunds)
    # The processor knows an order by its refund's id.
    ordered = {f"{int(key.removeprefix('rf'), 36):032x}": amount for key, amount in orders}
    assert len(ordered) == len(orders)
    assert all(made[id][0] == amount for id, amount in ordered.items())
    assert {id for id, (_, status) in made.items() if status == "succeeded"} <= set(ordered)
    server.verify()
