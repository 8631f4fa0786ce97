"""`storno doctor`: each thing that can be wrong is broken here, and told, with what to do; nothing is changed."""
import datetime
import json
import os
import socket
import sqlite3
import time

import pytest

from server import Storno


class Patient:
    """A server's installation, and what the doctor says of it."""

    def __init__(self, server):
        self.server = server

    def told(self, *arguments, environment=None, port=0):
        line = ["doctor", "--json", "--database", self.server.database, "--port", port, *arguments]
        done = self.server.command(*line, check=False, env=plain_environment() | (environment or {}))
        found = json.loads(done.stdout)
        wrong = any(item["verdict"] == "problem" for item in found)
        assert done.returncode == (2 if wrong else 0), done.stderr
        assert all(item["verdict"] == "ok" or item.get("advice") for item in found), "what is wrong comes with what to do"
        return found

    def says(self, check, verdict, words="", **options):
        arguments = options.pop("arguments", [])
        found = [item for item in self.told(*arguments, **options) if item["check"] == check]
        assert any(i["verdict"] == verdict and words in i["says"] + i.get("advice", "") for i in found), found


def plain_environment():
    """Without what steers the tests themselves, which no server reads."""
    return {name: value for name, value in os.environ.items() if not name.startswith("STORNO_")}


@pytest.fixture
def patient(stopped):
    stopped.key("stancer")
    return Patient(stopped)


