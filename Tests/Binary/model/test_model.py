"""Three APIs on one account behave as the ledger says that their documents do, in whatever order things are done."""
import collections
import json
import pathlib
import subprocess
import sys

from lengths import length

WORKERS = 2
COUNT = length(50, 1_250)
STEPS = length(25, 50)
# Without each of these a run has shown less than it says.
SITUATIONS = [
    *(f"{api} accepts: refund" for api in ("cari", "collctiv", "stancer")),
    *(f"{api} refuses: not now" for api in ("cari", "collctiv", "stancer")),
    *(f"{api} refuses: above original" for api in ("cari", "collctiv", "stancer")),
    *(f"{api} refuses: malformed" for api in ("cari", "collctiv", "stancer")),
    "cari refuses: unknown",
    "stancer accepts: void",
    "key of another API",
    "key of another request",
    "killed during a refund",
    "repetition: same",
    "repetition: members",
    "repetition: quoted",
    "repetition: other key of the account",
    "restart",
    "withdrawal by delete: 200",
    "withdrawal by canceled: 200",
]


def test_every_answer_is_the_ledgers(measured):
    """Each worker has a server of its own. What fails is printed with the steps to it and can be walked alone."""
    script = pathlib.Path(__file__).with_name("walk.py")
    running = []
    try:
        for worker in range(WORKERS):
            line = [sys.executable, script, "--first", 1 + worker * 1_000_000, "--count", COUNT, "--steps", STEPS]
            running.append(
                subprocess.Popen(map(str, line), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            )
        outputs = [worker.communicate(timeout=length(900, 7200))[0] for worker in running]
    finally:
        for worker in running:
            if worker.poll() is None:
                worker.terminate()
                worker.wait()
    for worker, output in zip(running, outputs):
        assert worker.returncode == 0, output
    figures, seen = collections.Counter(), collections.Counter()
    for output in outputs:
        shown = json.loads(output.splitlines()[-1])
        seen.update(shown.pop("seen"))
        figures.update(shown)
    assert not [situation for situation in SITUATIONS if not seen[situation]], seen
    measured(", ".join(f"{name}: {figures[name]}" for name in ("examples", "calls", "payments", "refunds")))
    measured(f"restarts: {seen['restart']}, seconds: {figures['seconds'] / WORKERS:.0f}")
