"""A disk that fails when it is told to: `disk_faults.c`, preloaded into the server, and the plan by which it fails."""
import ctypes
import errno
import mmap
import pathlib
import subprocess
from dataclasses import dataclass

WRITE, SYNC, OPEN, SIZE, READ = 1, 2, 4, 8, 16
KIND_NAMES = {WRITE: "write", SYNC: "sync", OPEN: "open", SIZE: "size", READ: "read"}

HALF = 0
"""Instead of an errno: a write takes only half of what it is given."""
LOST = -1
"""Instead of an errno: a write takes nothing, and says that it took everything."""

DATA_FILES = "storno*"
"""Everything that a server keeps in its folder; not the log beside it."""
FOLDER = "."
"""The folder itself, which is synced when a file is new in it."""

SOURCE = pathlib.Path(__file__).with_name("disk_faults.c")
NEVER = 2**62


class Plan(ctypes.Structure):
    """`struct plan` in disk_faults.c."""

    _fields_ = [
        ("first", ctypes.c_int64),
        ("last", ctypes.c_int64),
        ("calls", ctypes.c_int64),
        ("failed", ctypes.c_int64),
        ("pause", ctypes.c_int64),
        ("kinds", ctypes.c_int32),
        ("error", ctypes.c_int32),
        ("files", ctypes.c_char * 64),
        ("where", ctypes.c_char * 128),
    ]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with calls of one kind: once, or from then on."""

    kind: int
    error: int
    lasting: bool = False

    def __str__(self):
        error = {HALF: "half", LOST: "lost"}.get(self.error) or errno.errorcode[self.error]
        return f"{KIND_NAMES[self.kind]}-{error}-{'lasting' if self.lasting else 'once'}"

    @property
    def is_retried(self):
        """SQLite tries an interrupted call again, and writes the other half: nobody need notice."""
        return self.error in (errno.EINTR, HALF) and self.kind != SYNC and not self.lasting


def compile_faults(folder):
    """Builds the library that is preloaded."""
    library = pathlib.Path(folder) / "disk_faults.so"
    line = ["cc", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return library


class Faults:
    """The faults of one server's folder."""

    def __init__(self, library, plan, folder):
        plan = pathlib.Path(plan)
        plan.write_bytes(bytes(ctypes.sizeof(Plan)))
        self.environment = {"LD_PRELOAD": str(library), "FAULTS_PLAN": str(plan), "FAULTS_FOLDER": str(folder)}
        with open(plan, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0)
        self.plan = Plan.from_buffer(self.memory)

    def arm(self, fault, number=1, files=DATA_FILES):
        """Lets the call of that number fail, counted from now; with a lasting fault all those after it as well."""
        self.lift()
        self.plan.calls = self.plan.failed = 0
        self.plan.kinds, self.plan.error, self.plan.pause = fault.kind, fault.error, 0
        self.plan.files, self.plan.where = files.encode(), b""
        self.plan.last = NEVER if fault.lasting else number
        self.plan.first = number

    def count(self, kind, files=DATA_FILES):
        """Counts calls from now on, and lets all of them through."""
        self.arm(Fault(kind, errno.EIO), NEVER, files)

    def slow_down(self, kind, seconds):
        """Lets each call take so much longer from now on."""
        self.arm(Fault(kind, 0, lasting=True), NEVER)
        self.plan.pause = int(seconds * 1_000_000)
        self.plan.first = 1

    def lift(self):
        self.plan.first = 0

    @property
    def calls(self):
        return self.plan.calls

    @property
    def failed(self):
        return self.plan.failed

    @property
    def where(self):
        """The first call that failed: its name and its file."""
        return self.plan.where.decode()
