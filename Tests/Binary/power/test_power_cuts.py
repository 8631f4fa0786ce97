"""Power cuts under load: the server's own writes, syncs and answers are recorded, and disks are made of them."""
import collections
import random

import pytest

import disk
import power_cuts
import recorder
import traffic
from answers import Answers
from lengths import length
from power_cuts import NoDatabaseSync, NormalDisk, Record, cut
from refund_apis import APIS
from server import Storno

RECORDS = length(2, 6)
STATES = length(4_000, 100_000)
REFUNDS = 300
PATIENCE = 60
# At least so many are there to be killed at.
OPERATIONS_OF_A_START = 150


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Runs of a fresh server under load, from its first start to its end; every other first start is killed."""
    folder = tmp_path_factory.mktemp("records")
    return [run(folder / str(number), number) for number in range(RECORDS)]


def run(folder, seed):
    data = folder / "data"
    data.mkdir(parents=True)
    record = folder / "record"
    library = recorder.build(folder)
    # A short log, so that checkpoints come soon.
    environment = recorder.environment(library, data, record) | {"STORNO_SQLITE_LOG_MEGABYTES": "1"}
    if seed % 2 == 1:
        place = random.Random(seed).randint(1, OPERATIONS_OF_A_START)
        with pytest.raises(AssertionError, match="ended with -9"):
            Storno(data, environment=recorder.environment(library, data, record, die_at=place)).start()
    with Storno(data, environment=environment).start() as server:
        keys = {api.name: server.key(api.name) for api in APIS}
        load = traffic.Traffic(seed, keys, traffic.payments(server, keys), refunds=REFUNDS).start(server.port)
        load.join()
        # Once more when the workers are done with them, so that this too was answered.
        load.look_at_all(server.port, until_paid=PATIENCE)
        assert server.stop() == 0
    keys = {refund.id: wish.key for wish, refund in load.acknowledged.items()}
    made = Record(record, data.stat().st_ino, keys)
    assert_complete(made, data, load)
    return made


def assert_complete(record, data, load):
    """Nothing was written or answered that the record does not have."""
    entries = recorder.read(record.path)
    view = disk.Disk(record.folder)
    checkpoints = 0
    for time, entry in enumerate(entries):
        was_pending = view.is_pending("storno.sqlite")
        view.follow(time, entry)
        checkpoints += was_pending and not view.is_pending("storno.sqlite")
    content = view.content
    there = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file() and path.name != "server.log"}
    there.pop("storno.sqlite-shm", None)
    assert there.keys() == content.keys()
    assert [name for name in there if there[name] != content[name]] == []
    answered = {(refund.id, refund.payment, refund.amount) for refund in Answers(entries).refunds}
    told = {(refund.id, refund.payment, refund.amount) for refund in load.acknowledged.values()}
    assert told <= answered and len(told) == REFUNDS
    assert checkpoints >= 3


def test_no_power_cut_takes_back_what_was_answered(records, measured):
    shares = [cut(record, disk.Disk, STATES // RECORDS, number) for number, record in enumerate(records)]
    outcomes = [outcome for share in shares for outcome in share]
    phases = collections.Counter(outcome.phase for outcome in outcomes)
    promised = sum(outcome.is_promised for outcome in outcomes)
    started = sum(outcome.is_carried_on for outcome in outcomes)
    measured(
        f"{len(outcomes)} states {dict(phases)}, {promised} after answers, {started} carried on by the program: "
        f"{power_cuts.summary(outcomes)}"
    )
    assert len(outcomes) >= STATES * 0.95
    assert set(phases) == {"start", "checkpoint", "commit"} and min(phases.values()) >= STATES // 5
    assert promised >= STATES // 3 and started >= STATES // 400
    assert power_cuts.summary(outcomes) == {"right": len(outcomes)}


def test_a_log_that_is_not_synced_loses_what_was_answered(records, measured):
    """What shows that the rig sees a loss: the same writes as SQLite leaves them at synchronous=NORMAL."""
    outcomes = cut(records[0], NormalDisk, STATES // 10, "normal", names=("journalled",))
    lossy = [outcome for outcome in outcomes if outcome.phase == "commit" and outcome.data != "everything"]
    lost = [outcome for outcome in lossy if outcome.verdict.startswith("lost: ")]
    measured(f"{len(lost)} of {len(lossy)} lossy states lost what was answered: {power_cuts.summary(outcomes)}")
    assert len(lossy) >= STATES // 60 and len(lost) > len(lossy) / 2
    # NORMAL loses, but does no harm to what it keeps. The program itself sees it where the log has a gap.
    refused = [outcome.verdict for outcome in outcomes if outcome.verdict.startswith("refused: ")]
    assert all("-wal is damaged at byte" in verdict for verdict in refused)
    assert all(outcome.verdict.startswith(("right", "lost: ", "refused: ")) for outcome in outcomes)


def test_a_database_that_is_not_synced_is_corrupt(records, measured):
    """What shows that the rig sees harm: the same writes where the syncs of the database itself do nothing."""
    outcomes = cut(records[0], NoDatabaseSync, STATES // 20, "off", names=("journalled",))
    lossy = [outcome for outcome in outcomes if outcome.phase == "checkpoint" and outcome.data != "everything"]
    corrupt = [outcome for outcome in lossy if outcome.verdict.startswith("corrupt: ")]
    measured(f"{len(corrupt)} of {len(lossy)} lossy states were corrupt")
    assert len(lossy) >= STATES // 120 and len(corrupt) > len(lossy) / 4
