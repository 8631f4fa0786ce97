"""`storno backup` under load and `storno restore`: every copy is whole, and holds all that was answered before it."""
import json
import shutil
import sqlite3
import threading

import pytest
import requests

from lengths import length
from merchants import collctiv_payment
from server import Storno

BACKUPS = 20


class Merchant:
    """Refunds a penny at a time, and remembers what was answered."""

    def __init__(self, server, key):
        self.server, self.key = server, key
        self.payment = collctiv_payment(server.url, key, 10**9)
        self.answered = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        session = requests.Session()
        body = {"amount": 1, "payment": self.payment, "reason": {"code": "customer_requested"}}
        while not self.stopping.is_set():
            answer = session.post(
                f"{self.server.url}/v1/refunds", headers={"Authorization": f"Bearer {self.key}"}, json=body, timeout=30
            )
            assert answer.status_code == 200, answer.text
            self.answered.append(answer.json()["id"])

    def stop(self):
        self.stopping.set()
        self.thread.join()


def restored(storno, folder, backup, *arguments, check=True):
    """Restores into an empty folder with the server's own key, and gives the server that could be started there."""
    folder.mkdir()
    shutil.copy(storno.folder / "storno.key", folder / "storno.key")
    copy = Storno(folder)
    done = copy.command("restore", backup, "--database", copy.database, *arguments, check=check)
    return copy, done


def test_twenty_of_twenty_backups_under_load_restore_clean(storno, tmp_path_factory, measured):
    key = storno.key("collctiv")
    merchants = [Merchant(storno, key) for _ in range(length(2, 8))]
    folder = tmp_path_factory.mktemp("backups")
    answered = []
    try:
        for number in range(BACKUPS):
            known = [refund for merchant in merchants for refund in list(merchant.answered)]
            storno.command("backup", folder / f"{number}.sqlite", "--database", storno.database)
            answered.append(known)
    finally:
        for merchant in merchants:
            merchant.stop()
    storno.verify()
    for number, known in enumerate(answered):
        copy, done = restored(storno, folder / str(number), folder / f"{number}.sqlite", "--json")
        copy.verify()
        with sqlite3.connect(copy.folder / "storno.sqlite") as database:
            spellings = {row[0] for row in database.execute("SELECT hex(id) FROM refund")}
        database.close()
        lost = [refund for refund in known if refund.replace("-", "").upper() not in spellings]
        assert not lost, f"backup {number} lacks {len(lost)} refunds that were answered before it began"
        assert json.loads(done.stdout)["upTo"]
    measured(f"{BACKUPS} of {BACKUPS} backups under load restored clean; {len(answered[-1])} refunds in the last")


def test_a_restored_server_goes_on_and_asks_before_it_sends(storno, tmp_path):
    key = storno.key("collctiv")
    storno.command("accounts", "set", "main", "undo_window_seconds=3600", "--database", storno.database)
    payment = collctiv_payment(storno.url, key, 1000)
    body = {"amount": 100, "payment": payment, "reason": {"code": "customer_requested"}}
    headers = {"Authorization": f"Bearer {key}"}
    refund = requests.post(f"{storno.url}/v1/refunds", headers=headers, json=body).json()["id"]
    storno.command("backup", tmp_path / "b.sqlite", "--database", storno.database)
    copy, done = restored(storno, tmp_path / "new", tmp_path / "b.sqlite", "--json")
    assert json.loads(done.stdout)["inDoubt"] == 1
    copy.start()
    try:
        shown = json.loads(copy.command("refunds", "show", refund, "--json", "--database", copy.database).stdout)
        assert shown["refund"]["status"] in ("dispatching", "in_doubt"), shown
        assert requests.get(f"{copy.url}/v1/refunds/{refund}", headers=headers).json()["amount"] == 100
    finally:
        copy.kill()
    copy.verify()


@pytest.fixture
def backup(storno, tmp_path):
    """A backup of a small book, the server still running."""
    key = storno.key("collctiv")
    collctiv_payment(storno.url, key, 1000)
    storno.command("backup", tmp_path / "b.sqlite", "--database", storno.database)
    return tmp_path / "b.sqlite"


def test_a_backup_replaces_nothing(storno, backup):
    before = backup.read_bytes()
    done = storno.command("backup", backup, "--database", storno.database, check=False)
    assert done.returncode == 69 and "nothing is replaced" in done.stderr
    assert backup.read_bytes() == before
    assert backup.stat().st_mode & 0o777 == 0o600


def refused(storno, folder, backup, *words, code, arguments=()):
    copy, done = restored(storno, folder, backup, *arguments, check=False)
    assert done.returncode == code, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    left = {path.name for path in folder.iterdir()} - {"storno.key", "storno.sqlite.lock"}
    assert not left, left


def test_a_backup_that_changed_is_refused(storno, backup, tmp_path):
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    refused(storno, tmp_path / "r", backup, "checksum", code=1)


def test_a_backup_without_its_checksum_is_refused_unless_told(storno, backup, tmp_path):
    (backup.parent / "b.sqlite.sha256").unlink()
    refused(storno, tmp_path / "r", backup, "--unchecked", code=1)
    restored(storno, tmp_path / "s", backup, "--unchecked")[0].verify()


def test_books_that_do_not_add_up_are_refused(storno, backup, tmp_path):
    database = sqlite3.connect(backup)
    triggers = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    for trigger in triggers:
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("UPDATE payment SET captured = captured + 1, authorized = authorized + 1")
    database.commit()
    database.close()
    refused(storno, tmp_path / "r", backup, "findings", code=1, arguments=("--unchecked",))


def test_a_file_that_is_no_database_is_refused(storno, tmp_path):
    (tmp_path / "text").write_text("no database\n" * 1000)
    refused(storno, tmp_path / "r", tmp_path / "text", "damaged", code=69, arguments=("--unchecked",))


def test_another_key_or_none_is_refused(storno, backup, tmp_path):
    (tmp_path / "r").mkdir()
    copy = Storno(tmp_path / "r")
    done = copy.command("restore", backup, "--database", copy.database, check=False)
    assert done.returncode == 64 and "storno.key" in done.stderr
    assert not (tmp_path / "r" / "storno.key").exists()
    (tmp_path / "r" / "storno.key").write_text("A" * 43 + "=\n")
    (tmp_path / "r" / "storno.key").chmod(0o600)
    done = copy.command("restore", backup, "--database", copy.database, check=False)
    assert done.returncode == 69 and "another secret key" in done.stderr
    assert not (tmp_path / "r" / "storno.sqlite").exists()


def test_a_restore_replaces_nothing_and_waits_for_no_server(storno, backup):
    done = storno.command("restore", backup, "--database", storno.database, check=False)
    assert done.returncode == 69 and "Stop it first" in done.stderr
    storno.stop()
    done = storno.command("restore", backup, "--database", storno.database, check=False)
    assert done.returncode == 69 and "nothing is replaced" in done.stderr
    storno.verify()


def test_a_database_from_a_crash_is_no_backup(storno, backup, tmp_path):
    (tmp_path / "b.sqlite-wal").write_bytes(b"something")
    refused(storno, tmp_path / "r", backup, "no backup", code=1)
