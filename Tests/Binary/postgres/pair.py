"""A primary and its standby on two ports that stay: which of them is the primary changes with each failover."""
import secrets
import time

from postgres_server import PostgresServer, free_port


class Pair:
    def __init__(self, folder, addresses=("127.0.0.1",), synchronous=True):
        """
        - addresses: on which both listen.
        - synchronous: whether a commit waits for the standby.
        """
        self.folder, self.synchronous = folder, synchronous
        self.made = 1
        self.primary = PostgresServer(folder / "server-1", secrets.token_hex(16), addresses=addresses)
        self.ports = [self.primary.port, free_port()]
        self.primary.create().start().make_database()
        self.make_standby(self.ports[1])

    @property
    def environment(self):
        return self.primary.environment

    def url(self, host=None):
        """Leads to whoever is the primary."""
        first, second = sorted([self.primary, self.standby], key=lambda server: self.ports.index(server.port))
        return first.url(second, host=host)

    def make_standby(self, port):
        self.made += 1
        name = f"server_{self.made}"
        self.standby = self.primary.standby(self.folder / name, name, port, synchronous=self.synchronous)

    def kill_primary(self):
        self.primary.kill()

    def promote(self):
        """Makes the standby the primary. Gives the moment at which that began (`time.monotonic`)."""
        began = time.monotonic()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        return began

    def rebuild(self):
        """A new standby in the place of the dead primary."""
        self.make_standby(self.standby.port)

    def stop(self):
        for server in (self.primary, self.standby):
            server.stop()
