"""Servers and keys under names."""
import json
import stat

import pytest

from person import Person
from server import BINARY
from terminal import Terminal

KEY = "storno_test_0123456789abcdefghijklmnopqrstuv"


def test_a_profile_is_for_its_owner_alone_and_its_key_is_never_shown(stranger):
    added = stranger.run("profiles", "add", "one", stdin=KEY + "\n")
    assert stat.S_IMODE(stranger.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(stranger.file.parent.stat().st_mode) == 0o700
    assert json.loads(stranger.file.read_text())["profiles"]["one"] == {"address": "http://127.0.0.1:8080", "key": KEY}
    listed = stranger.run("profiles", "list")
    (row,) = stranger.json("profiles", "list")
    assert row == {"name": "one", "address": "http://127.0.0.1:8080", "key": "storno_test_…stuv", "current": "yes"}
    for done in [added, listed]:
        assert KEY not in done.stdout + done.stderr


def test_profiles_are_chosen_changed_and_forgotten(stranger):
    stranger.run("profiles", "add", "one", stdin=KEY)
    stranger.run("profiles", "add", "two", "--address", "https://two.example", STORNO_API_KEY=KEY)
    assert [row["current"] for row in stranger.json("profiles", "list")] == ["yes", ""]
    stranger.run("profiles", "use", "two")
    stranger.run("profiles", "add", "one", "--address", "https://one.example", stdin=KEY)
    assert [(row["address"], row["current"]) for row in stranger.json("profiles", "list")] == [
        ("https://one.example", ""), ("https://two.example", "yes"),
    ]  # fmt: skip
    stranger.run("profiles", "remove", "two")
    assert [row["name"] for row in stranger.json("profiles", "list")] == ["one"]
    assert "No server is chosen" in stranger.run("payments", "list", code=64).stderr


@pytest.mark.parametrize(
    "arguments, stdin, words",
    [
        (["add", "a b"], KEY, "no name"),
        (["add", "one"], "", "no key"),
        (["add", "one"], "two words", "no key"),
        (["add", "one", "--address", "localhost:1"], KEY, "no address"),
        (["use", "none"], "", "no profile none"),
        (["remove", "none"], "", "no profile none"),
    ],
)
def test_a_profile_that_is_none_is_told(stranger, arguments, stdin, words):
    assert words in stranger.run("profiles", *arguments, stdin=stdin, code=64).stderr
    assert not stranger.file.exists()


def test_a_file_that_is_broken_is_not_written_over(stranger):
    stranger.file.parent.mkdir()
    stranger.file.write_text("{")
    assert "cannot be read as profiles" in stranger.run("profiles", "add", "one", stdin=KEY, code=64).stderr
    assert stranger.file.read_text() == "{"


def test_a_key_is_asked_for_and_not_shown(stranger):
    with Terminal([BINARY, "profiles", "add", "one"], stranger.home, stranger.environment) as terminal:
        terminal.wait("not shown")
        assert not terminal.shows_what_is_typed
        terminal.type(KEY + "\n")
        assert terminal.exit_code() == 0
        assert KEY not in terminal.text and "storno_test_…stuv" in terminal.text
        assert terminal.shows_what_is_typed
    assert json.loads(stranger.file.read_text())["profiles"]["one"]["key"] == KEY


def test_somebody_who_changes_their_mind_has_their_terminal_back(stranger):
    with Terminal([BINARY, "profiles", "add", "one"], stranger.home, stranger.environment) as terminal:
        terminal.wait("not shown")
        terminal.type("storno_\x03\n")
        assert terminal.exit_code() == 130
        assert terminal.shows_what_is_typed
    assert not stranger.file.exists()


def test_flags_come_before_the_environment_and_that_before_the_current_profile(storno, tmp_path):
    person = Person(storno, tmp_path / "home")
    for name in ["first", "second", "third"]:
        person.run("profiles", "add", name, "--address", storno.url, stdin=storno.key("storno", "test", "--account", name))
    person.run("payments", "create", "--amount", 1, "--currency", "EUR", "--profile", "first")
    mine = {"STORNO_API_KEY": storno.key("storno", "test", "--account", "fourth"), "STORNO_ADDRESS": storno.url}
    person.run("payments", "create", "--amount", 4, "--currency", "EUR", **mine)

    def amounts(*arguments, **environment):
        return [payment["amount"] for payment in person.json("payments", "list", *arguments, **environment)]

    assert amounts() == [1]
    assert amounts(STORNO_PROFILE="second") == []
    assert amounts(STORNO_PROFILE="second", **mine) == [4]
    assert amounts("--profile", "first", STORNO_PROFILE="second", **mine) == [1]
    # A profile's key goes to its own server, unless a flag says otherwise.
    assert amounts(STORNO_ADDRESS="http://127.0.0.1:1") == [1]
    elsewhere = person.run("payments", "get", "pay_x", "--address", "http://127.0.0.1:1", code=5)
    assert "nobody listens" in elsewhere.stderr


def test_the_demo_tells_how_to_ask_it(stopped, tmp_path):
    from server import Storno

    demo = Storno(stopped.folder, arguments=["--demo"]).start()
    person = Person(demo, tmp_path / "home")
    log = (stopped.folder / "server.log").read_text()
    (line,) = [line for line in log.splitlines() if "profiles add demo" in line]
    key = line.split()[1]
    assert line == f"echo {key} | storno profiles add demo --address http://127.0.0.1:{demo.port}"
    person.run("profiles", "add", "demo", "--address", f"http://127.0.0.1:{demo.port}", stdin=key)
    assert len(person.json("payments", "list")) == 4
    demo.kill()
