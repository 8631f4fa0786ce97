"""What a running server's shared memory says about its write-ahead log."""
import struct


class Log:
    def __init__(self, server):
        self.path = server.folder / "storno.sqlite-shm"

    @property
    def frames(self):
        """Pages in the log."""
        return self._number(16)

    @property
    def copied(self):
        """How many of them a checkpoint has copied into the database."""
        return self._number(96)

    def _number(self, offset):
        with open(self.path, "rb") as file:
            return struct.unpack("=I", file.read(136)[offset : offset + 4])[0]
