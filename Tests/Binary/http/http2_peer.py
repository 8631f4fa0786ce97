"""An HTTP/2 client that sends whatever frames it is told to, right or wrong."""
import dataclasses
import socket
import ssl
import struct
import time

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, WITH_PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20

HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 0x1, 0x4

NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR = 0x0, 0x1, 0x3, 0x6
REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 0x7, 0x8, 0x9, 0xB


def frame(kind, stream=0, flags=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(**values):
    numbers = {"header_table_size": HEADER_TABLE_SIZE, "initial_window_size": INITIAL_WINDOW_SIZE}
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", numbers[name], value) for name, value in values.items()))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, stream, payload=struct.pack(">I", increment))


def rst_stream(stream, code=CANCEL):
    return frame(RST_STREAM, stream, payload=struct.pack(">I", code))


@dataclasses.dataclass
class Heard:
    """What the server said until it closed the connection, or until there was nothing more to wait for."""

    statuses: dict = dataclasses.field(default_factory=dict)
    bodies: dict = dataclasses.field(default_factory=dict)
    ended: set = dataclasses.field(default_factory=set)
    resets: dict = dataclasses.field(default_factory=dict)
    goaway: int | None = None
    # The last stream that the server will answer, once it has said so.
    last_stream: int | None = None
    closed: bool = False

    @property
    def is_over(self):
        return self.closed or self.goaway not in (None, NO_ERROR)

    def answered(self, stream):
        return stream in self.ended or stream in self.resets


class Peer:
    """One connection over TLS, with its own compression state and a list of what was heard."""

    def __init__(self, server, **initial):
        context = ssl.create_default_context(cafile=server.authority)
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        assert self.socket.selected_alpn_protocol() == "h2"
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.heard = Heard()
        self.buffer = b""
        self.socket.sendall(PREFACE + settings(**initial))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def head(self, stream, fields, flags=END_STREAM | END_HEADERS):
        """A HEADERS frame of these fields, exactly as they are."""
        return frame(HEADERS, stream, flags, self.encoder.encode(fields))

    def get(self, stream, path="/healthz", *extra):
        return self.head(stream, [*request_fields("GET", path), *extra])

    def send(self, *frames):
        """Sends as long as the server takes it; says whether it took everything."""
        try:
            self.socket.sendall(b"".join(frames))
            return True
        except OSError:
            return False

    def listen(self, until, seconds=10):
        """Reads frames until `until(heard)` or the connection's end; fails when neither comes in time."""
        deadline = time.monotonic() + seconds
        while not until(self.heard) and not self.heard.closed:
            left = deadline - time.monotonic()
            assert left > 0, f"still waiting after {seconds} s: {self.heard}"
            self.socket.settimeout(left)
            try:
                part = self.socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                part = b""
            if not part:
                self.heard.closed = True
            self.take(part)
        return self.heard

    def take(self, part):
        self.buffer += part
        while len(self.buffer) >= 9:
            length = int.from_bytes(self.buffer[:3], "big")
            if len(self.buffer) < 9 + length:
                return
            kind, flags = self.buffer[3], self.buffer[4]
            stream = int.from_bytes(self.buffer[5:9], "big")
            payload, self.buffer = self.buffer[9 : 9 + length], self.buffer[9 + length :]
            self.note(kind, flags, stream, payload)

    def note(self, kind, flags, stream, payload):
        if kind == HEADERS:
            fields = dict(self.decoder.decode(payload))
            self.heard.statuses.setdefault(stream, int(fields.get(":status", 0)))
        elif kind == DATA:
            self.heard.bodies[stream] = self.heard.bodies.get(stream, b"") + payload
        elif kind == RST_STREAM:
            self.heard.resets[stream] = int.from_bytes(payload, "big")
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, flags=ACK, payload=payload))
        elif kind == GOAWAY:
            self.heard.last_stream = int.from_bytes(payload[:4], "big")
            self.heard.goaway = int.from_bytes(payload[4:8], "big")
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            self.heard.ended.add(stream)


def request_fields(method, path, authority="localhost"):
    return [(":method", method), (":scheme", "https"), (":authority", authority), (":path", path)]
