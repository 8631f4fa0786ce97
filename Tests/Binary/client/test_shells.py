"""Completions in the shells that people have, and the manual's pages."""
import pathlib
import shutil
import subprocess

import pytest

from server import BINARY
from terminal import Terminal

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
#: How each is started, and what makes it complete and tell when it waits.
BEGIN = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source {}/share/bash-completion/completions/storno; PS1='wai'ting_"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "fpath=({}/share/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D; PS1='wai'ting_",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "source {}/share/fish/vendor_completions.d/storno.fish; function fish_prompt; echo -n 'wai'ting_; end",
    ),
}
#: What is typed before the tab, and what there is then.
TYPED = [
    ("storno profi", "storno profiles"),
    ("storno trigger dec", "storno trigger declined"),
    ("storno profiles use sho", "storno profiles use shop"),
    ("storno refunds list --status needs", "storno refunds list --status needs_review"),
    ("storno listen --forw", "storno listen --forward-to"),
]


@pytest.fixture
def installed(tmp_path):
    """As a package would: the program, its pages and its completions below one folder."""
    folder = tmp_path / "prefix"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "storno").symlink_to(BINARY)
    subprocess.run([REPOSITORY / "scripts" / "manual", BINARY, folder], check=True, timeout=60)
    return folder


@pytest.mark.parametrize("shell", BEGIN)
def test_a_shell_completes_commands_options_and_names(person, installed, shell):
    assert shutil.which(shell), f"{shell} is not installed: scripts/setup-tests"
    command, begin = BEGIN[shell]
    environment = person.environment | {
        "PATH": f"{installed / 'bin'}:{person.environment['PATH']}", "HOME": str(person.home),
    }  # fmt: skip
    with Terminal(command, person.home, environment) as terminal:
        terminal.type(begin.format(installed) + "\n")
        for typed, completed in TYPED:
            terminal.wait("waiting_", seconds=60)
            terminal.forget()
            terminal.type(typed + "\t")
            terminal.wait(completed, seconds=60)
            terminal.forget()
            # The line is wiped, and an empty one is sent.
            terminal.type("\x05\x15\n")


def test_every_command_has_a_page_without_a_fault(installed):
    pages = sorted((installed / "share" / "man" / "man1").iterdir())
    names = {page.stem for page in pages}
    told = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True, timeout=30).stdout
    listed = told.split("SUBCOMMANDS:\n")[1].split("\n\n")[0]
    commands = {line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "}
    assert len(commands) > 15
    assert names == {"storno"} | {f"storno-{command}" for command in commands}
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True, timeout=60)
    assert lint.returncode == 0, lint.stdout
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "100"}
    shown = subprocess.run(
        ["man", "-P", "cat", "-l", installed / "share" / "man" / "man1" / "storno-refunds.1"],
        capture_output=True, text=True, timeout=60, env=environment, check=True,
    ).stdout  # fmt: skip
    for words in ["NAME", "SYNOPSIS", "COMMANDS", "storno refunds approve", "--idempotency-key", "SEE ALSO"]:
        assert words in shown
