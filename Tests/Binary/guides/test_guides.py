"""The guides are true: everything that they have a reader do is done here, and what they say comes of it does."""
import pytest

from server import REPOSITORY
from walk import Walk, blocks

GUIDES = sorted((REPOSITORY / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_reader_gets_what_the_guide_says(guide, tmp_path):
    with Walk(tmp_path) as walk:
        walk.follow(guide)


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
