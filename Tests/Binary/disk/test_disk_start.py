"""Each call of a server's start fails in turn: it starts, or says what is wrong and ends; nothing blocks the next."""
import concurrent.futures
import errno
import re
import shutil
import time

import pytest
import requests

from disk_faults import FOLDER, HALF, OPEN, SIZE, SYNC, WRITE, Fault, Faults
from disk_merchant import Merchant
from disk_restart import wait_for_end
from lengths import length
from server import Storno

FILES = [
    "storno.sqlite",
    "storno.sqlite-journal",
    "storno.sqlite-wal",
    "storno.sqlite-shm",
    "storno.sqlite.lock",
    "storno.sqlite.admin",
    "storno.key*",
]
FAULTS = [
    Fault(WRITE, errno.ENOSPC),
    Fault(WRITE, errno.EIO, lasting=True),
    Fault(WRITE, HALF),
    Fault(SYNC, errno.EIO),
    Fault(SYNC, errno.EIO, lasting=True),
    Fault(OPEN, errno.EACCES, lasting=True),
    Fault(OPEN, errno.EMFILE),
    Fault(SIZE, errno.ENOSPC),
    Fault(SIZE, errno.EIO, lasting=True),
]
ALSO = [
    Fault(WRITE, errno.EIO),
    Fault(WRITE, errno.ENOSPC, lasting=True),
    Fault(WRITE, HALF, lasting=True),
    Fault(WRITE, errno.EINTR),
    Fault(SYNC, errno.ENOSPC),
    Fault(OPEN, errno.EIO),
    Fault(OPEN, errno.ENOSPC, lasting=True),
]
CALLS = length(2, 10_000)
"""At most so many calls of one kind on one file: the first, the last, and some between."""


class Start:
    """One start of a server on a copy of `template`, with a fault."""

    def __init__(self, folder, library, template):
        self.folder = folder
        if template:
            shutil.copytree(template.folder, folder, ignore=lambda _, names: [n for n in names if n.endswith(".admin")])
        else:
            folder.mkdir()
        self.faults = Faults(library, folder.with_suffix(".plan"), folder)
        self.server = Storno(folder, environment=self.faults.environment | {"SWIFT_BACKTRACE": "enable=no"})

    def run(self):
        """True if it listens; after the words of its end otherwise."""
        try:
            self.server.start()
        except AssertionError:
            code = self.server.process.poll()
            assert code is not None, "it hangs"
            self.assert_explained(code)
            return False
        return True

    def assert_explained(self, code):
        """Says in sentences which file or folder it cannot use, and what to do; ends by itself, not by a trap."""
        text = (self.folder / "server.log").read_text(errors="replace").replace(str(self.folder), "FOLDER")
        assert code in (64, 69), f"{code}: {text}"
        last = text.strip().splitlines()[-1]
        assert "FOLDER" in last, last
        assert not re.search(r"^Error: |INSERT|COMMIT|Fatal error|Optional\(|: Success", last), last
        assert len(re.findall(r"[.:;] [A-Z`]", last)) >= 1 and last.endswith("."), f"no advice: {last}"

    def end(self):
        if self.server.process is not None and self.server.process.poll() is None:
            self.server.kill()
        self.faults.lift()


def counted(folder, library, template, kind, files):
    """How many calls a whole start makes."""
    start = Start(folder, library, template)
    start.faults.count(kind, files)
    assert start.run()
    start.end()
    shutil.rmtree(folder)
    return start.faults.calls


def numbers(count):
    """All calls, or the first, the last and some between."""
    if count <= CALLS:
        return list(range(1, count + 1))
    return sorted({round(1 + step * (count - 1) / (CALLS - 1)) for step in range(CALLS)})


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """Databases with a few refunds: stopped in order, and killed."""
    made = {"a fresh folder": None}
    for name in ["a database", "a database after kill -9"]:
        server = Storno(tmp_path_factory.mktemp("template")).start()
        merchant = Merchant(server, "collctiv")
        for number in range(5):
            assert merchant.refund(str(number)).status_code == 200
        time.sleep(2.5)
        if name == "a database":
            assert server.stop() == 0
        else:
            server.kill()
        server.merchant = merchant
        made[name] = server
    return made


@pytest.mark.parametrize("name", ["a fresh folder", "a database", "a database after kill -9"])
def test_any_call_of_a_start_may_fail(name, templates, fault_library, tmp_path, measured):
    template = templates[name]
    cases = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for kind in [WRITE, SYNC, OPEN, SIZE]:
            for files in FILES:
                count = counted(tmp_path / "counted", fault_library, template, kind, files)
                faults = [fault for fault in FAULTS + length([], ALSO) if fault.kind == kind]
                cases += [(fault, number, files) for fault in faults for number in numbers(count)]
        runs = [
            pool.submit(run_case, tmp_path / f"case{index}", fault_library, template, *case)
            for index, case in enumerate(cases)
        ]
    failed = [(case, run.exception()) for case, run in zip(cases, runs) if run.exception()]
    texts = [f"{fault} {number} {files}: {failure}" for (fault, number, files), failure in failed]
    assert not failed, f"{len(failed)} of {len(cases)}\n" + "\n".join(texts)
    refused = sum(not run.result() for run in runs)
    measured(f"{name}: {len(cases)} failed calls, {refused} starts refused with words, 0 blocked the next start")


def run_case(folder, library, template, fault, number, files):
    """True if the server started all the same."""
    start = Start(folder, library, template)
    try:
        start.faults.arm(fault, number, files)
        is_up = start.run()
        if start.faults.failed and fault.kind == SYNC and is_up:
            wait_for_end(start.server, 2)
        if is_up and fault.kind != SYNC:
            assert in_wal_mode(start.server), "runs without a write-ahead log"
            assert not start.faults.where.endswith(".admin"), "announces itself, and ends without its admin socket"
    finally:
        start.end()
    assert_next_start_is_clean(start.server, template)
    shutil.rmtree(folder)
    return is_up


def in_wal_mode(server):
    """As the database's header says, which SQLite writes when it changes the mode."""
    return (server.folder / "storno.sqlite").read_bytes()[18:20] == b"\2\2"


def assert_next_start_is_clean(server, template):
    server.environment = {}
    server.start()
    try:
        assert in_wal_mode(server)
        assert requests.get(f"{server.url}/readyz").status_code == 200
        if template:
            merchant = template.merchant
            for refund in merchant.acknowledged.values():
                answer = requests.get(
                    f"{server.url}/v1/refunds/{refund}", headers={"Authorization": f"Bearer {merchant.key}"}
                )
                assert answer.status_code == 200, answer.text
        server.verify()
    finally:
        server.kill()


def test_a_folder_that_cannot_be_synced_stops_the_start(templates, fault_library, tmp_path):
    """SQLite ignores that; but the name of a new log in the folder is as good as what is in the log."""
    start = Start(tmp_path / "storno", fault_library, templates["a database"])
    try:
        start.faults.arm(Fault(SYNC, errno.EIO, lasting=True), files=FOLDER)
        is_up = start.run()
    finally:
        start.end()
    assert start.faults.failed and not is_up
    assert_next_start_is_clean(start.server, templates["a database"])
