"""Does what a guide in docs/guides says, from its first block to its last, in an empty folder.

What stands behind a block's three backticks says what it is:

- `sh`: typed into one shell, in which everything has to succeed. A block of `text` or `json` right behind it is what it
  prints; `…` stands for anything.
- `sh server`: typed into a terminal of its own. It says "listening on" when it is ready, and runs until the end.
- `python NAME`, `json NAME`, …: a file of that name.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass

from postgres_server import free_port
from server import BINARY, REPOSITORY

#: What guides call these ports, while a test takes others.
PORTS = ("8080", "9000", "9464")
END = "--- end of the block"


@dataclass
class Block:
    kind: str
    name: str
    text: str
    line: int


def blocks(guide):
    found = re.finditer(r"^```(\w+)[ ]?(.*)\n((?:.*\n)*?)```$", guide, re.MULTILINE)
    return [Block(m[1], m[2], m[3], guide.count("\n", 0, m.start()) + 1) for m in found]


class Walk:
    """One reader of a guide."""

    def __init__(self, folder, shell=("bash", "-eu", "-o", "pipefail")):
        self.folder = folder
        self.ports = {port: str(free_port()) for port in PORTS}
        binaries = folder / "bin"
        binaries.mkdir()
        (binaries / "storno").symlink_to(BINARY)
        python = REPOSITORY / ".venv" / "bin"
        self.home = folder / "home"
        self.home.mkdir()
        self.environment = os.environ | {
            "PATH": f"{binaries}:{python}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "STORNO_PORT": self.ports["8080"],
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        self.servers = []
        self.errors = open(folder / "errors", "w+")
        self.shell = subprocess.Popen(
            shell,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            text=True, cwd=self.home, env=self.environment,
        )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.shell.kill()
        self.shell.wait()
        for server in self.servers:
            os.killpg(server.pid, signal.SIGTERM)
        for server in self.servers:
            server.wait(timeout=30)
        self.errors.close()

    def check_out(self):
        """What of the repository a guide uses: deploy/, and the built program."""
        shutil.copytree(REPOSITORY / "deploy", self.home / "deploy")
        for file in (self.home / "deploy").glob("*.service"):
            file.write_text(self.with_own_ports(file.read_text()))
        built = self.home / ".build" / "release"
        built.mkdir(parents=True)
        (built / "storno").symlink_to(BINARY)

    def with_own_ports(self, text):
        for told, own in self.ports.items():
            text = re.sub(rf"\b{told}\b", own, text)
        return text

    def follow(self, guide):
        """
        - guide: a file in docs/guides.
        """
        text = self.with_own_ports(pathlib.Path(guide).read_text())
        printed = None
        for block in blocks(text):
            where = f"{pathlib.Path(guide).name}:{block.line}"
            if block.kind == "sh" and not block.name:
                printed = self.type(block.text, where)
            elif block.kind == "sh" and block.name == "server":
                self.serve(block.text, where)
            elif block.name:
                (self.home / block.name).write_text(block.text)
            else:
                assert block.kind in ("text", "json") and printed is not None, f"{where}: what is this block?"
                check(printed, block, where)
                printed = None

    def type(self, text, where):
        """What the shell prints."""
        self.shell.stdin.write(f"{text}\necho; echo '{END}'\n")
        self.shell.stdin.flush()
        lines = []
        while (line := self.shell.stdout.readline()) and line.strip() != END:
            lines.append(line)
        self.errors.seek(0)
        assert line, f"{where}:\n{text}\nprinted\n{''.join(lines)}\nand told\n{self.errors.read()[-3000:]}"
        return "".join(lines)

    def serve(self, text, where):
        log = self.folder / f"server {len(self.servers)}"
        with open(log, "w") as output:
            server = subprocess.Popen(
                ["bash", "-eu", "-c", text],
                stdout=output, stderr=output, cwd=self.home, env=self.environment, start_new_session=True,
            )  # fmt: skip
        self.servers.append(server)
        deadline = time.monotonic() + 60
        while "listening on" not in log.read_text():
            assert server.poll() is None and time.monotonic() < deadline, f"{where}: {log.read_text()}"
            time.sleep(0.05)


def check(printed, block, where):
    blank = "" if block.kind == "json" else " "
    expected, found = (re.sub(r"\s+", blank, text).strip() for text in (block.text, printed))
    pattern = ".*?".join(re.escape(part) for part in expected.split("…"))
    assert re.fullmatch(pattern, found, re.DOTALL), f"{where}: expected\n{block.text}\nbut it was\n{printed}"
