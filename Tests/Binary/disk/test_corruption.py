"""Files whose bytes changed: harmless, or detected, or refused with words; never a wrong amount, never a trap."""
import collections
import concurrent.futures
import random
import re
import shutil
import sqlite3

import pytest

from disk_flips import DAMAGED, Original, Served, amount_of, captured, content, last_commit, record_headers, verify
from disk_merchant import DIALECTS
from lengths import length

FLIPS = length(60, 7_000)
TYPE_FLIPS = length(40, 2_000)
LOG_FLIPS = length(15, 1_000)
SERVED_EVERY = length(8, 4)
"""So many of the flips that `storno verify` finds are served all the same: with words, not by a trap."""
AT_ONCE = 2


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    return Original(tmp_path_factory.mktemp("stopped"))


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    return Original(tmp_path_factory.mktemp("killed"), killed=True)


class Flip:
    """One byte of one file, changed; and what becomes of it."""

    def __init__(self, original, folder, name, offset, bits, is_served):
        data = bytearray((original.folder / name).read_bytes())
        data[offset] ^= bits
        self.place = f"{name} byte {offset} ^ {bits}"
        self.wrong, self.trapped = [], None
        original.copy(folder, name, bytes(data))
        self.fate = self._fate(original, folder, is_served)
        shutil.rmtree(folder)

    def _fate(self, original, folder, is_served):
        # What reads the same in full needs no server to serve it.
        is_same = content(folder) == original.content
        code = verify(folder)
        if code not in (0, *DAMAGED):
            self.trapped = f"verify ended with {code}"
            return "trapped"
        if is_same and not is_served:
            return "harmless"
        if code in DAMAGED and not is_served:
            return "found by verify"
        served = Served(original, folder)
        if served.is_trapped:
            self.trapped = f"serve ended with {served.code}"
            return "trapped"
        if code in DAMAGED:
            return "found by verify"
        self.wrong = served.wrong
        return "served" if served.code is None else "refused by the start"


def flip_all(original, tmp_path, places, served_every=SERVED_EVERY):
    """Each place is a file's name, an offset, and the bits that change."""

    def one(index):
        return Flip(original, tmp_path / f"flip{index}", *places[index], index % served_every == 0)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(len(places))))


def anywhere(original, name, count, seed, end=None):
    """Bytes at random before `end`, seldom in room that is empty."""
    chance = random.Random(seed)
    data = (original.folder / name).read_bytes()[:end]
    for _ in range(count):
        offset = chance.randrange(len(data))
        while data[offset] == 0 and chance.random() < 0.9:
            offset = chance.randrange(len(data))
        yield name, offset, 1 << chance.randrange(8)


def report(flips):
    fates = collections.Counter(flip.fate for flip in flips)
    return ", ".join(f"{count} {fate}" for fate, count in fates.most_common())


def assert_sound(flips):
    trapped = [f"{flip.place}: {flip.trapped}" for flip in flips if flip.trapped]
    assert not trapped, f"{len(trapped)} ended by a trap: " + "; ".join(trapped[:10])
    wrong = [f"{flip.place}: {flip.wrong[0][:2]}" for flip in flips if flip.wrong]
    assert not wrong, f"verify finds nothing, but {len(wrong)} amounts are wrong: " + "; ".join(wrong[:10])


def test_a_changed_byte_in_the_database(stopped, tmp_path, measured):
    flips = flip_all(stopped, tmp_path, list(anywhere(stopped, "storno.sqlite", FLIPS, 1)))
    measured(f"{len(flips)} flips: {report(flips)}")
    assert_sound(flips)


def test_a_changed_type_of_a_column(stopped, tmp_path, measured):
    """A number that is a text now, an id that has lost half of its bytes, nothing where there was a word."""
    places = list(record_headers((stopped.folder / "storno.sqlite").read_bytes()))
    chance = random.Random(3)
    chosen = [("storno.sqlite", chance.choice(places), 1 << chance.randrange(8)) for _ in range(TYPE_FLIPS)]
    flips = flip_all(stopped, tmp_path, chosen, served_every=1)
    measured(f"{len(flips)} flips: {report(flips)}")
    assert_sound(flips)


def test_a_changed_amount_is_found_wherever_it_stands(stopped, tmp_path, measured):
    """As a number in a cell and as digits in a text: each place of the last refund's amount and of each payment's."""
    data = (stopped.folder / "storno.sqlite").read_bytes()
    places = []
    for dialect in DIALECTS[: length(1, 3)]:
        for amount in [amount_of(dialect, 3), captured(dialect)]:
            forms = [amount.to_bytes((amount.bit_length() + 7) // 8, "big"), str(amount).encode()]
            for form in forms:
                places += [
                    ("storno.sqlite", found.start() + len(form) - 1, 1) for found in re.finditer(re.escape(form), data)
                ]
    flips = flip_all(stopped, tmp_path, places)
    measured(f"{len(flips)} places of amounts: {report(flips)}")
    assert len(flips) > 10
    assert_sound(flips)


def test_a_changed_byte_in_the_log(killed, tmp_path, measured):
    """What was acknowledged is not taken back without a word. Only the last commit looks like one that was torn off."""
    end = last_commit((killed.folder / "storno.sqlite-wal").read_bytes())
    flips = flip_all(killed, tmp_path, list(anywhere(killed, "storno.sqlite-wal", LOG_FLIPS, 2, end)))
    measured(f"{len(flips)} flips: {report(flips)}")
    assert_sound(flips)


def test_a_changed_secret_key_is_refused(stopped, tmp_path):
    """Whether it still is a key or not; and it is not made anew."""
    data = (stopped.folder / "storno.key").read_bytes()
    for offset in range(0, len(data), length(11, 1)):
        changed = data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]
        folder = stopped.copy(tmp_path / "changed", "storno.key", changed)
        served = Served(stopped, folder)
        assert served.code in (64, 69) or changed.strip() == data.strip(), offset
        assert (folder / "storno.key").read_bytes() == changed


def test_the_rig_sees_a_wrong_amount(stopped, tmp_path):
    """Books that were changed throughout would be served as they are: the comparison sees it."""
    folder = stopped.copy(tmp_path / "changed")
    database = sqlite3.connect(folder / "storno.sqlite")
    with database:
        database.execute("UPDATE payment SET captured = captured - 1, authorized = authorized - 1")
    database.close()
    assert Served(stopped, folder).wrong
    assert verify(folder) == 2
