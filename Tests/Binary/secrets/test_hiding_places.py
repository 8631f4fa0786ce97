"""The search itself: what is planted in any place, in any encoding, is found. Without this the sweep proves nothing."""
import base64
import hashlib
import os
import sqlite3
import subprocess
import sys
import time

import pytest

from canaries import KINDS, Canaries, base36, digests, encodings, patterns
from hiding_places import Place, blanked, columns, copies, files, found, process


@pytest.mark.parametrize("kind", [*KINDS, "number"])
def test_a_canary_is_found_in_every_encoding(kind):
    canaries = Canaries()
    for _ in range(40):
        canary = canaries.one(kind)
        for plain, what in encodings(canary).items():
            if "base64" in what:
                continue
            assert found([Place("a file", b"\x00before " + plain + b" after")], patterns()), f"{canary}: {what}"


@pytest.mark.parametrize("kind", [*KINDS, "number"])
@pytest.mark.parametrize("offset", range(6))
def test_a_canary_inside_of_base64_is_found(kind, offset):
    text = b"x" * offset + Canaries().one(kind).encode() + b" and more"
    for written in [base64.b64encode(text), base64.urlsafe_b64encode(text)]:
        assert found([Place("a file", b'{"a": "' + written + b'"}')], patterns())


def test_numbers_of_cards_pass_the_check_of_every_scheme():
    canaries = Canaries()
    made = {canaries.one(kind) for kind in ["card", "number"] for _ in range(100)}
    assert {len(number) for number in made} == {15, 16, 19}
    for number in made:
        digits = [int(digit) for digit in reversed(number)]
        assert sum(digits[0::2] + [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]) % 10 == 0


def test_what_nobody_sent_is_not_found():
    noise = os.urandom(1 << 20) + " ".join(base36(number * 7919, 8) for number in range(100_000)).encode()
    assert found([Place("noise", noise)], patterns()) == []


def test_a_plain_digest_is_found():
    number = Canaries().one("number")
    for name in ["md5", "sha1", "sha256", "sha512"]:
        for digest in [
            hashlib.new(name, number.encode()).digest(),
            hashlib.new(name, number.encode()).hexdigest().encode(),
        ]:
            assert found([Place("a column", b"\x01" + digest)], digests(number))


@pytest.fixture
def planted(storno):
    """A running server in whose every place something is planted, and what."""
    canaries = Canaries()
    canary = {name: canaries.one("email") for name in ["log", "row", "file", "argument", "variable", "deleted file"]}
    with open(storno.folder / "server.log", "a") as log:
        log.write(f"2026-01-01 error storno: could not do it for {canary['log']}\n")
    opened = sqlite3.connect(storno.folder / "storno.sqlite", timeout=10)
    opened.execute("INSERT INTO meta (name, value) VALUES ('planted', ?)", [canary["row"]])
    opened.commit()
    (storno.folder / "left").mkdir()
    (storno.folder / "left" / "temporary").write_text(canary["file"])
    script = (
        "import sys; f = open('gone', 'w+'); f.write(sys.argv[1]); f.flush(); import os; os.unlink('gone'); input()"
    )
    talker = subprocess.Popen(
        [sys.executable, "-c", script, canary["deleted file"]],
        cwd=storno.folder,
        env=os.environ | {"PLANTED": canary["variable"]},
        stdin=subprocess.PIPE,
    )
    deadline = time.monotonic() + 20
    while not any("gone" in place.name and place.content for place in process(talker.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield storno, talker, canary
    talker.communicate(b"\n")
    opened.close()


def where(places):
    return {hit.split(" has ")[0] for hit in found(places, patterns())}


def test_what_is_planted_is_found_in_each_place(planted, tmp_path_factory):
    server, talker, canary = planted
    assert {"data: server.log", "data: storno.sqlite-wal", "data: left/temporary"} <= where(
        files(server.folder, "data")
    )
    shown = where(process(talker.pid))
    assert {"/proc/PID/cmdline", "/proc/PID/environ"} <= shown and any("(deleted)" in name for name in shown)
    assert any("storno.sqlite-wal" in name for name in where(process(server.process.pid)))
    copied = copies(server.folder / "storno.sqlite", tmp_path_factory.mktemp("copies"))
    for how, copy in copied.items():
        assert found([Place(how, copy.read_bytes())], patterns()), how
        hit = [name for name, values in columns(copy) if canary["row"].encode() in values]
        assert hit == ["meta.value"]


def test_a_blanked_column_is_empty_and_the_others_are_not(planted, tmp_path):
    server, _, canary = planted
    copy = tmp_path / "blanked.sqlite"
    blanked(server.folder / "storno.sqlite", ["meta.value"], copy)
    assert found([Place("blanked", copy.read_bytes())], patterns()) == []
    blanked(server.folder / "storno.sqlite", ["customer.metadata", "payment.metadata"], copy)
    assert found([Place("blanked", copy.read_bytes())], patterns())
