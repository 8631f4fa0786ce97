"""What the server had told its clients, read out of the bytes in the record."""
import bisect
import json

from recorder import Operation
from refund_apis import refund_in


class Answers:
    """The refunds of every 2xx, each from the moment at which the first byte of its answer had left."""

    def __init__(self, entries):
        self.times = []
        self.refunds = []
        found = sorted(self.parse(entries), key=lambda pair: pair[0])
        known = set()
        for time, refund in found:
            if refund not in known:
                known.add(refund)
                self.times.append(time)
                self.refunds.append(refund)

    def until(self, time):
        """What was answered by then, `time` included."""
        return self.refunds[: bisect.bisect_right(self.times, time)]

    @staticmethod
    def parse(entries):
        connections = {}
        for time, entry in enumerate(entries):
            if entry.operation == Operation.SENT:
                connections.setdefault(entry.file, []).append((time, bytes(entry.data)))
        for pieces in connections.values():
            for time, body in bodies(pieces):
                refund = refund_in(json.loads(body))
                if refund:
                    yield time, refund


def bodies(pieces):
    """When each whole answer with a 2xx began to leave on a connection, and its body."""
    stream = b"".join(data for _, data in pieces)
    begins, position = [], 0
    for _, data in pieces:
        begins.append(position)
        position += len(data)
    position = 0
    while (end := stream.find(b"\r\n\r\n", position)) >= 0:
        status, *lines = stream[position:end].decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = end + 4
        begin, position = position, body + int(fields["content-length"])
        if position > len(stream):
            return
        if status.split()[1].startswith("2"):
            yield pieces[bisect.bisect_right(begins, begin) - 1][0], stream[body:position]
