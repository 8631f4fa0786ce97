"""Many slow connections from one thread; run by itself, so that it takes nothing from whoever measures.

    python slow_clients.py PORT COUNT KEY PAYMENT

A quarter of the connections each: half a head and then silence; a head that drips; a body that drips; answers that
nobody reads. Prints `open` when all are there; then, when all have ended whose end a client can see, how many seconds
each kind took at most, as JSON. Ends when its input ends.
"""
import json
import selectors
import socket
import sys
import time

from raw_http import narrow
from refund_merchant import keyed_get

DRIP_SECONDS = 5
# So many answers that no buffer between the two sides holds them all.
PIPELINED = 20


def kinds(key, payment):
    """For each kind what it sends first, what it drips, and whether it reads."""
    head = f"POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n".encode()
    return {
        "half a head": (b"GET /v1/payments HTTP/1.1\r\nHost: local", None, True),
        "a dripping head": (b"GET /v1/payments HTTP/1.1\r\nHost: localhost\r\nX-A: ", b"a", True),
        "a dripping body": (head + b"Content-Length: 60000\r\n\r\n", b" ", True),
        "answers that nobody reads": (PIPELINED * keyed_get(f"/v1/payments/{payment}", key), None, False),
    }


class SlowConnection:
    def __init__(self, port, kind, first, drip, reads):
        self.kind, self.drip, self.reads = kind, drip, reads
        self.socket = socket.socket()
        narrow(self.socket)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(first)
        self.socket.setblocking(False)
        self.begin = time.monotonic()

    def has_ended(self):
        """Whether the server closed; called when there is something to read."""
        try:
            return self.socket.recv(4096) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def send_a_byte(self):
        try:
            self.socket.send(self.drip)
        except OSError:
            pass


def main(port, count, key, payment):
    connections = []
    for kind, behaviour in kinds(key, payment).items():
        connections += [SlowConnection(port, kind, *behaviour) for _ in range(count // 4)]
    print("open", flush=True)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    for connection in connections:
        if connection.reads:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
    dripping = [connection for connection in connections if connection.drip]
    took = {}
    next_drip = time.monotonic() + DRIP_SECONDS
    while True:
        for ready, _ in selector.select(max(0, next_drip - time.monotonic())):
            connection = ready.data
            if connection is None:
                return
            if connection.has_ended():
                took[connection.kind] = max(took.get(connection.kind, 0), time.monotonic() - connection.begin)
                selector.unregister(connection.socket)
                if len(selector.get_map()) == 1:
                    print(json.dumps(took), flush=True)
        if time.monotonic() >= next_drip:
            for connection in dripping:
                connection.send_a_byte()
            next_drip += DRIP_SECONDS


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
