"""The four kinds of parts: which files each needs, how it is started, how it says that it is well."""
import json
import os
import shutil
import string
import urllib.error
import urllib.request

from state import DEPLOY, as_user

PATRONI_PASSWORDS = ("superuser", "replication", "rewind", "patroni")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin"


class Part:
    # What must be installed for it, by its path or name, and Debian's package of it.
    needs = {}

    def __init__(self, place, layout, state):
        self.place, self.layout, self.state = place, layout, state
        self.folder = state.of(place)

    def prepare(self):
        self.folder.mkdir(exist_ok=True)
        self.state.give(self.folder)

    def environment(self):
        return {"PATH": PATH, "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def fill(self, template, **values):
        text = (DEPLOY / template).read_text()
        return string.Template(text).substitute(
            values, name=self.place.name, host=self.place.host, port=self.place.port, folder=self.folder
        )


class Etcd(Part):
    needs = {"etcd": "etcd-server"}

    def line(self):
        name, host, port = self.place.name, self.place.host, self.place.port
        members = ",".join(f"{one.name}=http://{one.host}:{one.port + 1}" for one in self.layout.of("etcd"))
        return as_user(
            "etcd", "--name", name, "--data-dir", self.folder / "data", "--logger", "zap",
            "--listen-client-urls", f"http://{host}:{port}", "--advertise-client-urls", f"http://{host}:{port}",
            "--listen-peer-urls", f"http://{host}:{port + 1}",
            "--initial-advertise-peer-urls", f"http://{host}:{port + 1}",
            "--initial-cluster", members, "--initial-cluster-token", "storno",
            # Patroni only ever needs the newest.
            "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "1h",
        )  # fmt: skip

    def health(self):
        answer = get(f"http://{self.place.address}/health")
        return answer.status == 200 and answer.body.get("health") == "true", "remembers who is the primary"


class Postgres(Part):
    needs = {"/usr/lib/postgresql/15/bin/postgres": "postgresql-15", "/usr/bin/python3": "python3"}

    @property
    def patroni_port(self):
        return self.place.port + 1000

    def prepare(self):
        super().prepare()
        hosts = sorted({place.host for place in self.layout.of("postgres") + self.layout.of("storno")})
        rules = "\n".join(f"    - host all all {host}/32 scram-sha-256" for host in hosts)
        rules += "\n" + "\n".join(f"    - host replication replicator {host}/32 scram-sha-256" for host in hosts)
        # Patroni's own rule for ttl: one round and two attempts must fit into it.
        text = self.fill(
            "patroni.yml",
            patroni_port=self.patroni_port,
            etcd_hosts=", ".join(place.address for place in self.layout.of("etcd")),
            ttl=self.layout.ttl,
            retry_timeout=(self.layout.ttl - 3) // 2,
            strict=str(self.layout.is_strict).lower(),
            host_rules=rules,
            make_database=self.folder / "make-database",
            **{f"{name}_password": self.state.password(name) for name in PATRONI_PASSWORDS},
        )
        self.state.write(self.folder / "patroni.yml", text)
        shutil.copy(DEPLOY / "make-database", self.folder)

    def environment(self):
        return super().environment() | {
            "PYTHONPATH": str(self.state.python),
            "STORNO_DATABASE_PASSWORD_FILE": str(self.state.secrets / "storno"),
        }

    def line(self):
        return as_user("/usr/bin/python3", "-m", "patroni", self.folder / "patroni.yml")

    def health(self):
        answer = get(f"http://{self.place.host}:{self.patroni_port}/patroni")
        role, state = answer.body.get("role", "?"), answer.body.get("state", "?")
        is_synchronous = bool(answer.body.get("sync_standby"))
        # Of two, the standby must be synchronous; of more, one is, and the others follow.
        has_its_role = role == "primary" or is_synchronous or len(self.layout.of("postgres")) > 2
        is_well = state in ("running", "streaming") and has_its_role
        return is_well, f"{role}, {state}{', synchronous' if is_synchronous else ''}"


class Node(Part):
    def prepare(self):
        super().prepare()
        self.state.write(self.folder / "pgpass", f"*:*:*:storno:{self.state.password('storno')}\n")

    def environment(self):
        return super().environment() | {
            "PGPASSFILE": str(self.folder / "pgpass"),
            "STORNO_SECRET_KEY_FILE": str(self.state.secret_key),
            "STORNO_DATABASE": self.layout.database,
        }

    def line(self):
        line = [self.state.binary, "serve", "--host", self.place.host, "--port", self.place.port]
        return as_user(*line, *(["--demo"] if self.layout.is_demo else []))

    def health(self):
        answer = get(f"http://{self.place.address}/readyz")
        return answer.status == 200, "takes requests" if answer.status == 200 else "cannot write"


class Entry(Part):
    needs = {"haproxy": "haproxy"}

    def prepare(self):
        super().prepare()
        servers = [f"    server {place.name} {place.address} check" for place in self.layout.of("storno")]
        self.state.write(self.folder / "haproxy.cfg", self.fill("haproxy.cfg", servers="\n".join(servers)))

    def line(self):
        return as_user("haproxy", "-db", "-f", self.folder / "haproxy.cfg")

    def health(self):
        answer = get(f"http://{self.place.address}/readyz")
        return answer.status == 200, "passes requests on" if answer.status == 200 else "has no node that can write"


KINDS = {"etcd": Etcd, "postgres": Postgres, "storno": Node, "entry": Entry}


class Answer:
    def __init__(self, status, body):
        self.status = status
        try:
            self.body = json.loads(body or "{}")
        except ValueError:
            self.body = {}


def get(url):
    """What it answers; status 0 if nothing."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as failure:
        return Answer(failure.code, failure.read())
    except (OSError, ValueError):
        return Answer(0, "")
