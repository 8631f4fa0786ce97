"""PostgreSQL's own benchmark, on a PostgreSQL whose files are on the same disk as everybody's."""
import pathlib
import re
import subprocess

from asking import Sample
from postgres_server import PROGRAMS

#: A refund as a program would write it that has no batches.
CRUD = pathlib.Path(__file__).with_name("crud.sql")
SCHEMA = pathlib.Path(__file__).with_name("crud-schema.sql")


def prepare(server):
    """TPC-B's tables at scale 10, and those of `crud.sql`."""
    run_program(server, "pgbench", "-i", "-q", "-s", "10", timeout=120)
    run_program(server, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", SCHEMA, timeout=120)


def run(server, *arguments, seconds):
    """Clients that ask again at once; through the socket in its folder, which is the cheapest way."""
    # Whole seconds; within one, a busy machine may not even have connected all of them.
    length = str(max(2, round(seconds)))
    written = run_program(server, "pgbench", "-n", "-T", length, "-j", "1", *arguments, timeout=seconds + 60)
    rate = re.search(r"^tps = ([0-9.]+)", written, re.MULTILINE)
    if not rate:
        raise RuntimeError(f"pgbench said something else: {written}")
    return Sample(rate=float(rate[1]))


def run_program(server, program, *arguments, timeout):
    place = ["-h", server.folder, "-p", str(server.port), "-U", "storno"]
    done = subprocess.run(
        [str(part) for part in (PROGRAMS / program, *place, *arguments, "storno")],
        env=server.environment, capture_output=True, text=True, timeout=timeout, cwd=server.folder,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{program} failed: {done.stderr}")
    return done.stdout
