"""A network of its own for one process, from which the way to the databases can be cut."""
import os
import random
import subprocess

# Nobody's addresses: they are for measuring networks (RFC 2544).
NETWORK = "198.18"


class Namespace:
    """
    Two addresses that see each other: `inside`, for a process that is started with `wrapper` before its command, and
    `outside`, where this machine's other processes listen. For root, or through sudo.
    """

    def __init__(self):
        number = random.SystemRandom().randrange(2**14)
        self.name = f"storno-{number}"
        base = number * 4
        third, fourth = divmod(base, 256)
        self.outside, self.inside = (f"{NETWORK}.{third}.{fourth + place}" for place in (1, 2))
        as_root("ip", "netns", "add", self.name)
        try:
            self.connect(f"st{number}o", f"st{number}i")
        except BaseException:
            self.remove()
            raise

    def connect(self, outer, inner):
        as_root("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", self.name)
        as_root("ip", "address", "add", f"{self.outside}/30", "dev", outer)
        as_root("ip", "link", "set", outer, "up")
        self.run("ip", "address", "add", f"{self.inside}/30", "dev", inner)
        self.run("ip", "link", "set", inner, "up")
        self.run("ip", "link", "set", "lo", "up")

    @property
    def wrapper(self):
        enter = [*sudo(), "ip", "netns", "exec", self.name]
        return enter if os.geteuid() == 0 else [*enter, "setpriv", "--reuid", str(os.geteuid()), "--clear-groups"]

    def run(self, *line):
        as_root("ip", "netns", "exec", self.name, *line)

    def cut(self, ports):
        """From now on nothing comes from these ports outside or reaches them, and nobody is told."""
        many = ", ".join(map(str, ports))
        self.run(
            "nft",
            f"table ip cut {{ chain in {{ type filter hook input priority 0; tcp sport {{ {many} }} drop; }};"
            f" chain out {{ type filter hook output priority 0; tcp dport {{ {many} }} drop; }}; }}",
        )

    def heal(self):
        self.run("nft", "delete table ip cut")

    def remove(self):
        """The other end goes with it."""
        as_root("ip", "netns", "delete", self.name)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.remove()


def as_root(*line):
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    done = subprocess.run([*sudo(), *line], capture_output=True, text=True, env=os.environ | {"PATH": path})
    assert done.returncode == 0, f"{' '.join(line)}: {done.stderr}"


def sudo():
    return [] if os.geteuid() == 0 else ["sudo", "-n"]
