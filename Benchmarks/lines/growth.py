"""What may cost more where there are more rows, and how much more."""
import statistics

from lines import Value

SMALL, LARGE = 10_000, 10_000_000
ROUNDS = 5
#: Few enough that the small books stay small.
CREATES, READS = 4_000, 20_000
#: What all connections together may keep of their files, in megabytes: the least that can be set.
CACHE = "9"


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
    """Of both servers after the same work, with caches that are too small to count."""
    kilobytes = [anonymous(bench.grown(refunds)) for refunds in (SMALL, LARGE)]
    value = kilobytes[1] / kilobytes[0]
    note = ", ".join(f"{count / 1024:.0f} MB" for count in kilobytes)
    return Value(value, value, value, f"{note}, {CACHE} of them cached at the most")


def anonymous(shop):
    kept = [node.environment for node in shop.nodes]
    shop.stop()
    for node in shop.nodes:
        node.environment = node.environment | {"STORNO_SQLITE_CACHE_MEGABYTES": CACHE}
    shop.start()
    shop.ask(shop.create(), seconds=60, limit=CREATES)
    shop.ask(shop.read("/storno/v1/refunds/{refund}"), seconds=60, limit=READS)
    kilobytes = shop.memory()[1]
    shop.stop()
    for node, environment in zip(shop.nodes, kept, strict=True):
        node.environment = environment
    shop.start()
    return kilobytes
