"""A wire between a node and PostgreSQL in which words can lie unread while the node thinks them lost."""
import socket
import struct
import threading


class LateWire:
    """A proxy on a port of its own. `wire.hold(b"text")` arms it, once."""

    def __init__(self, host, port):
        self.address = (host, port)
        self.text = None
        self.held = threading.Event()
        self.unread = b""
        self.late = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def hold(self, text):
        """
        From the words with this text on, nothing that a node sends on that connection arrives, and the node hears that
        the connection is lost. PostgreSQL hears nothing.
        """
        self.text = text

    def deliver(self):
        """What was held back arrives, though nobody is there any more to hear of it."""
        self.late.sendall(self.unread)

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.address)
            self.connections += [near, far]
            threading.Thread(target=self.speak, args=(near, far), daemon=True).start()
            threading.Thread(target=self.answer, args=(far, near), daemon=True).start()

    def speak(self, near, far):
        while words := received(near):
            if self.text and self.text in words:
                self.text, self.unread, self.late = None, words, far
                # Without a word of farewell, as when a cable is cut and the other end notices.
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                near.close()
                self.held.set()
                return
            far.sendall(words)
        if far is not self.late:
            far.close()

    def answer(self, far, near):
        while words := received(far):
            try:
                near.sendall(words)
            except OSError:
                continue
        near.close()


def received(connection):
    try:
        return connection.recv(1 << 20)
    except OSError:
        return b""
