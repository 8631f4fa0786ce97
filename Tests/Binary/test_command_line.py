"""The command line, as a person and as a script use it."""
import json
import os
import re
import signal
import stat
import time

import pytest
import requests

from server import Storno


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_printed_alone_and_is_not_in_the_database(stopped):
    made = stopped.command("keys", "create", "--dialect", "cari", "--mode", "test", "--database", stopped.database)
    key = made.stdout.strip()
    assert re.fullmatch(r"sk_test_[A-Za-z0-9]{8,}\n", made.stdout)
    assert key not in made.stderr
    for file in stopped.folder.iterdir():
        assert key.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    "dialect, mode, form",
    [
        ("cari", "live", r"sk_live_[A-Za-z0-9]{8,}"),
        ("collctiv", "test", r"clv_test_[A-Za-z0-9]{32}"),
        ("collctiv", "live", r"clv_live_[A-Za-z0-9]{32}"),
        ("stancer", "test", r"stest_\w{24}"),
        ("stancer", "live", r"sprod_\w{24}"),
    ],
)
def test_keys_have_their_vendors_form(stopped, dialect, mode, form):
    assert re.fullmatch(form, stopped.key(dialect, mode))


def test_a_key_made_while_the_server_runs_counts_at_once_and_so_does_its_end(storno):
    key = storno.key("cari")
    assert requests.get(f"{storno.url}/charges", headers=bearer(key)).status_code == 200
    storno.command("keys", "revoke", key, "--database", storno.database)
    assert requests.get(f"{storno.url}/charges", headers=bearer(key)).status_code == 401
    listed = storno.command("keys", "list", "--json", "--database", storno.database).stdout
    rows = json.loads(listed)
    assert [row["dialect"] for row in rows] == ["cari"]
    assert rows[0]["revoked"] and key not in listed


def test_the_admin_socket_and_the_secret_files_are_for_their_owner_alone(storno):
    for name in ["storno.sqlite.admin", "storno.key", "storno.sqlite", "storno.sqlite.lock"]:
        assert stat.S_IMODE(os.stat(storno.folder / name).st_mode) == 0o600, name


def test_a_second_server_on_one_database_is_told_why_not(storno):
    second = storno.command("serve", "--port", "0", "--database", storno.database, check=False)
    assert second.returncode == 69
    assert "Another storno process is using" in second.stderr


@pytest.mark.parametrize(
    "arguments, code, words",
    [
        (["keys", "create", "--dialect", "nobody", "--mode", "test"], 1, "There is no dialect nobody"),
        (["keys", "create", "--dialect", "cari", "--mode", "maybe"], 1, "test or live"),
        (["keys", "create", "--dialect", "cari", "--mode", "test", "--scopes", "fly"], 1, "no scope fly"),
        (["keys", "revoke", "key_unknown"], 1, "no such key"),
        (["accounts", "set", "nobody", "undo_window_seconds=1"], 1, "no account nobody"),
        (["accounts", "create", "Not A Name"], 1, "a-z"),
        (["serve", "--port", "70000"], 64, "port"),
        (["serve", "--tls-key", "x.pem"], 64, "tls-certificate"),
        (["serve", "--nonsense"], 64, "nonsense"),
    ],
)
def test_what_is_wrong_is_said(stopped, arguments, code, words):
    location = ["--database", stopped.database]
    done = stopped.command(*arguments, *location, check=False)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_another_kind_of_database_is_refused(stopped):
    done = stopped.command("serve", "--database", "mysql:somewhere", check=False)
    assert done.returncode == 64 and "sqlite:PATH" in done.stderr


def test_account_settings_are_kept_checked_and_taken_back(stopped):
    stopped.command("accounts", "create", "shop", "--database", stopped.database)
    done = stopped.command("accounts", "set", "shop", "undo_window_seconds=300", "--database", stopped.database)
    assert done.stdout == "undo_window_seconds=300\n"
    listed = json.loads(stopped.command("accounts", "list", "--json", "--database", stopped.database).stdout)
    assert listed == [{"name": "shop", "settings": {"undo_window_seconds": "300"}}]
    wrong = stopped.command("accounts", "set", "shop", "undo_window_seconds=-1", "--database", stopped.database, check=False)
    assert wrong.returncode == 1 and "0 to 604800" in wrong.stderr
    done = stopped.command("accounts", "set", "shop", "undo_window_seconds=", "--database", stopped.database)
    assert done.stdout == ""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_to_and_says_that_all_is_well(storno, sent):
    begin = time.monotonic()
    assert storno.stop(sent) == 0
    assert time.monotonic() - begin < 10


def test_flag_goes_before_environment_before_file_before_default(stopped):
    (stopped.folder / "storno.json").write_text(json.dumps({"host": "127.0.0.3", "logLevel": "error", "port": "99999"}))
    environment = {**os.environ, "STORNO_CONFIG": str(stopped.folder / "storno.json")}
    done = stopped.command("serve", check=False, env=environment)
    assert done.returncode == 64 and "99999" in done.stderr
    done = stopped.command("serve", check=False, env={**environment, "STORNO_PORT": "88888"})
    assert "88888" in done.stderr
    done = stopped.command("serve", "--port", "77777", check=False, env={**environment, "STORNO_PORT": "88888"})
    assert "77777" in done.stderr


def test_a_port_in_the_file_may_be_a_number(stopped):
    (stopped.folder / "storno.json").write_text(json.dumps({"port": 66666, "tls": {"key": "x"}}))
    done = stopped.command("serve", "--config", stopped.folder / "storno.json", check=False)
    assert done.returncode == 64 and "66666" in done.stderr
    done = stopped.command("serve", "--config", stopped.folder / "storno.json", "--port", "0", check=False)
    assert done.returncode == 64 and "tls-certificate" in done.stderr


