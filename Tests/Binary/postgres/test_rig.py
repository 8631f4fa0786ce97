"""The rig of the failover tests, with rows in the place of refunds: it loses nothing itself, and sees what is lost."""
import contextlib
import dataclasses
import random
import subprocess
import time
import uuid

import pytest

from namespaces import Namespace
from pair import Pair
from postgres_server import PROGRAMS, private_folder, private_server
from refund_apis import Collctiv
from row_client import TABLE, RowClient
from writers import Writers, doubled, lost, wishes

CLIENTS = 8


@contextlib.contextmanager
def running_pair(**options):
    with private_folder() as folder:
        pair = Pair(folder, **options)
        pair.primary.sql(TABLE, user="storno")
        yield pair
        pair.stop()


def writers(pair, seed):
    clients = [RowClient(pair.url(), pair.primary.password) for _ in range(CLIENTS)]
    return Writers(clients, wishes(random.Random(seed), [1], [Collctiv]))


def test_a_synchronous_standby_has_everything(measured):
    with running_pair() as pair:
        granted, pauses = {}, []
        for number in range(2):
            running = writers(pair, number).start()
            running.wait_for(200)
            pair.kill_primary()
            began = pair.promote()
            running.wait_for(50)
            running.stop()
            pauses.append(running.first_after(began))
            granted |= running.granted
            client = RowClient(pair.url(), pair.primary.password)
            assert lost(client, granted) == [] and doubled(client, granted) == []
            client.close()
            pair.rebuild()
        assert int(pair.primary.sql("SELECT count(*) FROM told")) == len(granted)
        measured(f"{len(granted)} rows, 0 lost, rows again {max(pauses):.2f} s after the promotion began at the most")


@pytest.mark.parametrize("synchronous", [True, False])
def test_a_standby_that_hears_nothing(synchronous, measured):
    """The control. A synchronous one is waited for, and nobody is told anything that it does not have."""
    with running_pair(synchronous=synchronous) as pair:
        running = writers(pair, "behind").start()
        running.wait_for(100)
        pair.standby.fall_behind()
        fell = time.monotonic()
        time.sleep(2)
        told = sum(moment > fell for moment in list(running.moments))
        granted = dict(running.granted)
        pair.kill_primary()
        pair.promote()
        running.wait_for(50)
        running.stop()
        client = RowClient(pair.url(), pair.primary.password)
        gone = lost(client, granted)
        client.close()
        measured(f"{told} rows told after the standby fell behind, {len(gone)} lost")
        if synchronous:
            assert told == 0 and gone == []
        else:
            assert told > 0 and len(gone) >= told


class ForgetfulClient(RowClient):
    """Takes every request for a new one."""

    def ask(self, wish):
        return super().ask(dataclasses.replace(wish, key=f"{wish.key} {uuid.uuid4()}"))


def test_what_is_done_twice_is_seen():
    """The control of the other kind."""
    with private_server() as server:
        server.sql(TABLE, user="storno")
        client = ForgetfulClient(server.url(), server.password)
        wish = wishes(random.Random(1), [1], [Collctiv])()
        assert doubled(client, {wish: client.ask(wish)}) == [wish]
        client.close()


def test_a_cut_is_silent_and_heals():
    with Namespace() as apart, running_pair(addresses=["127.0.0.1", apart.outside]) as pair:

        def rows():
            line = [*apart.wrapper, PROGRAMS / "psql", "-XAt", "-d", pair.url(host=apart.outside), "-c", "SELECT 1"]
            return subprocess.run(
                line, env=pair.environment | {"PGCONNECT_TIMEOUT": "2"}, capture_output=True, text=True, timeout=30
            )

        assert rows().stdout == "1\n"
        apart.cut(pair.ports)
        assert "timeout expired" in rows().stderr
        apart.heal()
        assert rows().stdout == "1\n"
