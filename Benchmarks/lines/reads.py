"""Reading one refund of a million beside reading nothing."""
from grown import grown
from lines import Value

REFUNDS = 1_000_000
ROUNDS = 5


def over_static(bench):
    """Both of one server, in turn."""
    shop = grown(bench, REFUNDS)
    one, static = shop.read("/storno/v1/refunds/{refund}"), shop.read("/storno/bench/static")
    for request in (one, static):
        shop.ask(request, seconds=bench.seconds)
    rounds = [[shop.ask(request, seconds=bench.seconds) for request in (one, static)] for _ in range(ROUNDS)]
    note = ", ".join(f"{sample.cpu:.0f} µs" for sample in rounds[-1])
    return Value.of([found.rate / nothing.rate for found, nothing in rounds], note)
