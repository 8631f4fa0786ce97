"""Somebody at the command line, who asks a server."""
import json
import os
import signal
import subprocess
import threading
import time

from server import BINARY

#: What would say which server is meant, or how it looks.
OURS = ("STORNO_", "NO_COLOR", "XDG_CONFIG_HOME")


class Person:
    def __init__(self, storno, home, account="main", **environment):
        self.storno, self.home, self.account = storno, home, account
        self.home.mkdir(exist_ok=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = own | {"XDG_CONFIG_HOME": str(home)} | environment

    @property
    def file(self):
        return self.home / "storno" / "profiles.json"

    def run(self, *arguments, stdin="", code=0, **environment):
        """Fails unless the command ends with `code`."""
        done = subprocess.run(
            [str(BINARY), *map(str, arguments)],
            input=stdin, capture_output=True, text=True, timeout=90, cwd=self.home,
            env=self.environment | environment,
        )  # fmt: skip
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done

    def key(self, *arguments, dialect="storno", mode="test"):
        """Another key of the same account."""
        return self.storno.key(dialect, mode, "--account", self.account, *arguments)

    def set(self, setting):
        self.storno.command("accounts", "set", self.account, setting, "--database", self.storno.database)

    def json(self, *arguments, **environment):
        return json.loads(self.run(*arguments, "--json", **environment).stdout)

    def id(self, *arguments):
        return self.json(*arguments)["id"]

    def payment(self, amount=2500):
        return self.id("payments", "create", "--amount", amount, "--currency", "EUR")

    def starts(self, *arguments):
        return Running([str(BINARY), *map(str, arguments)], self.home, self.environment)


class Running:
    """A command that goes on, and what it has printed so far."""

    def __init__(self, line, folder, environment):
        self.process = subprocess.Popen(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
            env=environment,
        )  # fmt: skip
        self.out, self.talk = [], []
        self.threads = [
            threading.Thread(target=self.read, args=(self.process.stdout, self.out), daemon=True),
            threading.Thread(target=self.read, args=(self.process.stderr, self.talk), daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def wait(self, holds, seconds=20):
        deadline = time.monotonic() + seconds
        while not holds(self):
            assert time.monotonic() < deadline, f"out {self.out}, talk {self.talk}"
            time.sleep(0.02)

    def says(self, words, times=1):
        self.wait(lambda self: sum(words in line for line in list(self.talk)) >= times)

    def interrupt(self, sent=signal.SIGINT):
        """Gives the exit code."""
        self.process.send_signal(sent)
        return self.end()

    def end(self):
        code = self.process.wait(timeout=30)
        for thread in self.threads:
            thread.join(10)
        return code