def test_a_port_that_is_taken_is_named(storno, tmp_path_factory):
    other = Storno(tmp_path_factory.mktemp("other"))
    done = other.command("serve", "--port", storno.port, "--database", other.database, check=False)
    assert done.returncode == 64 and f"127.0.0.1:{storno.port} is in use" in done.stderr


def test_a_wrong_secret_key_refuses_to_start(stopped):
    stopped.key("cari")
    (stopped.folder / "storno.key").write_text("A" * 43 + "=\n")
    done = stopped.command("serve", "--port", "0", "--database", stopped.database, check=False)
    assert done.returncode == 69 and "another secret key" in done.stderr


def test_a_lost_secret_key_is_not_made_anew(stopped):
    stopped.key("cari")
    (stopped.folder / "storno.key").unlink()
    done = stopped.command("serve", "--port", "0", "--database", stopped.database, check=False)
    assert done.returncode == 64 and "put it back" in done.stderr
    assert not (stopped.folder / "storno.key").exists()


def test_a_secret_key_that_others_can_read_is_refused(stopped):
    stopped.key("cari")
    (stopped.folder / "storno.key").chmod(0o644)
    done = stopped.command("serve", "--port", "0", "--database", stopped.database, check=False)
    assert done.returncode == 64 and "chmod 600" in done.stderr


def test_a_database_of_a_newer_version_is_refused(stopped):
    import sqlite3

    stopped.key("cari")
    with sqlite3.connect(stopped.folder / "storno.sqlite") as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('9999')")
    database.close()
    for arguments in (["serve", "--port", "0"], ["verify"]):
        done = stopped.command(*arguments, "--database", stopped.database, check=False)
        assert done.returncode == 69 and "newer storno" in done.stderr


def test_the_demo_is_for_this_machine_alone(stopped):
    done = stopped.command("serve", "--demo", "--host", "0.0.0.0", "--port", "0", check=False)
    assert done.returncode == 64 and "this machine alone" in done.stderr
    demo = Storno(stopped.folder, arguments=["--demo"]).start()
    assert demo.stop() == 0
    done = stopped.command("serve", "--host", "0.0.0.0", "--port", "0", "--database", stopped.database, check=False)
    assert done.returncode == 64 and "everybody knows" in done.stderr


def test_verify_finds_what_was_tampered_with(stopped):
    import sqlite3

    demo = Storno(stopped.folder, arguments=["--demo"]).start()
    stopped.verify()
    demo.stop()
    with sqlite3.connect(stopped.folder / "storno.sqlite") as database:
        database.execute("UPDATE payment SET reserved = reserved + 1 WHERE currency = 'EUR'")
        database.execute("UPDATE refund SET status = 'failed' WHERE amount = 2100")
    database.close()
    done = stopped.command("verify", "--json", "--database", stopped.database, check=False)
    assert done.returncode == 2
    assert {"payment_refunds", "entries_of_refund"} <= {row["check"] for row in json.loads(done.stdout)}


@pytest.mark.parametrize(
    "plant, check",
    [
        ("INSERT INTO entry VALUES (1, zeroblob(16), 1, 2, 3, 100, 'GBP', 2, 'refund', 0, 0)", "cause_of_entry"),
        ("INSERT INTO entry SELECT book, cause, 99, 5, 2, 100, currency, exponent, 'payment', 0, 0 FROM entry "
         "WHERE cause_kind = 'payment' LIMIT 1", "accounts_of_entry"),
        ("INSERT INTO entry SELECT book, cause, 99, 2, 3, 100, 'JPY', 0, 'refund', 0, 0 FROM entry "
         "WHERE cause_kind = 'refund' LIMIT 1", "cause_of_entry"),
        ("INSERT INTO dispute SELECT book, zeroblob(16), id, 5, currency, exponent, 'chargeback', 'open', 1, 0, NULL, "
         "NULL, NULL, 1, 1 FROM payment LIMIT 1", "entries_of_dispute"),
        ("DELETE FROM tally WHERE name = 'refunds'", "tally_of_refunds"),
        ("UPDATE refund SET sequence = sequence + 1", "events_of_refund"),
        ("UPDATE pot SET balance = balance + 1", "pot_balance"),
    ],
)
def test_verify_is_not_fooled(stopped, plant, check):
    import sqlite3

    Storno(stopped.folder, arguments=["--demo"]).start().stop()
    stopped.verify()
    with sqlite3.connect(stopped.folder / "storno.sqlite") as database:
        database.execute(plant)
    database.close()
    done = stopped.command("verify", "--json", "--database", stopped.database, check=False)
    assert done.returncode == 2
    assert check in {row["check"] for row in json.loads(done.stdout)}


def test_history_cannot_be_rewritten(stopped):
    import sqlite3

    Storno(stopped.folder, arguments=["--demo"]).start().stop()
    database = sqlite3.connect(stopped.folder / "storno.sqlite")
    for table in ["entry", "event", "alias", "capture"]:
        for statement in [f"DELETE FROM {table}", f"UPDATE {table} SET book = book"]:
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                database.execute(statement)
    database.close()


def test_help_and_version(stopped):
    assert stopped.command("--version").stdout.startswith("storno ")
    for command in [[], ["serve"], ["keys", "create"], ["accounts", "set"], ["verify"], ["dev-certificate"]]:
        assert "USAGE" in stopped.command(*command, "--help").stdout
    assert "Examples" in stopped.command("serve", "--help").stdout
