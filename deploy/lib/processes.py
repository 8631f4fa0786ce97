"""The running processes of one part: those that work in its folder, whoever started them."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time


def running(folder):
    """Their numbers."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            work = os.readlink(process / "cwd")
            if work == str(folder) or work.startswith(f"{folder}/"):
                found.append(int(process.name))
    return found


def start(line, folder, environment):
    """Leaves it running when this command ends."""
    with open(folder / "log", "ab") as log:
        subprocess.Popen(
            line,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(folder):
    """Asks, then asks again, then ends it. SIGTERM is for the part itself, which ends what it has started."""
    if wait_until_gone(folder, lambda number: send(number, signal.SIGTERM, folder), 40):
        return
    if wait_until_gone(folder, lambda number: send(number, signal.SIGINT), 10):
        return
    wait_until_gone(folder, lambda number: send(number, signal.SIGKILL), 10)


def wait_until_gone(folder, ask, seconds):
    for number in running(folder):
        ask(number)
    deadline = time.monotonic() + seconds
    while running(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def send(number, which, only_in=None):
    with contextlib.suppress(OSError):
        if only_in is None or os.readlink(f"/proc/{number}/cwd") == str(only_in):
            os.kill(number, signal.SIGCONT)
            os.kill(number, which)
