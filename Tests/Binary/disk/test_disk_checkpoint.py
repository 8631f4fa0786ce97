"""Each call of a checkpoint fails in turn, until a whole checkpoint goes through untouched."""
import contextlib
import errno
import itertools
import time

import requests

from disk_faults import HALF, SIZE, SYNC, WRITE, Fault
from disk_log import Log
from disk_merchant import Merchant
from disk_restart import kill_and_start, start_again, wait_for_end
from lengths import length

MOST_REFUNDS = 1000
"""A checkpoint is due long before."""


def refund_until(merchant, is_done):
    """Refunds one by one; all of them are acknowledged, since a checkpoint comes after the answers."""
    for _ in range(MOST_REFUNDS):
        if is_done():
            return
        answer = merchant.refund(f"refund {len(merchant.asked)}")
        assert answer.status_code == 200, answer.text
    raise AssertionError("no checkpoint came")


def owe_checkpoint(merchant, faults, log):
    """Brings the server so far that it wants a checkpoint after every commit: the last one failed."""
    for _ in range(10):
        faults.arm(Fault(WRITE, errno.EIO, lasting=True), files="storno.sqlite")
        refund_until(merchant, lambda: faults.failed)
        # The last refund's checkpoint may still be on its way, and so may the audit trail's link to it with one more; on a
        # busy machine they may even come later, and succeed.
        time.sleep(0.6)
        owed = log.frames
        faults.lift()
        time.sleep(0.2)
        if log.copied < owed <= log.frames:
            return
    raise AssertionError("each checkpoint was made good at once")


def let_the_trail_follow(faults):
    """The audit trail's link to a refund comes a moment after it, with a checkpoint of its own: that one fails too."""
    faults.arm(Fault(WRITE, errno.EIO, lasting=True), files="storno.sqlite")
    time.sleep(0.4)


def wait_for_checkpoint(merchant, log, faults):
    """It comes after the answer: until one of its calls failed, or all that is in the log now is copied; once it is, the
    log begins anew with what comes next, such as a link of the audit trail."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        wanted, patience = log.frames, time.monotonic() + 1
        while time.monotonic() < patience:
            if faults.failed or not log.copied < wanted <= log.frames:
                return
            time.sleep(0.001)
        # Who reads for the trail may have stood in its way: the next commit brings another.
        assert merchant.refund(f"refund {len(merchant.asked)}").status_code == 200
    raise AssertionError("no checkpoint came")


def test_a_checkpoint_that_fails_is_made_good_by_the_next(failing, measured):
    server, faults = failing()
    merchant = Merchant(server.start(), "collctiv")
    merchant.keep_queued()
    log = Log(server)
    cases = 0
    also = [Fault(WRITE, errno.EIO, lasting=True), Fault(WRITE, HALF, lasting=True), Fault(SIZE, errno.EIO)]
    for fault in [Fault(WRITE, errno.ENOSPC), *length([], also)]:
        owe_checkpoint(merchant, faults, log)
        for number in itertools.count(1):
            faults.arm(fault, number, files="storno.sqlite")
            answer = merchant.refund(f"{fault} {number}")
            assert answer.status_code == 200, answer.text
            wait_for_checkpoint(merchant, log, faults)
            if not faults.failed:
                break
            cases += 1
            let_the_trail_follow(faults)
        faults.lift()
    kill_and_start(merchant)
    measured(f"{cases} failed calls in checkpoints, {len(merchant.acknowledged)} refunds acknowledged, 0 lost")


def test_a_failed_sync_in_a_checkpoint_ends_the_server(failing, measured):
    """SQLite's own checkpoints would keep it to themselves. A commit syncs the log; a checkpoint that, and the file."""
    server, faults = failing()
    merchant = Merchant(server.start(), "collctiv")
    merchant.keep_queued()
    log = Log(server)
    slowest = 0
    for fault in [Fault(SYNC, errno.EIO), *length([], [Fault(SYNC, errno.EIO, lasting=True)])]:
        for files, number in [("storno.sqlite-wal", 1), ("storno.sqlite-wal", 2), ("storno.sqlite", 1)]:
            owe_checkpoint(merchant, faults, log)
            faults.arm(fault, number, files)
            with contextlib.suppress(requests.ConnectionError):
                merchant.refund(f"{fault} {files} {number}")
            wait_for_checkpoint(merchant, log, faults)
            begin = time.monotonic()
            assert faults.failed, f"sync {number} of {files} was not reached"
            wait_for_end(server)
            slowest = max(slowest, time.monotonic() - begin)
            faults.lift()
            start_again(merchant)
            merchant.ask_again()
    assert slowest < 1
    measured(f"each sync of a commit and its checkpoint failed; exit after {slowest:.3f} s at the most, 0 lost")
