"""Several Storno nodes on one database."""
import os
import signal
import time

import requests

from server import Storno


class Node(Storno):
    """
    One of them. Its process works in `folder`; the secret key lies beside the folders of all nodes.

    - url: the database's as the node reaches it.
    - environment: what a client of PostgreSQL needs besides the URL.
    - namespace: the network that it lives in, if it is one of its own.
    """

    def __init__(self, folder, database, environment, arguments=(), namespace=None):
        folder.mkdir()
        self.database_url = database
        self.namespace = namespace
        if namespace:
            arguments = [*arguments, "--host", namespace.inside]
        secret = {"STORNO_SECRET_KEY_FILE": str(folder.parent / "storno.key")}
        wrapper = namespace.wrapper if namespace else ()
        super().__init__(folder, arguments=arguments, environment=environment | secret, wrapper=wrapper)

    @property
    def database(self):
        return self.database_url

    @property
    def host(self):
        return self.namespace.inside if self.namespace else "127.0.0.1"

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    def command(self, *arguments, check=True, **options):
        options.setdefault("env", os.environ | self.environment)
        return super().command(*arguments, check=check, **options)

    def pause(self):
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self):
        os.killpg(self.process.pid, signal.SIGCONT)

    def restart(self):
        """On the port that it had."""
        return self.start(self.port)

    def is_ready(self):
        try:
            return requests.get(f"{self.url}/readyz", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    def wait_until_ready(self, ready=True, seconds=30):
        """Gives how many seconds it took."""
        began = time.monotonic()
        while self.is_ready() != ready:
            assert time.monotonic() < began + seconds, f"{'not ' * ready}ready after {seconds} s: {self.log_end()}"
            time.sleep(0.02)
        return time.monotonic() - began

    def log_end(self):
        return (self.folder / "server.log").read_text(errors="replace")[-2_000:]


class Nodes(list):
    """Three or so, of which whoever wants one may take any."""

    @property
    def url(self):
        return self[0].url

    @property
    def port(self):
        return self[0].port

    @property
    def process(self):
        return self[0].process

    def key(self, dialect):
        return self[0].key(dialect)

    def verify(self):
        """Proves the books; fails with the findings."""
        done = self[0].command("verify", "--database", self[0].database, check=False)
        assert done.returncode == 0 and "No findings." in done.stdout + done.stderr, done.stdout + done.stderr

    def stop(self):
        for node in self:
            if node.process is not None and node.process.poll() is None:
                node.resume()
                node.kill()


def start_nodes(folder, database, environment, count=3):
    nodes = Nodes(Node(folder / f"node-{number}", database, environment) for number in range(count))
    for node in nodes:
        node.start()
    return nodes
