"""HTTP/1.1 over a socket: bytes go out as they are, answers are read to the letter."""
import dataclasses
import socket
import ssl
import time


class NotHTTP(AssertionError):
    """What came back is no HTTP response."""


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    fields: tuple
    body: bytes
    version: bytes = b"HTTP/1.1"

    def values(self, name):
        return [value for field, value in self.fields if field == name.lower()]


def narrow(connection):
    """Keeps the kernel's buffers on both sides small; the other side's grows with the size of segments."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)


class Wire:
    """One connection. Every wait ends at `deadline` seconds after the connection was made.

    - authority: a file with the certificate to trust, for a port that speaks TLS.
    """

    def __init__(self, port, deadline=5, is_narrow=False, authority=None):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if is_narrow:
            narrow(self.socket)
        self.deadline = time.monotonic() + deadline
        self.socket.settimeout(deadline)
        self.socket.connect(("127.0.0.1", port))
        if authority:
            context = ssl.create_default_context(cafile=authority)
            context.set_alpn_protocols(["http/1.1"])
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.buffer = b""
        self.ended = False
        self.interim = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *segments):
        """Sends each segment by itself, with a moment between two, until the other side has closed."""
        for number, segment in enumerate(segments):
            if number:
                time.sleep(0.002)
            try:
                self.socket.sendall(segment)
            except OSError:
                return

    def end_sending(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def answer(self, is_head=False):
        """The next final response; `None` at the connection's end. Interim ones are kept in `interim`."""
        while True:
            answer = self.response(is_head)
            if answer is None or answer.status >= 200:
                return answer
            self.interim.append(answer.status)

    def response(self, is_head):
        head = self.through(b"\r\n\r\n")
        if head is None:
            return None
        version, status, fields = parse_head(head)
        values = dict(fields)
        if is_head or status < 200 or status in (204, 304):
            body = b""
        elif values.get("transfer-encoding", "").lower() == "chunked":
            body = self.chunks()
        elif "content-length" in values:
            body = self.exactly(int(values["content-length"]))
        else:
            body = self.rest()
        return Answer(status, tuple(fields), body, version)

    def chunks(self):
        body = b""
        while True:
            line = self.line()
            if not line.isalnum():
                raise NotHTTP(f"no chunk size: {line!r}")
            size = int(line, 16)
            piece = self.exactly(size) if size else b""
            if self.line() != b"":
                raise NotHTTP("a chunk without its end")
            if size == 0:
                return body
            body += piece

    def line(self):
        line = self.through(b"\r\n")
        if line is None:
            raise NotHTTP("the connection ended inside a chunked body")
        return line[:-2]

    def exactly(self, count):
        while len(self.buffer) < count:
            if not self.more():
                raise NotHTTP(f"{len(self.buffer)} of {count} bytes of a body, then the end")
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def rest(self):
        while self.more():
            pass
        taken, self.buffer = self.buffer, b""
        return taken

    def through(self, mark):
        """The bytes up to and with `mark`; `None` when the connection ends before any byte of them."""
        while mark not in self.buffer:
            if not self.more():
                if self.buffer:
                    raise NotHTTP(f"bytes that belong to no response: {self.buffer[:200]!r}")
                return None
        end = self.buffer.index(mark) + len(mark)
        taken, self.buffer = self.buffer[:end], self.buffer[end:]
        return taken

    def until_quiet(self, first, between):
        """Takes whatever comes, until the end or a silence: of `first` seconds at first, of `between` later on."""
        patience = first
        try:
            while self.more(patience):
                patience = between
        except TimeoutError:
            pass

    def more(self, patience=None):
        if self.ended:
            return False
        left = max(0.001, self.deadline - time.monotonic())
        self.socket.settimeout(min(left, patience) if patience else left)
        try:
            part = self.socket.recv(65536)
        except (ConnectionError, ssl.SSLError):
            part = b""
        if not part:
            self.ended = True
        self.buffer += part
        return bool(part)


def parse_head(head):
    lines = head[:-4].split(b"\r\n")
    parts = lines[0].split(b" ", 2)
    if len(parts) < 2 or parts[0] not in (b"HTTP/1.1", b"HTTP/1.0") or not parts[1].isdigit():
        raise NotHTTP(f"no status line: {lines[0][:200]!r}")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise NotHTTP(f"no header field: {line[:200]!r}")
        fields.append((name.decode("latin-1").lower(), value.strip().decode("latin-1")))
    return parts[0], int(parts[1]), fields
