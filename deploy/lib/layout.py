"""What cluster.conf says: which part of the cluster runs where."""
import configparser
import dataclasses
import pathlib

KINDS = ("etcd", "postgres", "storno", "entry")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where one part of the cluster listens."""

    kind: str
    name: str
    host: str
    port: int

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def ports(self):
        """All that it takes."""
        second = {"etcd": [self.port + 1], "postgres": [self.port + 1000]}
        return [self.port, *second.get(self.kind, [])]


class Layout:
    def __init__(self, path, here=None):
        """- here: the address of this machine; without it the layout must be of one machine."""
        read = configparser.ConfigParser()
        with open(path) as file:
            read.read_file(file)
        self.places = [place(kind, *entry) for kind in KINDS for entry in read.items(kind)]
        self.ttl = read.getint("settings", "ttl")
        self.is_strict = read.getboolean("settings", "strict")
        self.is_demo = read.getboolean("settings", "demo")
        hosts = {place.host for place in self.places}
        self.is_one_machine = len(hosts) == 1
        if here is None and not self.is_one_machine:
            raise SystemExit(f"{path} speaks of several machines: say which one this is with --here ADDRESS.")
        if here is not None and here not in hosts:
            raise SystemExit(f"{path} has nothing at {here}; it has {', '.join(sorted(hosts))}.")
        self.here = here or hosts.pop()

    def of(self, kind):
        return [place for place in self.places if place.kind == kind]

    def own(self):
        """What runs on this machine, in the order in which it starts."""
        return [place for place in self.places if place.host == self.here]

    @property
    def database(self):
        """Leads to whichever PostgreSQL takes writes, and notices within seconds when it is gone."""
        hosts = ",".join(place.address for place in self.of("postgres"))
        options = "target_session_attrs=read-write&connect_timeout=3&tcp_user_timeout=5000"
        options += "&keepalives_idle=5&keepalives_interval=2&keepalives_count=3"
        return f"postgres://storno@{hosts}/storno?{options}"


def place(kind, name, address):
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise SystemExit(f"cluster.conf: {name} = {address} is not an address with a port.")
    return Place(kind, name, host, int(port))


def default_path():
    return pathlib.Path(__file__).resolve().parents[1] / "cluster.conf"
