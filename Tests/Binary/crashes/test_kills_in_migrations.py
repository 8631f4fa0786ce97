"""A start that makes or migrates its database, killed before each thing that it does to the disk."""
import concurrent.futures
import random
import sqlite3

import pytest

import books
import old_database
import recorder
from lengths import is_proof, length
from recorder import Operation
from server import Storno

WORKERS = 2
# A short run leaves out most writes, but no sync, creation, removal, new length or new name.
WRITES = length(12, None)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return recorder.build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="module")
def newest(tmp_path_factory):
    """The schema that a first start makes."""
    folder = tmp_path_factory.mktemp("newest")
    with Storno(folder).start() as server:
        assert server.stop() == 0
    return old_database.schema(folder)


def empty(folder):
    pass


def first_schema(folder):
    old_database.make("0001", folder)


def second_schema(folder):
    old_database.make("0002", folder)


def operations(library, folder):
    """What a start does to the files of its folder, up to its end."""
    server = Storno(folder, environment=recorder.environment(library, folder, folder.with_suffix(".record"))).start()
    server.kill()
    entries = recorder.read(folder.with_suffix(".record"))
    return [entry.operation for entry in entries if entry.operation not in (Operation.SYNC_END, Operation.SENT)]


def places(done, chance):
    """Before which of the operations to kill, and one after the last, where nothing may happen any more."""
    writes = [number for number, operation in enumerate(done, 1) if operation == Operation.WRITE]
    others = [number for number, operation in enumerate(done, 1) if operation != Operation.WRITE]
    return sorted(others + (chance.sample(writes, min(WRITES, len(writes))) if WRITES else writes)) + [len(done) + 1]


def is_killed(server):
    """Whether it was killed before it listened."""
    try:
        server.start()
    except AssertionError as failure:
        assert server.process.returncode == -9, failure
        return True
    server.kill()
    return False


@pytest.mark.parametrize(
    "make", [empty, first_schema, second_schema], ids=["a fresh folder", "the first schema", "the second schema"]
)
def test_a_killed_migration_is_finished_by_the_next_start(make, library, newest, tmp_path, measured):
    def folder_named(name):
        folder = tmp_path / name
        folder.mkdir()
        make(folder)
        return folder

    begin = folder_named("begin")
    before = old_database.Contents(begin) if make is not empty else None
    done = operations(library, begin)
    chosen = places(done, random.Random(5))

    def kill_and_start_again(place):
        folder = folder_named(str(place))
        killed = is_killed(Storno(folder, environment=recorder.environment(library, folder, die_at=place)))
        finish(folder, newest, before)
        return killed

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        killed = list(pool.map(kill_and_start_again, chosen))
    measured(f"killed before {sum(killed)} of {len(done)} operations, then untouched")
    assert killed == [True] * (len(chosen) - 1) + [False]
    assert not is_proof or len(chosen) == len(done) + 1


def finish(folder, newest, before):
    """The next start finishes: everything of the newest schema is there, and nothing of the data has changed."""
    with Storno(folder).start() as server:
        assert server.stop() == 0
        server.verify()
    assert old_database.schema(folder) == newest
    assert not list(folder.glob("storno.key.*"))
    books.check(folder, [])
    if before:
        after = old_database.Contents(folder, before.columns)
        assert (after.rows, after.secret_key) == (before.rows, before.secret_key)


def test_what_stood_in_clear_is_overwritten(tmp_path):
    """By the migration that seals it: not in the database, nor in its log."""
    old_database.make("0002", tmp_path)
    rows = old_database.Contents(tmp_path).rows
    texts = {text.encode() for person in rows["person"].values() for text in person.values() if len(text) > 8}
    texts |= {body for _, _, body in rows["answer"]} | {text.encode() for *_, text in rows["note"] if len(text) > 8}
    assert len(texts) > 5
    with Storno(tmp_path).start() as server:
        assert server.stop() == 0
    for name in ["storno.sqlite", "storno.sqlite-wal"]:
        path = tmp_path / name
        assert not path.exists() or not [text for text in texts if text in path.read_bytes()], name


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_what_an_old_database_holds_is_served(schema, tmp_path):
    old_database.make(schema, tmp_path)
    rows = old_database.Contents(tmp_path)
    assert {"succeeded", "failed", "canceled"} <= {row for table in rows.rows["refund"] for row in table}
    with Storno(tmp_path).start() as server:
        shown = server.command("refunds", "list", "--status", "succeeded", "--database", server.database).stdout
    assert shown.count("succeeded") == sum("succeeded" in row for row in rows.rows["refund"])


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["verify"], ["keys", "list"]], ids=" ".join)
def test_a_newer_database_is_refused_with_words(stopped, arguments):
    """As an older program meets the database of a newer one."""
    stopped.key("cari")
    with sqlite3.connect(stopped.folder / "storno.sqlite") as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('9999')")
    database.close()
    before = old_database.Contents(stopped.folder).rows, old_database.schema(stopped.folder)
    bytes_before = (stopped.folder / "storno.sqlite").read_bytes()
    done = stopped.command(*arguments, "--database", stopped.database, check=False)
    words = "was written by a newer storno. Start that version, or restore a backup from before the upgrade."
    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr.strip().endswith(f"{stopped.folder / 'storno.sqlite'} {words}")
    assert (stopped.folder / "storno.sqlite").read_bytes() == bytes_before
    assert (old_database.Contents(stopped.folder).rows, old_database.schema(stopped.folder)) == before
