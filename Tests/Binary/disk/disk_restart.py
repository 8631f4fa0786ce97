"""What comes after a fault: the server's end, the next start, and nothing lost."""
import re

from disk_merchant import assert_nothing_lost


def wait_for_end(server, seconds=5):
    """The server ends by itself: non-zero, and not by a trap."""
    code = server.process.wait(timeout=seconds)
    log = (server.folder / "server.log").read_text(errors="replace")
    assert code > 0, f"ended with {code}: {re.findall('.*(?:Fatal|Assert|Precondition).*', log)[-1:]}"
    server.log.close()


def start_again(merchant):
    """After its end."""
    merchant.session.close()
    merchant.server.start()
    assert_nothing_lost(merchant.server, [merchant])


def kill_and_start(merchant):
    """What is on the disk at this moment is all that there is."""
    merchant.server.kill()
    start_again(merchant)
