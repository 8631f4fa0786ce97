"""What the power cuts rest on: the record says in which order things happened, and lacks nothing."""
import os
import socket
import subprocess
import sys

import disk
import recorder
from recorder import Operation

# Writes a page and tells a client so, in the order that its second argument says.
PROGRAM = """
import mmap, os, socket, sys
folder, steps, port = sys.argv[1:]
file = os.open(os.path.join(folder, "file"), os.O_RDWR | os.O_CREAT)
client = socket.create_connection(("127.0.0.1", int(port)))
for step in steps.split():
    if step == "write":
        os.pwrite(file, b"x" * 4096, 0)
    elif step == "answer":
        client.sendall(b"done")
    elif step == "sync":
        os.fdatasync(file)
    elif step == "sync-folder":
        os.fsync(os.open(folder, os.O_RDONLY))
    elif step == "map":
        mmap.mmap(file, 4096)[:4] = b"past"
"""


def recorded(tmp_path, steps):
    """The entries of a program that takes these steps, and the disk before each."""
    data = tmp_path / "data"
    data.mkdir()
    library = recorder.build(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = [sys.executable, "-c", PROGRAM, data, steps, str(listener.getsockname()[1])]
        environment = os.environ | recorder.environment(library, data, tmp_path / "record")
        subprocess.run(line, env=environment, check=True)
    return recorder.read(tmp_path / "record"), disk.Disk(data.stat().st_ino), data


def on_disk_when_answered(tmp_path, steps):
    """What the file surely held when the answer had left."""
    entries, view, _ = recorded(tmp_path, steps)
    for time, entry in enumerate(entries):
        view.follow(time, entry)
        if entry.operation == Operation.SENT:
            return bytes(view.names["file"].synced)
    raise AssertionError("there was no answer")


def test_an_answer_after_its_sync_is_on_the_disk(tmp_path):
    assert on_disk_when_answered(tmp_path, "write sync answer") == b"x" * 4096


def test_an_answer_before_its_sync_is_not(tmp_path):
    assert on_disk_when_answered(tmp_path, "write answer sync") == b""


def test_a_sync_covers_nothing_that_was_written_after_it(tmp_path):
    assert on_disk_when_answered(tmp_path, "sync write answer") == b""


def test_a_name_is_on_the_disk_when_its_folder_was_synced(tmp_path):
    entries, view, _ = recorded(tmp_path, "write sync answer sync-folder")
    before = []
    for time, entry in enumerate(entries):
        view.follow(time, entry)
        if entry.operation == Operation.SENT:
            before.append((set(view.journalled.synced), set(view.unsynced.synced)))
    assert before == [({"file"}, set())]
    assert set(view.unsynced.synced) == {"file"}


def test_what_was_written_past_the_record_shows_in_the_end(tmp_path):
    entries, view, data = recorded(tmp_path, "write map")
    for time, entry in enumerate(entries):
        view.follow(time, entry)
    assert view.content["file"] != (data / "file").read_bytes()
