"""What a server says of a PostgreSQL database that it cannot, or should not, work with."""
import os
import subprocess
import time

import pytest

from nodes import Node
from postgres_server import private_server
from server import BINARY


@pytest.fixture(scope="module")
def database():
    with private_server() as server:
        yield server


def refusal(folder, url, environment):
    line = [str(BINARY), "serve", "--port", "0", "--database", url]
    done = subprocess.run(
        line, env=os.environ | environment, cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode in (64, 69), done.stderr
    assert "secret-word" not in done.stderr + done.stdout, "a password is repeated"
    return done.stderr


@pytest.mark.parametrize(
    "url, words",
    [
        ("postgres://storno:secret-word@127.0.0.1:1/books", "127.0.0.1:1"),
        ("mysql://storno:secret-word@127.0.0.1/books", "postgres://USER@HOST/NAME"),
        ("postgres://storno:secret-word@127.0.0.1:1/books?no_such_option=1", "no_such_option"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(tmp_path, url, words):
    assert words in refusal(tmp_path, url, {})


def test_a_server_that_forgets_is_refused(database, tmp_path):
    change(database, "SET full_page_writes = off", "full_page_writes", "off")
    try:
        assert "full_page_writes = off" in refusal(tmp_path, database.url(), database.environment)
    finally:
        change(database, "RESET full_page_writes", "full_page_writes", "on")


def change(database, words, setting, value):
    """Returns when new connections see it."""
    database.sql(f"ALTER SYSTEM {words}", database="postgres")
    database.sql("SELECT pg_reload_conf()", database="postgres")
    deadline = time.monotonic() + 30
    while database.sql(f"SHOW {setting}", database="postgres").strip() != value:
        assert time.monotonic() < deadline, f"{setting} does not change"


def test_synchronous_commit_is_on_whatever_the_role_says(database, tmp_path):
    database.sql("CREATE DATABASE lax OWNER storno", database="postgres")
    database.sql("ALTER ROLE storno IN DATABASE lax SET synchronous_commit = off", database="postgres")
    url = database.url(database="lax")
    with Node(tmp_path / "node", url, database.environment).start() as node:
        node.key("stancer")
        node.verify()


def test_another_key_is_refused(database, tmp_path):
    database.sql("CREATE DATABASE bound OWNER storno", database="postgres")
    url = database.url(database="bound")
    with Node(tmp_path / "node", url, database.environment).start():
        pass
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert "another secret key" in refusal(other, url, database.environment) or "no such file" in refusal(
        other, url, database.environment
    )
