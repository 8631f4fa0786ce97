"""Each write and sync of a refund's request fails in turn, until a whole request goes through untouched."""
import contextlib
import errno
import itertools
import time

import pytest
import requests

from disk_faults import HALF, LOST, OPEN, READ, SIZE, SYNC, WRITE, Fault
from disk_merchant import DIALECTS, Merchant, assert_storage_refused
from disk_restart import kill_and_start, start_again, wait_for_end
from lengths import length

REFUSED = [
    Fault(WRITE, errno.EIO),
    Fault(WRITE, errno.ENOSPC, lasting=True),
    Fault(SIZE, errno.EIO),
    Fault(OPEN, errno.EMFILE),
]
ALSO_REFUSED = [
    Fault(WRITE, errno.ENOSPC),
    Fault(WRITE, errno.EIO, lasting=True),
    Fault(WRITE, HALF, lasting=True),
    Fault(SIZE, errno.ENOSPC, lasting=True),
    Fault(OPEN, errno.EIO, lasting=True),
    Fault(WRITE, errno.EINTR),
]
UNNOTICED = [Fault(WRITE, HALF)]
FAULTS = REFUSED + length([], ALSO_REFUSED) + UNNOTICED
ENDING = [
    Fault(SYNC, errno.EIO),
    Fault(SYNC, errno.EIO, lasting=True),
    Fault(SYNC, errno.ENOSPC),
    Fault(SYNC, errno.EINTR),
]

KILL_EVERY = length(20, 1)
"""After so many faults comes a `kill -9`: what was on the disk at that moment is all that there is."""


def merchant_of(server, dialect):
    merchant = Merchant(server.start(), dialect)
    merchant.keep_queued()
    assert merchant.refund("first").status_code == 200
    return merchant


def first_refund(merchant):
    return next(iter(merchant.acknowledged.values()))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_failed_write_is_refused_and_forgotten(failing, measured, dialect):
    """503 while it lasts, with reads that go on; and the very next request succeeds once it is over."""
    server, faults = failing()
    merchant = merchant_of(server, dialect)
    cases = 0
    for fault in FAULTS:
        for number in itertools.count(1):
            faults.arm(fault, number)
            answer = merchant.refund(f"{fault} {number}")
            if not faults.failed:
                assert answer.status_code == 200, answer.text
                break
            cases += 1
            # A checkpoint comes after the answer, and is tried again. The one of the refund before may only come now.
            was_checkpoint = faults.where.endswith("storno.sqlite")
            if fault.is_retried or (was_checkpoint and not fault.lasting):
                assert answer.status_code == 200, f"{faults.where}: {answer.text}"
            elif not was_checkpoint or answer.status_code != 200:
                assert_storage_refused(answer, dialect)
            if fault.lasting:
                assert_reads_go_on(merchant)
            if cases % KILL_EVERY == 0:
                faults.lift()
                kill_and_start(merchant)
            faults.lift()
            merchant.ask_again()
        faults.lift()
    kill_and_start(merchant)
    assert requests.get(f"{server.url}/readyz").status_code == 200
    measured(f"{cases} failed calls, {len(merchant.acknowledged)} refunds acknowledged, 0 lost, 0 doubled")


def assert_reads_go_on(merchant):
    """And nothing else does: the next refund is refused as well, and load balancers are told."""
    assert merchant.read(first_refund(merchant)).status_code == 200
    assert merchant.list().status_code == 200
    answer = merchant.refund("while it lasts")
    if answer.status_code != 200:
        assert_storage_refused(answer, merchant.dialect)
        assert requests.get(f"{merchant.server.url}/readyz").status_code == 503


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_failed_sync_ends_the_server(failing, measured, dialect):
    """Never a 2xx; non-zero within a second, since a later sync that succeeds proves nothing; and a clean start."""
    server, faults = failing()
    merchant = merchant_of(server, dialect)
    cases, answered, slowest = 0, 0, 0
    for fault in ENDING:
        for number in itertools.count(1):
            faults.arm(fault, number)
            begin = time.monotonic()
            status = status_or_none(merchant, f"{fault} {number}")
            if not faults.failed:
                assert status == 200
                break
            assert status in (503, None), f"{fault} {number} {faults.where} {faults.calls}: {status}"
            cases, answered = cases + 1, answered + (status == 503)
            wait_for_end(server)
            slowest = max(slowest, time.monotonic() - begin)
            faults.lift()
            start_again(merchant)
            merchant.ask_again()
    faults.lift()
    kill_and_start(merchant)
    assert slowest < 1
    measured(f"{cases} failed syncs, {answered} answered 503, the others closed; exit after {slowest:.3f} s at most")


def status_or_none(merchant, name):
    """None where the connection ended without an answer."""
    try:
        return merchant.refund(name).status_code
    except requests.ConnectionError:
        return None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_failed_read_is_no_wrong_answer(failing, measured, dialect):
    """A refund that cannot be read is 503. What cannot be read for a write may end the server, cleanly."""
    server, faults = failing()
    merchant = merchant_of(server, dialect)
    cases = 0
    for fault in [Fault(READ, errno.EIO), Fault(READ, errno.EIO, lasting=True)]:
        for number in itertools.count(1):
            kill_and_start(merchant)
            faults.arm(fault, number)
            read = merchant.read(first_refund(merchant))
            status = status_or_none(merchant, f"{fault} {number}")
            hit = faults.failed
            faults.lift()
            assert read.status_code in (200, 503), read.text
            assert status in (200, 503, None), status
            recover(merchant)
            if not hit or number >= length(6, 1000):
                break
            cases += 1
    kill_and_start(merchant)
    measured(f"{cases} failed reads, 0 lost")


def recover(merchant):
    """Asks again until everything is acknowledged, and starts the server if it ends meanwhile."""
    deadline = time.monotonic() + 10
    while merchant.asked.keys() - merchant.acknowledged.keys():
        assert time.monotonic() < deadline, "the server neither ends nor answers"
        if merchant.server.process.poll() is not None:
            wait_for_end(merchant.server)
            start_again(merchant)
        with contextlib.suppress(requests.ConnectionError, AssertionError):
            merchant.ask_again()


def test_the_rig_sees_a_loss(failing):
    """A disk that forgets what it took makes the server lose refunds, and the checks of this folder say so."""
    server, faults = failing()
    merchant = merchant_of(server, "collctiv")
    faults.arm(Fault(WRITE, LOST, lasting=True), files="storno.sqlite-wal")
    status_or_none(merchant, "forgotten")
    faults.lift()
    assert "collctiv forgotten" in merchant.acknowledged
    with pytest.raises(AssertionError, match="lost"):
        kill_and_start(merchant)
