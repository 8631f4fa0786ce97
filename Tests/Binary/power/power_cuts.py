"""Cuts the power at many moments of a record, in many ways, and looks at what each leaves."""
import collections
import dataclasses
import multiprocessing
import pathlib
import random
import tempfile

import books
import disk
import recorder
from answers import Answers
from server import Storno

PROCESSES = 2
STATES_OF_A_MOMENT = 8
# This share of the states is also opened, carried on with and verified by the program itself.
PROGRAM_SHARE = {"start": 1 / 100, "checkpoint": 1 / 1000, "commit": 1 / 1000}


@dataclasses.dataclass(frozen=True)
class Record:
    """What one run of the server left."""

    path: pathlib.Path
    folder: int
    """The inode of its data folder."""
    keys: dict
    """The idempotency key of each refund's id, as the clients know it."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one state held."""

    time: int
    phase: str
    data: str
    names: str
    is_promised: bool
    """Somebody had been answered."""
    is_carried_on: bool
    """The program itself was started on it."""
    verdict: str


class NormalDisk(disk.Disk):
    """The same writes as SQLite leaves them at synchronous=NORMAL, where it syncs the log only for a checkpoint.

    A checkpoint's own sync of the log is the one that finds nothing new in it, since every commit has been synced
    already. That of a log which begins anew finds its header alone.
    """

    HEADER = 32

    def __init__(self, folder):
        super().__init__(folder)
        self.last_sync = 0

    def settle(self, file, time):
        log = self.names.get("storno.sqlite-wal")
        if log and file == log.inode:
            new = [change for change in log.pending if self.last_sync <= change.time < time]
            self.last_sync = time
            if new and [(change.offset, len(change.data)) for change in new] != [(0, self.HEADER)]:
                return
        super().settle(file, time)


class NoDatabaseSync(disk.Disk):
    """The same writes without any sync of the database file itself."""

    def settle(self, file, time):
        database = self.names.get("storno.sqlite")
        if not (database and file == database.inode):
            super().settle(file, time)


def phase(view, time, first_answer):
    if time < first_answer:
        return "start"
    return "checkpoint" if view.is_pending("storno.sqlite") else "commit"


def moments(entries, record, kind, count, chance):
    """When to cut: as often at the start, where the schema is made, and at checkpoints as at all other times."""
    answers = Answers(entries)
    view = kind(record.folder)
    found = collections.defaultdict(list)
    for time, entry in enumerate(entries):
        view.follow(time, entry)
        if not view.is_settled:
            found[phase(view, time, answers.times[0])].append(time)
    share = count // len(found)
    return {time: name for name, times in found.items() for time in chance.sample(times, min(share, len(times)))}


def cut(record, kind, states, seed, names=disk.NAMES):
    """Looks at so many states, on all processors.

    - kind: how the disk behaves.
    - names: how names reach it.
    """
    tasks = [(record, kind, states // PROCESSES, f"{seed} {part}", names) for part in range(PROCESSES)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        return [outcome for part in pool.starmap(cut_alone, tasks) for outcome in part]


def cut_alone(record, kind, states, seed, names):
    chance = random.Random(seed)
    entries = recorder.read(record.path)
    answers = Answers(entries)
    chosen = moments(entries, record, kind, states * 21 // 20 // STATES_OF_A_MOMENT, chance)
    view = kind(record.folder)
    outcomes = []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        for time, entry in enumerate(entries):
            view.follow(time, entry)
            if time not in chosen:
                continue
            answered = answers.until(time)
            for data, way, state in distinct_states(view, names, chance):
                verdict = look(state, scratch, answered, record.keys)
                carries_on = verdict == "right" and chance.random() < PROGRAM_SHARE[chosen[time]]
                if carries_on:
                    verdict = carry_on(state, answered, record.keys)
                outcomes.append(Outcome(time, chosen[time], data, way, bool(answered), carries_on, verdict))
    return outcomes


def distinct_states(view, names, chance):
    """Different states that the disk could be in at this moment."""
    ways = [(data, way) for data in disk.DATA for way in names] * 2
    chance.shuffle(ways)
    known = set()
    for data, way in ways:
        state = disk.state(view, data, way, chance)
        if (signature := disk.signature(state)) not in known and len(known) < STATES_OF_A_MOMENT:
            known.add(signature)
            yield data, way, state


def look(state, folder, answered, keys):
    disk.store(state, folder)
    try:
        books.check(folder, answered, keys)
    except books.Wrong as wrong:
        return str(wrong)
    return "right"


def carry_on(state, answered, keys):
    """The program itself starts on this state and goes on with it."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        disk.store(state, folder)
        try:
            with Storno(folder).start() as server:
                server.verify()
                server.stop()
            books.check(folder, answered, keys)
        except AssertionError as failure:
            return f"refused: {failure}"
        except books.Wrong as wrong:
            return f"after a restart: {wrong}"
    return "right"


def summary(outcomes):
    """How often which verdict came."""
    return dict(collections.Counter(outcome.verdict for outcome in outcomes).most_common())
