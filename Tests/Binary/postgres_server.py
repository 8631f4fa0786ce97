"""A private PostgreSQL 15 out of Debian's package: own folder, own port, own user, and its deaths."""
import contextlib
import os
import pathlib
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from last_will import LastWill

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
# PostgreSQL does not run as root: it then runs as the user of Debian's package.
USER = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
SETTINGS = {
    "max_connections": 300,
    "fsync": "on",
    "wal_level": "replica",
    "max_wal_senders": 10,
    "hot_standby": "on",
    # A standby that was away for long is made anew; there is no slot that would keep the log for it.
    "wal_keep_size": "256MB",
    # The sender and the receiver notice each other's death by the connection; this is for when it is silent.
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
    "wal_retrieve_retry_interval": "200ms",
    "lc_messages": "C",
    "log_line_prefix": "'%m [%p] %u '",
}
HOST_RULES = """
local all all scram-sha-256
host all all 0.0.0.0/0 scram-sha-256
host replication all 0.0.0.0/0 scram-sha-256
"""


class PostgresServer:
    """
    One server in `folder`. The database `storno` belongs to the role `storno`, who is nobody special; `postgres` is
    the superuser.
    """

    def __init__(self, folder, password, port=None, addresses=("127.0.0.1",)):
        """
        - password: of both roles, the same on all servers of a cluster.
        - addresses: those it listens on.
        """
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.password = password
        self.port = port or free_port()
        self.addresses = list(addresses)
        self.process = None

    @property
    def host(self):
        return self.addresses[0]

    @property
    def environment(self):
        """What a client needs besides the URL."""
        return {"PGPASSWORD": self.password}

    def url(self, *others, user="storno", database="storno", host=None):
        """
        Where clients find it, or whichever of it and the others takes writes.

        - host: another of the addresses that they all listen on.
        """
        hosts = ",".join(f"{host or server.host}:{server.port}" for server in (self, *others))
        return f"postgres://{user}@{hosts}/{database}?target_session_attrs=read-write"

    def create(self):
        """Makes an empty database. It is not started."""
        require()
        self.make_folder()
        secret = self.folder / "password"
        secret.write_text(self.password)
        shutil.chown(secret, USER)
        run_as_user(
            PROGRAMS / "initdb", "-D", self.data, "-U", "postgres", "--pwfile", secret, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(HOST_RULES)
        return self

    def make_folder(self):
        self.folder.mkdir(mode=0o700)
        shutil.chown(self.folder, USER)

    def start(self):
        """Returns when it answers, as a primary or as a standby."""
        options = SETTINGS | {
            "listen_addresses": ",".join(self.addresses),
            "port": self.port,
            "unix_socket_directories": self.folder,
        }
        line = [PROGRAMS / "postgres", "-D", self.data]
        for name, value in options.items():
            line += ["-c", f"{name}={value}"]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                as_user(*line), stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )
        self.wait_for(self.answers, "it answers")
        return self

    def answers(self):
        assert self.process.poll() is None, f"PostgreSQL ended: {self.log_end()}"
        line = [PROGRAMS / "pg_isready", "-q", "-h", self.host, "-p", str(self.port)]
        return subprocess.run(line).returncode == 0

    def log_end(self):
        return (self.folder / "log").read_text(errors="replace")[-2_000:]

    def make_database(self):
        self.sql(f"CREATE ROLE storno LOGIN CREATEDB PASSWORD '{self.password}'", database="postgres")
        self.sql("CREATE DATABASE storno OWNER storno", database="postgres")
        return self

    def sql(self, text, database="storno", user="postgres"):
        """The rows as text, with `|` between columns."""
        line = [PROGRAMS / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", str(self.port)]
        line += ["-U", user, "-d", database, "-c", text]
        return output(line, env=os.environ | self.environment)

    def standby(self, folder, name, port=None, addresses=None, synchronous=True):
        """
        Copies this server and starts the copy, which follows it.

        - name: what it calls itself, a word.
        - synchronous: whether a commit waits until the standby has it on disk.
        """
        copy = PostgresServer(folder, self.password, port, addresses or self.addresses)
        copy.make_folder()
        source = f"host={self.host} port={self.port} user=postgres application_name={name}"
        run_as_user(
            PROGRAMS / "pg_basebackup", "-d", source, "-D", copy.data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
            env=os.environ | self.environment,
        )  # fmt: skip
        # When it is promoted it is alone, and must not wait for the standby that its own primary had.
        with open(copy.data / "postgresql.auto.conf", "a") as settings:
            settings.write("synchronous_standby_names = ''\n")
        copy.start()
        state = f"SELECT sync_state FROM pg_stat_replication WHERE application_name = '{name}' AND state = 'streaming'"
        self.wait_for(lambda: self.sql(state) != "", "the standby follows")
        self.wait_for_standby(name if synchronous else None)
        if synchronous:
            self.wait_for(lambda: self.sql(state) == "quorum", "commits wait for the standby")
        return copy

    def wait_for_standby(self, name):
        """From now on a commit waits until the standby of this name has it; without a name it waits for nobody."""
        names = f"ANY 1 ({name})" if name else ""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.sql("SELECT pg_reload_conf()")
        self.wait_for(lambda: self.sql("SHOW synchronous_standby_names") == names, "the setting counts")

    def fall_behind(self):
        """A standby: it hears nothing more from its primary."""
        self.sql("ALTER SYSTEM SET primary_conninfo = ''")
        self.sql("SELECT pg_reload_conf()")
        self.wait_for(lambda: self.sql("SELECT count(*) FROM pg_stat_wal_receiver") == "0", "it hears nothing more")

    def promote(self):
        """Returns when the standby is a primary."""
        run_as_user(PROGRAMS / "pg_ctl", "promote", "-D", self.data, "-w", "-t", "60")

    def kill(self):
        """As when the machine loses power: all of its processes at once, without a word."""
        self.send(signal.SIGSTOP)  # nobody starts, answers or finishes anything between the first and the last
        self.send(signal.SIGKILL)
        self.process.wait(timeout=30)
        self.wait_for(lambda: not self.processes(), "it is dead")

    def pause(self):
        self.send(signal.SIGSTOP)

    def resume(self):
        self.send(signal.SIGCONT)

    def send(self, number):
        """To the first process first, since it is the one that starts others; only then are they counted."""
        os.kill(self.process.pid, number)
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def processes(self):
        """The numbers of all of its living processes: those that work in its data folder."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(folder / "cwd") == str(self.data):
                    found.append(int(folder.name))
        return sorted(found)

    def stop(self):
        """Lets it end in order."""
        if self.process is None or self.process.poll() is not None:
            return
        self.resume()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_for(self, condition, what, seconds=120):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s. {self.log_end()}"
            time.sleep(0.02)


@contextlib.contextmanager
def private_folder(parent=None):
    """A folder that PostgreSQL's user can reach. Whoever works in it dies with the block or this process."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="storno-postgres-", dir=parent))
    folder.chmod(0o755)
    will = LastWill(folder)
    try:
        yield folder
    finally:
        will.execute()


@contextlib.contextmanager
def private_server(parent=None, **options):
    """A running server with an empty database `storno`."""
    with private_folder(parent) as folder:
        server = PostgresServer(folder / "first", secrets.token_hex(16), **options)
        yield server.create().start().make_database()
        server.stop()


def memory():
    """A folder whose files are kept in memory, for tests that ask nothing of a disk; `None` for where there is none."""
    folder = pathlib.Path("/dev/shm")
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 4 << 30 else None


def require():
    """Fails with what to do if this machine has no PostgreSQL 15."""
    if not (PROGRAMS / "postgres").exists():
        raise RuntimeError(f"There is no PostgreSQL 15 in {PROGRAMS}. Run scripts/setup-tests.")


def free_port():
    """One outside of the range from which the system takes ports for clients, who might have it when it is needed."""
    chance = random.SystemRandom()
    while True:
        port = chance.randint(15_000, 30_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def as_user(*line):
    """The command line, run by an ordinary user."""
    prefix = ["setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--"] if os.geteuid() == 0 else []
    return [*prefix, *map(str, line)]


def run_as_user(*line, **options):
    return output(as_user(*line), cwd="/", **options)


def output(line, **options):
    done = subprocess.run(line, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{pathlib.Path(line[0]).name} failed: {done.stdout}{done.stderr}")
    return done.stdout.strip()
