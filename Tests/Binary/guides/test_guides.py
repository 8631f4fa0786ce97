"""The guides are true: everything that they have a reader do is done here, and what they say comes of it does."""
import pathlib
import subprocess

import pytest

from postgres_server import private_folder
from server import REPOSITORY
from guide_reader import Walk, blocks

HERE = pathlib.Path(__file__).parent
GUIDES = REPOSITORY / "docs" / "guides"
#: It changes the machine: its reader gets one to himself.
OPERATE = GUIDES / "operate.md"


@pytest.mark.parametrize("guide", sorted(set(GUIDES.glob("*.md")) - {OPERATE}), ids=lambda guide: guide.stem)
def test_a_reader_gets_what_the_guide_says(guide, tmp_path):
    with Walk(tmp_path) as walk:
        walk.follow(guide)


def test_who_operates_it_gets_what_the_guide_says():
    """In a folder that the service's own user can reach."""
    with private_folder() as folder:
        shell = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        with Walk(folder, [*shell, "bash", HERE / "own_root.sh", HERE]) as walk:
            walk.check_out()
            walk.follow(OPERATE)


def test_the_units_are_what_systemd_takes():
    units = sorted((REPOSITORY / "deploy").glob("storno*.service")) + sorted((REPOSITORY / "deploy").glob("*.timer"))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)
    # The programs that they start are not installed here.
    told = [line for line in done.stderr.splitlines() if "is not executable: No such file or directory" not in line]
    assert told == []


def test_what_is_not_as_told_is_seen(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text("```sh\necho one two\n```\n```text\none … three\n```\n")
    assert [block.kind for block in blocks(guide.read_text())] == ["sh", "text"]
    with Walk(tmp_path) as walk, pytest.raises(AssertionError, match="guide.md:4"):
        walk.follow(guide)


def test_what_fails_is_seen(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text("```sh\nfalse\necho on\n```\n")
    with Walk(tmp_path) as walk, pytest.raises(AssertionError, match="guide.md:1"):
        walk.follow(guide)
