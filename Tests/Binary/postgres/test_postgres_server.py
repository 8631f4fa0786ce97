"""The private PostgreSQL that other tests stand on: what its standby keeps, how it dies, and what it leaves behind."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

import psycopg
import pytest

from postgres_server import private_server

WITH_POSTGRES = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "with-postgres"


def test_what_was_committed_before_the_kill_is_on_the_promoted_standby():
    with private_server() as primary:
        standby = primary.standby(primary.folder.parent / "second", "second")
        primary.sql("CREATE TABLE told (number int)", user="storno")
        primary.sql("INSERT INTO told SELECT generate_series(1, 1000)", user="storno")
        primary.kill()
        standby.promote()
        assert standby.sql("SELECT count(*) FROM told") == "1000"
        standby.sql("INSERT INTO told VALUES (1001)", user="storno")


def test_the_killed_server_follows_the_other_after_a_copy_on_its_old_port():
    with private_server() as first:
        second = first.standby(first.folder.parent / "second", "second")
        first.kill()
        second.promote()
        again = second.standby(first.folder.parent / "third", "third", port=first.port)
        url = again.url(second)
        with psycopg.connect(url, password=first.password) as connection:
            assert connection.info.port == second.port, "the URL leads to the one that takes writes"
            connection.execute("CREATE TABLE told (number int)")
        second.kill()
        again.promote()
        with psycopg.connect(url, password=first.password) as connection:
            assert connection.info.port == first.port
            assert connection.execute("SELECT count(*) FROM told").fetchone() == (0,)


def test_a_commit_waits_for_the_synchronous_standby():
    with private_server() as primary:
        standby = primary.standby(primary.folder.parent / "second", "second")
        standby.pause()
        waiting = subprocess.Popen(
            ["psql", "-X", "-d", primary.url(), "-c", "CREATE TABLE late (number int)"],
            env=os.environ | primary.environment,
            stdout=subprocess.DEVNULL,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=2)
        standby.resume()
        assert waiting.wait(timeout=30) == 0


def test_a_paused_server_is_silent_until_it_is_resumed():
    with private_server() as server:
        server.pause()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url(), password=server.password, connect_timeout=2)
        server.resume()
        psycopg.connect(server.url(), password=server.password, connect_timeout=10).close()


def test_it_is_not_run_by_root():
    with private_server() as server:
        owners = set()
        for process in server.processes():
            with contextlib.suppress(FileNotFoundError):  # some come and go
                owners.add(os.stat(f"/proc/{process}").st_uid)
        assert owners and 0 not in owners


def test_the_command_beside_it_finds_it_and_gives_its_exit_code():
    script = 'test "$(psql -XAt "$STORNO_TEST_POSTGRES" -c "SHOW fsync")" = on && exit 7'
    assert subprocess.run([WITH_POSTGRES, "sh", "-c", script], timeout=120).returncode == 7


def test_nothing_stays_behind_when_the_test_run_is_killed():
    script = 'psql -XAt "$STORNO_TEST_POSTGRES&user=postgres" -c "SHOW data_directory"; kill -9 $PPID'
    done = subprocess.run([WITH_POSTGRES, "sh", "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL
    data = pathlib.Path(done.stdout.strip())
    assert data.name == "data"
    deadline = time.monotonic() + 20
    while data.parent.parent.exists():
        assert time.monotonic() < deadline, f"{data.parent.parent} is still there"
        time.sleep(0.1)
    links = [str(folder / "cwd") for folder in pathlib.Path("/proc").glob("[0-9]*")]
    assert not [link for link in links if os.path.exists(link) and os.readlink(link).startswith(str(data))]
