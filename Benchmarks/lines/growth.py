"""What may cost more where there are more rows, and how much more."""
import statistics

from lines import Value

SMALL, LARGE = 10_000, 10_000_000
ROUNDS = 5
#: Few enough that the small books stay small.
CREATES, READS = 4_000, 20_000
#: Of all connections together (`Sources/SQLiteStorage/SQLiteOptions.swift`).
CACHE = 144 << 20


def create_cost(bench):
    return ratio(bench, lambda shop: shop.ask(shop.create(), seconds=60, limit=CREATES))


def page_cost(bench):
    """A page from anywhere in the list."""
    page = "/storno/v1/refunds?limit=10&starting_after={refund}"
    return ratio(bench, lambda shop: shop.ask(shop.read(page), seconds=60, limit=READS))


def ratio(bench, ask):
    """Of the server's processor time for each answer, both servers in turn."""
    small, large = bench.grown(SMALL), bench.grown(LARGE)
    for shop in (small, large):
        ask(shop)
    rounds = [(ask(small).cpu, ask(large).cpu) for _ in range(ROUNDS)]
    costs = [statistics.median(costs) for costs in zip(*rounds, strict=True)]
    return Value.of([great / little for little, great in rounds], f"{costs[0]:.0f} µs, {costs[1]:.0f} µs")


def memory(bench):
    """Of both servers after the same work; what the caches may hold is taken off."""
    kilobytes = []
    for shop in (bench.grown(SMALL), bench.grown(LARGE)):
        shop.ask(shop.create(), seconds=60, limit=CREATES)
        shop.ask(shop.read("/storno/v1/refunds/{refund}"), seconds=60, limit=READS)
        cached = min(CACHE, 9 * (shop.folder / "storno.sqlite").stat().st_size)
        kilobytes.append((shop.memory()[1], cached // 1024))
    values = [anonymous - cached for anonymous, cached in kilobytes]
    note = ", ".join(f"{anonymous / 1024:.0f} MB with up to {cached / 1024:.0f} cached" for anonymous, cached in kilobytes)
    value = values[1] / values[0]
    return Value(value, value, value, note)
