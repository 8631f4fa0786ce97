"""A grown installation moves from its file to PostgreSQL: whole, once, also when it is cut off, and no server starts on
the file any more."""
import json
import os
import pathlib
import random
import signal
import subprocess
import time
import uuid

import pytest
import requests

from lengths import length
from merchants import collctiv_payment
from nodes import Node
from postgres_server import private_server
from server import BINARY, Storno

REFUNDS = length(300, 20_000)
SOURCES = pathlib.Path(__file__).resolve().parents[3] / "Sources/PostgresStorage/Migrations"
MIGRATIONS = sorted(file.stem[1:] for file in SOURCES.glob("M0*.swift"))


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


@pytest.fixture
def target(database):
    name = f"copy_{uuid.uuid4().hex}"
    database.sql(f"CREATE DATABASE {name} OWNER storno")
    return database.url(database=name)


@pytest.fixture
def shop(tmp_path):
    """A stopped server with refunds, and its key of Collctiv's API."""
    folder = tmp_path / "file"
    folder.mkdir()
    with Storno(folder).start() as server:
        key = server.key("collctiv")
        payment = collctiv_payment(server.url, key, REFUNDS * 10)
        with requests.Session() as session:
            session.headers = {"Authorization": f"Bearer {key}"}
            for number in range(REFUNDS):
                made = session.post(
                    f"{server.url}/v1/refunds",
                    headers={"Idempotency-Key": f"refund-{number}"},
                    json={"amount": 10, "payment": payment, "reason": {"code": "duplicate", "comment": "é\u0007"}},
                )
                assert made.status_code == 200, made.text
        assert server.stop() == 0
    return server, key, payment


def copy(server, target, database, **options):
    return subprocess.Popen(
        [str(BINARY), "copy", "--from", server.database, "--to", target],
        cwd=server.folder,
        env=os.environ | database.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def node(server, target, database):
    """A node on the copy, with the file's secret key."""
    folder = server.folder.parent / "node"
    os.link(server.folder / "storno.key", server.folder.parent / "storno.key")
    return Node(folder, target, database.environment)


def test_everything_is_there_and_goes_on(shop, target, database):
    server, key, payment = shop
    done = copy(server, target, database)
    words = done.communicate(timeout=300)[1]
    assert done.returncode == 0, words
    assert "No findings" in words
    with node(server, target, database).start() as moved:
        moved.verify()
        headers = {"Authorization": f"Bearer {key}"}
        for number in random.Random(1).sample(range(REFUNDS), 20):
            again = requests.post(
                f"{moved.url}/v1/refunds",
                headers=headers | {"Idempotency-Key": f"refund-{number}"},
                json={"amount": 10, "payment": payment, "reason": {"code": "duplicate", "comment": "é\u0007"}},
            )
            assert again.status_code == 200
        over = requests.post(
            f"{moved.url}/v1/refunds",
            headers=headers,
            json={"amount": 10, "payment": payment, "reason": {"code": "duplicate"}},
        )
        assert over.status_code == 402, "what was refunded in the file counts in the copy"


def heads_of(server):
    return json.loads(server.command("audit", "head", "--database", server.database).stdout)


def test_the_audit_trail_comes_along_and_goes_on(shop, target, database, tmp_path):
    server, _, payment = shop
    file = tmp_path / "heads.json"
    with server.start():
        # A start has other things to do first than to chain what was left.
        deadline = time.monotonic() + 60
        while len(heads := heads_of(server)) < 2 or heads[0]["number"] <= REFUNDS:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert server.stop() == 0
    file.write_text(json.dumps(heads))
    test, live = heads
    assert live["number"] == 1
    assert copy(server, target, database).wait(timeout=300) == 0
    with node(server, target, database).start() as moved:
        for again in range(2):
            checked = subprocess.run(
                [str(BINARY), "audit", "verify", "--json", "--against", str(file), "--database", target],
                env=os.environ | database.environment,
                capture_output=True,
                text=True,
            )
            assert checked.returncode == 0 and json.loads(checked.stdout) == [], checked.stdout + checked.stderr
            if not again:
                moved.key("cari")
                time.sleep(2.5)
        head = subprocess.run(
            [str(BINARY), "audit", "head", "--database", target], env=os.environ | database.environment, capture_output=True
        )
        assert json.loads(head.stdout)[0]["number"] > test["number"]


def test_no_server_starts_on_the_file_afterwards(shop, target, database):
    server, _, _ = shop
    assert copy(server, target, database).wait(timeout=300) == 0
    with pytest.raises(AssertionError, match="ended with 69.*moved"):
        Storno(server.folder).start()
    server.verify()


def test_cut_off_anywhere_it_goes_on_where_it_was(shop, target, database):
    server, _, _ = shop
    chance, cuts = random.Random(2), 0
    for longest in [0.1, *[1.5] * length(5, 39)]:
        run = copy(server, target, database, start_new_session=True)
        try:
            run.wait(timeout=chance.uniform(0.05, longest))
            break
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            cuts += 1
    if run.returncode != 0:
        run = copy(server, target, database)
        words = run.communicate(timeout=300)[1]
        assert run.returncode == 0, words
    assert cuts > 0
    with node(server, target, database).start() as moved:
        moved.verify()


def test_no_node_starts_on_half_a_copy(shop, target, database):
    server, _, _ = shop
    run = copy(server, target, database, start_new_session=True)
    deadline = time.monotonic() + 60
    name = target.split("?")[0].rsplit("/", 1)[1]
    query = "SELECT count(*) FROM pg_tables WHERE tablename = 'meta'"
    while time.monotonic() < deadline:
        if database.sql(query, database=name).strip() == "1":
            if database.sql("SELECT count(*) FROM meta WHERE name = 'copying'", database=name).strip() == "1":
                break
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    if database.sql("SELECT count(*) FROM meta WHERE name = 'copying'", database=name).strip() == "1":
        with pytest.raises(AssertionError, match="ended with 69.*copied"):
            node(server, target, database).start()


def test_books_are_copied_into_an_empty_database_alone(shop, target, database):
    server, _, _ = shop
    with node(server, target, database).start() as other:
        other.key("stancer")
        run = copy(server, target, database)
        words = run.communicate(timeout=300)[1]
        assert run.returncode == 1 and "empty" in words, words
    with Storno(server.folder).start():
        pass


def test_migrate_says_what_it_would_do_and_does_it(target, database, tmp_path):
    environment = os.environ | database.environment | {"STORNO_SECRET_KEY_FILE": str(tmp_path / "storno.key")}

    def migrate(*arguments):
        line = [str(BINARY), "migrate", "--database", target, *arguments]
        return subprocess.run(line, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    planned = migrate("--dry-run")
    assert planned.returncode == 0 and planned.stdout.split() == MIGRATIONS, planned.stderr
    assert migrate("--dry-run").stdout == planned.stdout, "a dry run changed something"
    done = migrate()
    assert done.returncode == 0 and done.stdout == planned.stdout, done.stderr
    assert migrate().stdout == ""