def state(folder):
    return {
        path.name: (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_a_sound_installation_has_nothing_wrong_and_is_not_changed(patient):
    before = state(patient.server.folder)
    for arguments in ([], ["--thorough"]):
        found = patient.told(*arguments)
        assert {item["verdict"] for item in found} == {"ok"}, found
    assert state(patient.server.folder) == before
    text = patient.server.command("doctor", "--port", 0, "--database", patient.server.database, env=plain_environment())
    assert text.stdout.startswith("ok ") and "0 problems, 0 warnings." in text.stderr


def test_a_running_server_is_seen_and_its_port_is_its_own(storno):
    patient = Patient(storno)
    patient.says("server", "ok", "admin socket answers", port=storno.port)
    patient.says("port", "ok", "taken, as by the server", port=storno.port)


def test_a_server_that_does_not_listen_is_told(storno):
    (storno.folder / "storno.sqlite.admin").unlink()
    Patient(storno).says("server", "problem", "nothing listens")


def test_the_secret_key_is_looked_at(patient):
    key = patient.server.folder / "storno.key"
    key.chmod(0o644)
    patient.says("secret_key", "problem", "others can read it")
    key.chmod(0o600)
    kept = key.read_text()
    key.write_text("nothing like a key")
    patient.says("secret_key", "problem", "32 bytes")
    key.write_text("A" * 43 + "=\n")
    patient.says("database", "problem", "another secret key")
    key.unlink()
    patient.says("secret_key", "warning", "put its key back")
    key.write_text(kept)


def test_the_database_is_looked_at(patient):
    path = patient.server.folder / "storno.sqlite"
    path.chmod(0o644)
    patient.says("permissions", "warning", "others can read")
    path.chmod(0o600)
    kept = path.read_bytes()
    database = sqlite3.connect(path)
    database.execute("INSERT INTO grdb_migrations VALUES ('9999')")
    database.commit()
    patient.says("database", "problem", "newer storno")
    database.execute("DELETE FROM grdb_migrations WHERE identifier IN ('9999', '0008')")
    database.commit()
    patient.says("database", "problem", "older storno")
    database.execute("INSERT INTO grdb_migrations VALUES ('0008')")
    database.execute("INSERT INTO meta VALUES ('moved_to', 'postgres://db/books')")
    database.commit()
    patient.says("database", "problem", "moved to postgres://db/books")
    database.close()
    path.write_bytes(b"no database at all" * 500)
    patient.says("database", "problem", "database")
    path.unlink()
    patient.says("database", "warning", "there is no")
    path.write_bytes(kept)


def test_damage_is_found(patient):
    patient.server.start()
    patient.server.stop()
    path = patient.server.folder / "storno.sqlite"
    with sqlite3.connect(path) as database:
        pages = [row[0] for row in database.execute("SELECT pageno FROM dbstat WHERE name = 'api_key'")] or [0]
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'api_key'").fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    database.close()
    content = bytearray(path.read_bytes())
    start = (root - 1) * size
    content[start : start + 40] = os.urandom(40)
    path.write_bytes(content)
    found = patient.told()
    assert any(item["check"] in ("file", "database") and item["verdict"] == "problem" for item in found), found


def test_books_that_do_not_add_up_are_told(patient, tmp_path):
    server = patient.server
    (tmp_path / "p.csv").write_text("id,amount,currency\na,100,EUR\n")
    server.command("import", tmp_path / "p.csv", "--mode", "test", "--database", server.database)
    database = sqlite3.connect(server.folder / "storno.sqlite")
    database.execute("UPDATE payment SET captured = 99")
    database.commit()
    database.close()
    patient.says("books", "problem", "storno verify")
    patient.says("books", "problem", "findings", arguments=["--thorough"])


def test_a_clock_behind_the_books_is_told(patient):
    database = sqlite3.connect(patient.server.folder / "storno.sqlite")
    later = int((time.time() + 3600) * 1000)
    database.execute("INSERT OR REPLACE INTO meta VALUES ('moment', ?)", (str(later),))
    database.commit()
    database.close()
    patient.says("clock", "warning", "behind the newest row")


def test_words_that_nobody_reads_are_told(patient, tmp_path):
    (tmp_path / "c.json").write_text(json.dumps({"prot": 1, "tls": {"certifcate": "x"}, "logLevel": "info"}))
    with_file = ["--config", tmp_path / "c.json"]
    patient.says("settings", "warning", "nothing reads prot", arguments=with_file)
    patient.says("settings", "warning", "nothing reads tls.certifcate", arguments=with_file)
    patient.says("settings", "warning", "STORNO_PROT", environment={"STORNO_PROT": "1"})
    known = {"STORNO_LOG_LEVEL": "info", "STORNO_WEBHOOKS_ALLOW_LOOPBACK": "on", "STORNO_HOSTS_CARI": "a.example"}
    patient.says("settings", "ok", environment=known)


def test_a_port_that_is_taken_is_told(patient):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        patient.says("port", "problem", "another program", port=other.getsockname()[1])
    patient.says("port", "problem", "no such address", arguments=["--host", "no-such-host.invalid"], port=8080)


def test_certificates_are_looked_at(patient):
    server = patient.server
    server.command("dev-certificate", "--directory", "tls")
    files = [server.folder / "tls" / name for name in ("storno-certificate.pem", "storno-key.pem")]
    def tls(certificate, key):
        return ["--tls-certificate", certificate, "--tls-key", key]
    patient.says("certificate", "ok", "valid for", arguments=tls(*files))
    patient.says("certificate", "problem", "holds no certificate", arguments=tls(files[1], files[1]))
    patient.says("certificate", "problem", "no key", arguments=tls(files[0], files[0]))
    for days, verdict, words in ((-1, "problem", "expired"), (5, "warning", "expires in"), (90, "ok", "valid for")):
        made = certificate(server.folder / f"{days}", days)
        patient.says("certificate", verdict, words, arguments=tls(*made))
        patient.says("certificate", "problem", "is not the key", arguments=tls(made[0], files[1]))
    patient.says("certificate", "warning", "without TLS", arguments=["--host", "0.0.0.0"])


def certificate(folder, days):
    """A certificate that ends so many days from now, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(end - datetime.timedelta(days=200))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return paths


def test_few_descriptors_are_told(patient):
    import resource

    line = ["doctor", "--json", "--database", patient.server.database, "--port", 0]
    for most, verdict in ((100, "problem"), (1024, "warning")):
        def limited():
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        done = patient.server.command(*line, check=False, env=plain_environment(), preexec_fn=limited)
        found = [item for item in json.loads(done.stdout) if item["check"] == "descriptors"]
        assert [item["verdict"] for item in found] == [verdict], found


def test_an_old_backup_is_told(patient):
    server = patient.server
    (server.folder / "backups").mkdir()
    server.command("backup", server.folder / "backups" / "b.sqlite", "--database", server.database)
    patient.says("backup", "ok", "0 days old")
    old = time.time() - 30 * 86_400
    os.utime(server.folder / "backups" / "b.sqlite.sha256", (old, old))
    patient.says("backup", "warning", "30 days old")
