"""The recipe of docs/OPERATING.md: Litestream copies the database continuously; machine lost, restored elsewhere."""
import json
import pathlib
import shutil
import subprocess
import sys
import time

from lengths import length
from server import Storno
from test_backup import Merchant

LITESTREAM = pathlib.Path(sys.executable).parent / "litestream"
# What a machine that dies may take with it: Litestream copies once a second.
WINDOW = 10


def test_what_was_answered_ten_seconds_before_the_machine_died_is_restored(storno, tmp_path, measured):
    key = storno.key("collctiv")
    replica = f"file://{tmp_path / 'replica'}"
    line = [LITESTREAM, "replicate", storno.folder / "storno.sqlite", replica]
    with open(tmp_path / "litestream.log", "wb") as log:
        copier = subprocess.Popen(line, stdout=log, stderr=log)
    merchant = Merchant(storno, key)
    try:
        time.sleep(length(8, 60))
        safe = list(merchant.answered)
        time.sleep(WINDOW)
    finally:
        copier.kill()
        copier.wait()
        merchant.stop()
    storno.kill()
    copy = Storno(tmp_path / "new")
    copy.folder.mkdir()
    subprocess.run([LITESTREAM, "restore", "-o", tmp_path / "copy.sqlite", replica], check=True, timeout=120)
    shutil.copy(storno.folder / "storno.key", copy.folder / "storno.key")
    copy.command("restore", tmp_path / "copy.sqlite", "--unchecked", "--database", copy.database)
    copy.verify()
    copy.start()
    try:
        for refund in safe[:: max(1, len(safe) // 50)] + safe[-1:]:
            shown = copy.command("refunds", "show", refund, "--json", "--database", copy.database)
            assert json.loads(shown.stdout)["refund"]["amount"] == 1
    finally:
        copy.kill()
    measured(f"{len(safe)} refunds answered {WINDOW} s before the end, all restored from Litestream's copy")
