"""The strict reader as a process: documents in, verdicts out."""
import struct
import subprocess

from server import BINARY

READER = BINARY.with_name("json-verdicts")


class Reader:
    def __init__(self):
        assert READER.exists(), f"{READER} is missing: swift build"
        self.process = subprocess.Popen([READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, document):
        """The value as the writer writes it, and `None`; or `None` and the reason of the refusal."""
        return self.read_all([document])[0]

    def read_all(self, documents):
        """Of documents that together fit into a pipe, or of one of any length."""
        self.process.stdin.write(b"".join(struct.pack(">I", len(document)) + document for document in documents))
        self.process.stdin.flush()
        return [self._verdict() for _ in documents]

    def _verdict(self):
        (length,) = struct.unpack(">I", self._take(4))
        verdict = self._take(length)
        return (verdict[1:], None) if verdict[:1] == b"v" else (None, verdict[1:].decode())

    def _take(self, length):
        taken = self.process.stdout.read(length)
        assert len(taken) == length, f"the reader ended with {self.process.wait()}"
        return taken

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=10) == 0, f"the reader ended with {self.process.returncode}"
