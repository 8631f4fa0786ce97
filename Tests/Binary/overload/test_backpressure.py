"""A server that is asked for more than it can do goes on doing what it can: whoever is taken is answered in time, whoever is
not is told to come again, and memory stays small."""
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from disk_faults import SYNC, Faults, compile_faults
from lengths import is_proof, length
from plain_http import Connection
from refund_apis import APIS
from resources import PeakMemory

#: Of what as many clients got as it serves best: held where nothing else runs.
GOODPUT = 0.8
#: The same where as many are refused as are taken: to say no costs a part of what it costs to say yes.
GOODPUT_REFUSING = 0.5
FEW, MANY = 64, length(512, 1_000)
ROUNDS, SECONDS = length(1, 5), length(1, 5)


def compare(shop, many, is_patient=True):
    """One crowd and the other in turn: what the server does at its best, and what it does when too many ask."""
    shop.crowd(FEW, SECONDS)
    peaks, crowds = [], []
    for _ in range(ROUNDS):
        peaks.append(shop.crowd(FEW, SECONDS))
        crowds.append(shop.crowd(many, SECONDS, is_patient))
    share = statistics.median(crowd.rate for crowd in crowds) / statistics.median(peak.rate for peak in peaks)
    return share, peaks, crowds


def told(share, peaks, crowds):
    return f"{share:.2f} of the peak; {peaks[-1]} | {crowds[-1]}"


def test_a_crowd_that_waits_costs_nothing(crowded, measured):
    # However slow the machine is.
    shop = crowded(STORNO_LIMITS_WAIT="30s")
    with PeakMemory(shop.server) as memory:
        share, peaks, crowds = compare(shop, MANY)
    measured(f"{MANY} clients: {told(share, peaks, crowds)}; {memory.growth:.0f} MB more memory")
    assert all(crowd.statuses == {200} for crowd in crowds)
    if is_proof:
        assert share >= GOODPUT
        # Each of them waits for all the others once.
        assert all(crowd.slowest(0.99) <= 3 * MANY / crowd.rate for crowd in crowds)
    assert memory.growth <= 128
    assert shop.server.stop() == 0
    shop.server.verify()


def test_a_crowd_that_has_no_room_is_told_to_come_again(crowded, measured):
    shop = crowded(STORNO_LIMITS_WAITING=str(FEW))
    # Who is told to come again is back after a second: about as many are refused as are taken.
    many = FEW + max(64, int(shop.crowd(FEW, SECONDS).rate))
    with PeakMemory(shop.server) as memory:
        share, peaks, crowds = compare(shop, many)
    measured(f"{many} clients, room for {FEW}: {told(share, peaks, crowds)}; {memory.growth:.0f} MB more memory")
    assert all(crowd.statuses == {200, 503} for crowd in crowds)
    assert all(answer.retry_after == 1 for crowd in crowds for answer in crowd.refused)
    if is_proof:
        assert share >= GOODPUT_REFUSING
        # Those who have room, once or twice, however many ask.
        assert all(crowd.slowest(0.99) <= 8 * FEW / crowd.rate for crowd in crowds)
    assert memory.growth <= 128


def refusal(server, key, api):
    """The first refusal that one of the APIs gives: its fields and what it says."""
    connection = Connection(server.port)
    fields = {"Authorization": api.credentials(key), "Content-Type": "application/json"}
    body = json.dumps(api.body(1, 1)).encode()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status, fields_of_answer, answer = connection.exchange("POST", api.collection, fields, body)
        if status == 503:
            connection.close()
            return fields_of_answer, json.loads(answer)
    raise AssertionError(f"{api.name} never refused")


def wait_until_all_are_taken(shop):
    """The last of these crowds is one of which nobody was refused."""
    crowds = [shop.crowd(8, 0.5)]
    while crowds[-1].statuses != {200}:
        assert len(crowds) < 20, "the disk is as it was, and the server is not"
        crowds.append(shop.crowd(8, 0.5))
    return crowds


class Storno:
    name, collection = "storno", "/storno/v1/refunds"
    credentials = staticmethod("Bearer {}".format)

    @staticmethod
    def body(payment, amount):
        return {"payment": "pay_0000000000000000000000001", "amount": amount}


def test_on_a_slow_disk_nobody_waits_for_longer_than_was_set(crowded, tmp_path, measured):
    sync, wait = 1.5, 0.5
    faults = Faults(compile_faults(tmp_path), tmp_path / "plan", tmp_path)
    shop = crowded(STORNO_LIMITS_WAIT="500ms", **faults.environment)
    apis = [*APIS, Storno]
    keys = {api: shop.server.key(api.name) for api in apis}
    before = shop.crowd(FEW, 1)
    faults.slow_down(SYNC, sync)
    with ThreadPoolExecutor(len(apis)) as threads:
        refusals = {api.name: threads.submit(refusal, shop.server, keys[api], api) for api in apis}
        slow = shop.crowd(FEW * 2, length(7, 20), is_patient=False)
    faults.lift()
    after = wait_until_all_are_taken(shop)
    measured(f"a sync of {sync} s, a wait of {wait} s: {before} | {slow} | {after[-1]}")
    assert slow.statuses == {200, 503} and slow.refused
    assert all(answer.retry_after == 1 for answer in slow.refused)
    # A tenth more until somebody looks, and not when the disk is done.
    assert statistics.median(answer.seconds for answer in slow.refused) <= wait * 1.1 + 0.5 < sync
    # The wait and its own transaction, on a disk that others use too.
    assert slow.slowest(0.5) <= wait + 8 * sync
    for fields, _ in (refused.result() for refused in refusals.values()):
        assert fields["retry-after"] == "1"
    words = {name: refused.result()[1] for name, refused in refusals.items()}
    assert words["storno"]["code"] == "busy" and words["storno"]["status"] == 503
    assert words["stancer"]["error"]["message"]
    assert words["cari"]["code"] == words["collctiv"]["code"] == 503
    # Whoever was refused got nothing, and whoever was taken got it once. What was under way at an end was taken too.
    taken = sum(len(figures.taken) for figures in (before, slow, *after))
    assert taken <= shop.refunded() <= taken + FEW * 3 + 8 * len(after)
    assert shop.server.stop() == 0
    shop.server.verify()
