"""The simulator as people run it: promises kept, every rare situation met, every planted fault caught."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def simulator(*arguments, timeout=1200):
    folder = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    program = pathlib.Path(folder) / "simulator"
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=timeout)


def test_no_promise_is_broken_and_every_rare_situation_comes_up():
    done = simulator("--seeds", "4000")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "no promise broken" in done.stdout
    assert not re.search(r"^0 ×", done.stdout, re.MULTILINE)


def test_another_process_sees_the_same():
    first, second = simulator("--seeds", "150"), simulator("--seeds", "150")
    assert first.stdout == second.stdout
    assert "trace" in first.stdout


def test_a_replay_prints_the_same_steps_in_another_process():
    first, second = simulator("--seed", "7", "--lines", "1000"), simulator("--seed", "7", "--lines", "1000")
    assert first.returncode == 0 and first.stdout == second.stdout
    assert len(first.stdout.splitlines()) > 20


def test_every_planted_fault_is_caught_as_the_page_says():
    done = simulator("--mutants", "--seeds", "20000")
    assert done.returncode == 0, done.stdout
    page = (ROOT / "docs/reference/mutants.md").read_text()
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) >= 40
    wrong = [row for row in rows if row not in page]
    assert not wrong, "docs/reference/mutants.md is not of today: " + "\n".join(wrong)
