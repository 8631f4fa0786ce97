"""The recorder, built for a run, and the record that it leaves."""
import enum
import mmap
import pathlib
import struct
import subprocess
import typing

SOURCE = pathlib.Path(__file__).with_name("recorder.c")
ENTRY = struct.Struct("=IIQQQ")


class Operation(enum.IntEnum):
    CREATE = ord("c")
    WRITE = ord("w")
    TRUNCATE = ord("t")
    SYNC_BEGIN = ord("s")
    SYNC_END = ord("e")
    REMOVE = ord("u")
    RENAME = ord("r")
    LINK = ord("l")
    SENT = ord("a")


class Entry(typing.NamedTuple):
    """One thing that happened. Its place in the record is its time."""

    operation: int
    file: int
    """An inode; of `SENT` the client's port."""
    offset: int
    """Of `TRUNCATE` the new length; the number that a sync's beginning and end share."""
    name: str
    data: memoryview
    """What was written or sent; the new name of `RENAME` and `LINK`."""


def build(folder):
    """Builds the recorder into `folder` and gives its path."""
    library = pathlib.Path(folder) / "recorder.so"
    if not library.exists():
        command = ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", library, SOURCE, "-lpthread"]
        subprocess.run(command, check=True)
    return library


def environment(library, folder, record=None, die_at=None):
    """What makes a process write its record, or die just before its operation number `die_at` on a file."""
    values = {"LD_PRELOAD": str(library), "RECORDER_FOLDER": str(pathlib.Path(folder).resolve())}
    if record is not None:
        values["RECORDER_LOG"] = str(record)
    if die_at is not None:
        values["RECORDER_DIE_AT"] = str(die_at)
    return values


def read(path):
    """The entries of a record. Of a killed process the last may be missing, though it was done."""
    with open(path, "rb") as file:
        log = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    entries, position = [], 0
    while position + ENTRY.size <= len(log):
        operation, name_length, file, offset, length = ENTRY.unpack_from(log, position)
        position += ENTRY.size
        if position + name_length + length > len(log):
            break
        name = bytes(log[position : position + name_length]).decode()
        position += name_length
        entries.append(Entry(operation, file, offset, name, log[position : position + length]))
        position += length
    return entries
