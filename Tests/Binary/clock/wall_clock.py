"""A wall clock that a test sets while a server runs: that of the server's process alone, by a preloaded library."""
import mmap
import pathlib
import struct
import subprocess
import time

HOUR = 3600
DAY = 24 * HOUR
YEAR = 365 * DAY


def beginning():
    """The shift to the earliest date that Linux lets anybody set: 1970, and what a machine has been up for."""
    return int(time.monotonic() - time.time()) + HOUR


class WallClock:
    def __init__(self, folder):
        self.library = folder / "wall_clock.so"
        source = pathlib.Path(__file__).with_name("wall_clock.c")
        subprocess.run(
            ["cc", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", self.library, source, "-ldl"],
            check=True,
        )
        self.file = folder / "shift"
        self.file.write_bytes(bytes(8))
        with open(self.file, "r+b") as opened:
            self.shared = mmap.mmap(opened.fileno(), 8)

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "WALL_CLOCK_FILE": str(self.file)}

    @property
    def shift(self):
        """By how many seconds it differs from the true time."""
        return struct.unpack("=q", self.shared[:8])[0]

    @shift.setter
    def shift(self, seconds):
        self.shared[:8] = struct.pack("=q", int(seconds))

    @property
    def now(self):
        """What the server's processes read."""
        return time.time() + self.shift

    def close(self):
        self.shared.close()
