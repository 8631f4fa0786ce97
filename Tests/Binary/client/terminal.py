"""A program at a terminal, typed at and read as a person would."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

#: What moves the cursor, changes colours or titles.
CONTROL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f]")


class Terminal:
    def __init__(self, line, folder, environment):
        self.read_so_far = b""
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            # Whoever started the tests may have had them ignored.
            for sent in [signal.SIGINT, signal.SIGQUIT, signal.SIGHUP]:
                signal.signal(sent, signal.SIG_DFL)
            os.execvpe(line[0], list(map(str, line)), environment | {"TERM": "xterm-256color"})
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            os.close(self.end)
        except OSError:
            pass
        if self.pid:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)

    def type(self, text):
        os.write(self.end, text.encode())

    def read(self, seconds=0.1):
        ready, _, _ = select.select([self.end], [], [], seconds)
        if not ready:
            return False
        try:
            piece = os.read(self.end, 65536)
        except OSError:
            return False
        # Shells ask where the cursor is and what the terminal can do.
        if b"\x1b[6n" in piece:
            os.write(self.end, b"\x1b[1;1R")
        if b"\x1b[c" in piece or b"\x1b[0c" in piece:
            os.write(self.end, b"\x1b[?62c")
        self.read_so_far += piece
        return bool(piece)

    @property
    def text(self):
        """What is to be read there, as far as that can be said without drawing it."""
        # A letter that was drawn and is drawn again.
        kept = re.sub(rb"[^\x08]\x08", b"", self.read_so_far)
        return CONTROL.sub(b"", kept).decode(errors="replace")

    def forget(self):
        self.read_so_far = b""

    def wait(self, words, seconds=20):
        deadline = time.monotonic() + seconds
        while words not in self.text:
            self.read()
            assert time.monotonic() < deadline, f"no {words!r} in {self.text!r}"

    def exit_code(self, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self.read(0.02):
                    pass
                self.pid = None
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it goes on: {self.text!r}")

    @property
    def shows_what_is_typed(self):
        return bool(termios.tcgetattr(self.end)[3] & termios.ECHO)
