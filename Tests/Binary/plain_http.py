"""HTTP/1.1 over one persistent connection, and nothing more: what a client of many thousand small calls can afford."""
import socket


class Connection:
    def __init__(self, port, timeout=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = self.socket.makefile("rb", 65536)

    def exchange(self, method, path, headers, body=None):
        """
        - Returns: status, fields by lower-case name, and body.
        - Throws: `OSError` when the connection ended before the answer did.
        """
        fields = {"Host": "localhost"} | headers | ({"Content-Length": str(len(body))} if body is not None else {})
        head = "".join(
            [f"{method} {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in fields.items()), "\r\n"]
        )
        self.socket.sendall(head.encode() + (body or b""))
        status = int(self.line().split(b" ", 2)[1])
        fields = {}
        while line := self.line():
            name, value = line.decode().split(":", 1)
            fields[name.lower()] = value.strip()
        if fields.get("transfer-encoding") == "chunked":
            return status, fields, self.chunks()
        return status, fields, self.bytes(int(fields.get("content-length", 0)))

    def chunks(self):
        pieces = []
        while size := int(self.line(), 16):
            pieces.append(self.bytes(size))
            self.line()
        self.line()
        return b"".join(pieces)

    def line(self):
        line = self.received.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection ended within an answer's head, or before it")
        return line[:-2]

    def bytes(self, count):
        body = self.received.read(count)
        if len(body) != count:
            raise ConnectionError("the connection ended within an answer's body")
        return body

    def close(self):
        self.received.close()
        self.socket.close()
