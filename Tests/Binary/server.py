"""The built program, started as a user would start it."""
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("STORNO_BINARY", REPOSITORY / ".build" / "debug" / "storno"))


def new_postgres_database():
    """An empty database on the server that STORNO_TEST_POSTGRES names (scripts/with-postgres), by its URL."""
    import psycopg

    server = urllib.parse.urlsplit(os.environ["STORNO_TEST_POSTGRES"])
    name = f"storno_{uuid.uuid4().hex}"
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    return server._replace(path=f"/{name}").geturl()


class Storno:
    """A server on a port that the system chose, with its data in `folder`."""

    def __init__(self, folder, tls=False, arguments=(), environment=None, wrapper=()):
        """
        - environment: what the server's process gets besides this one's own, `LD_PRELOAD` for example.
        - wrapper: a command that starts the server's command: `["strace", ...]`.
        """
        self.folder = pathlib.Path(folder)
        self.tls = tls
        self.arguments = list(arguments)
        self.environment = dict(environment or {})
        self.wrapper = list(map(str, wrapper))
        self.process = None
        self.port = None
        self.postgres = None

    @property
    def database(self):
        """A file, or a database of PostgreSQL where STORNO_TEST_STORE says so."""
        if os.environ.get("STORNO_TEST_STORE") != "postgres":
            return f"sqlite:{self.folder / 'storno.sqlite'}"
        self.postgres = self.postgres or new_postgres_database()
        return self.postgres

    @property
    def authority(self):
        return str(self.folder / "tls" / "storno-ca.pem")

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"

    def command(self, *arguments, check=True, **options):
        """Runs the command line on this server's database."""
        line = [str(BINARY), *map(str, arguments)]
        done = subprocess.run(line, capture_output=True, text=True, cwd=self.folder, timeout=60, **options)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def key(self, dialect, mode="test", *arguments):
        made = self.command("keys", "create", "--dialect", dialect, "--mode", mode, "--database", self.database, *arguments)
        return made.stdout.strip()

    def start(self, port=0):
        """Returns when it listens."""
        return self.spawn(port).wait_until_it_listens()

    def spawn(self, port=0):
        if self.tls and not pathlib.Path(self.authority).exists():
            self.command("dev-certificate", "--directory", "tls")
        line = [*self.wrapper, str(BINARY), "serve", "--port", str(port), "--database", self.database, *self.arguments]
        if self.tls:
            line += ["--tls-certificate", "tls/storno-certificate.pem", "--tls-key", "tls/storno-key.pem"]
        self.log = open(self.folder / "server.log", "ab")
        self.log_begin = self.log.tell()
        self.process = subprocess.Popen(
            line,
            stderr=self.log,
            stdout=self.log,
            cwd=self.folder,
            env=os.environ | self.environment,
            start_new_session=True,
        )
        return self

    def wait_until_it_listens(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            text = (self.folder / "server.log").read_bytes()[self.log_begin :].decode(errors="replace")
            announced = [line for line in text.splitlines() if line.startswith("listening on ")]
            if announced:
                self.port = int(announced[0].rsplit(":", 1)[1])
                return self
            if self.process.poll() is not None:
                self.log.close()
                raise AssertionError(f"the server ended with {self.process.returncode}: {text}")
            time.sleep(0.005)
        self.kill()
        raise AssertionError(f"the server does not listen: {text}")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        """Whatever happened, it does not stay."""
        if self.process.poll() is None:
            self.kill()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self, sent=signal.SIGTERM):
        """Asks it to stop, and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        code = self.process.wait(timeout=60)
        self.log.close()
        return code

    def verify(self):
        """Proves the books; fails with the findings."""
        done = self.command("verify", "--database", self.database, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
