"""What is measured: each function does it once and returns a `Sample`. Lines and tables name them by their names."""
import functools

from asking import Sample
from disk import fdatasync
from peers import pgbench

LOADS = {}


def load(function):
    """Registers a measurement, with the disk looked at before and after it."""

    @functools.wraps(function)
    def measured(bench):
        before = fdatasync(bench.folder)
        sample = function(bench)
        after = fdatasync(bench.folder)
        return Sample(**(vars(sample) | {"fdatasync": (before + after) / 2}))

    LOADS[function.__name__] = measured
    return measured


# Refunds


@load
def creates(bench):
    """Durable refunds, 64 connections, each of a random payment under a key of its own."""
    return bench.shop.ask(bench.shop.create(), seconds=bench.seconds)


@load
def noop(bench):
    """The same request, let in and read alike, answered without the engine."""
    return bench.shop.ask(bench.shop.create("/storno/bench/noop"), seconds=bench.seconds)


@load
def one_by_one(bench):
    """Durable refunds of a server with one transaction for each."""
    return bench.naive.ask(bench.naive.create(), seconds=bench.seconds)


@load
def batches(bench):
    """A hundred refunds in one request; counted are refunds."""
    return bench.shop.ask(bench.shop.create_many(100), connections=8, seconds=bench.seconds).times(100)


@load
def one_connection(bench):
    return bench.shop.ask(bench.shop.create(), connections=1, seconds=bench.seconds)


@load
def half_load(bench):
    """Refunds that come at random moments, half as many as the server has managed."""
    return bench.shop.ask(bench.shop.create(), seconds=bench.seconds * 2, rate=bench.median("creates").rate / 2)


@load
def pinned_creates(bench):
    return pinned(bench, bench.shop.create())


@load
def pinned_noop(bench):
    return pinned(bench, bench.shop.create("/storno/bench/noop"))


def pinned(bench, request):
    """The server on the first processor, who asks on the second."""
    bench.shop.pin({0})
    try:
        return bench.shop.ask(request, seconds=bench.seconds, wrapper=("taskset", "-c", "1"))
    finally:
        bench.shop.pin(bench.processors)


# Reads


@load
def get_one(bench):
    return bench.readers.ask(bench.readers.read("/storno/v1/refunds/{refund}"), seconds=bench.seconds)


@load
def get_static(bench):
    """A read that is let in alike, and needs no row."""
    return bench.readers.ask(bench.readers.read("/storno/bench/static"), seconds=bench.seconds)


# Others


@load
def pgbench_tpcb(bench):
    return pgbench.run(bench.postgres, "-c", "8", "-M", "prepared", seconds=bench.seconds)


@load
def pgbench_n(bench):
    return pgbench.run(bench.postgres, "-N", "-c", "8", "-M", "prepared", seconds=bench.seconds)


@load
def handmade(bench):
    """The table that everybody would write first."""
    return bench.handmade.ask(seconds=bench.seconds)


@load
def localstripe(bench):
    return bench.localstripe.ask(seconds=bench.seconds)


# Where there is more than one way to ask


@load
def creates_1(bench):
    return bench.shop.ask(bench.shop.create(), connections=1, seconds=bench.seconds)


@load
def creates_8(bench):
    return bench.shop.ask(bench.shop.create(), connections=8, seconds=bench.seconds)


@load
def creates_64(bench):
    return bench.shop.ask(bench.shop.create(), connections=64, seconds=bench.seconds)


@load
def creates_256(bench):
    return bench.shop.ask(bench.shop.create(), connections=256, seconds=bench.seconds)


@load
def creates_of_one_payment(bench):
    """All of the same payment."""
    return bench.shop.ask(bench.shop.create(payments="one_payment"), seconds=bench.seconds)


@load
def mixed(bench):
    """Four reads for each refund."""
    shop = bench.shop
    return shop.ask(shop.read("/storno/v1/refunds/{refund}", weight=4), shop.create(), seconds=bench.seconds)


@load
def half_load_256(bench):
    return bench.shop.ask(
        bench.shop.create(), connections=256, seconds=bench.seconds, rate=bench.median("creates").rate / 2
    )


@load
def creates_sent(bench):
    """Refunds that are sent to the sandbox and heard of while others are made: the whole life of a refund."""
    return bench.sending.ask(bench.sending.create(), seconds=bench.seconds)


# Reads of books of every size


def reads():
    """A load for each kind of read and each size of the books; their names by which tables have them."""
    kinds = {
        "one": "/storno/v1/refunds/{refund}",
        "first_page": "/storno/v1/refunds?limit=10",
        "deep_page": "/storno/v1/refunds?limit=10&starting_after={refund}",
        "of_payment": "/storno/v1/refunds?limit=10&payment={payment}",
        "of_status": "/storno/v1/refunds?limit=10&status=queued",
        "search": "/storno/v1/search?query={refund}&limit=10",
    }
    for size in (10_000, 1_000_000, 10_000_000):
        for kind, path in kinds.items():

            def ask(bench, size=size, path=path):
                shop = bench.grown(size)
                return shop.ask(shop.read(path), seconds=bench.seconds)

            ask.__name__ = f"{kind}_at_{size:.0e}".replace("e+0", "e")
            yield load(ask).__name__


READS = tuple(reads())


# Each API, over TLS


@load
def storno_tls(bench):
    return bench.secure.ask(bench.secure.create(), seconds=bench.seconds)


@load
def cari_tls(bench):
    return vendor(bench, "cari")


@load
def collctiv_tls(bench):
    return vendor(bench, "collctiv")


@load
def stancer_tls(bench):
    return vendor(bench, "stancer")


def vendor(bench, api):
    return bench.secure.ask(bench.secure.vendor_create(api), seconds=bench.seconds)


# PostgreSQL


@load
def postgres_one(bench):
    """Refunds of one server on PostgreSQL."""
    return bench.one_node.ask(bench.one_node.create(), seconds=bench.seconds)


@load
def postgres_three(bench):
    """Refunds of three servers on the same database."""
    return bench.three_nodes.ask(bench.three_nodes.create(), connections=192, seconds=bench.seconds)


@load
def postgres_crud_8(bench):
    """What a program would do that writes each refund for itself, in one transaction of eight statements."""
    return pgbench.run(bench.postgres, "-f", pgbench.CRUD, "-c", "8", "-M", "prepared", seconds=bench.seconds)


@load
def postgres_crud_32(bench):
    return pgbench.run(bench.postgres, "-f", pgbench.CRUD, "-c", "32", "-M", "prepared", seconds=bench.seconds)


@load
def postgres_standby(bench):
    """Refunds of one server, each on the disk of a second PostgreSQL as well before it is answered."""
    with bench.synchronous_standby():
        return bench.one_node.ask(bench.one_node.create(), seconds=bench.seconds)
