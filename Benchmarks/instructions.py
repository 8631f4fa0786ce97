"""How many instructions a refund takes, and whether they have become more.

    .venv/bin/python Benchmarks/instructions.py .build/release/Instructions [--write]

Counts one program (`Sources/Instructions`) twice under callgrind, with few refunds and with many: the difference, divided by
how many more they were, is what one takes from the request's text to the answer's bytes, storage included. A busy machine
makes that slow and changes nothing. `instructions.json` says what is allowed; ends with 1 where that does not hold, or where a
number has become so small that the file should know.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).with_name("instructions.json")
FEW, MANY = 256, 1280
#: More or less than the file says, before it counts as another number: other versions of libraries and processors.
TOLERANCE = 0.03
APIS = ("storno", "cari")


def count(program, api, refunds):
    """All instructions of the process."""
    with tempfile.TemporaryDirectory() as folder:
        line = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, api, str(refunds), folder]
        # Sets and dictionaries are walked in the same order each time.
        environment = os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"}
        done = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=900)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        raise RuntimeError(f"{' '.join(map(str, line))} ended with {done.returncode}:\n{done.stderr}")
    return int(found[1])


def of_one_refund(program, api):
    return (count(program, api, MANY) - count(program, api, FEW)) / (MANY - FEW)


def holds(value, known):
    return abs(value / known - 1) <= TOLERANCE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="Instructions, built for release")
    parser.add_argument("--write", action="store_true", help="keeps what is counted, instead of holding it against the file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind of Debian 12 gives up on the compiler's debug information.
        program = pathlib.Path(folder) / options.program.name
        subprocess.run(["strip", "--strip-debug", "-o", program, options.program], check=True)
        counted = {api: round(of_one_refund(program, api)) for api in APIS}
    if options.write:
        FILE.write_text(json.dumps(counted, indent=2) + "\n")
    known = json.loads(FILE.read_text())
    for api, value in counted.items():
        verdict = "holds" if holds(value, known[api]) else "does not hold"
        print(f"{api}: {value:,} instructions a refund, {value / known[api] - 1:+.2%} of {known[api]:,}: {verdict}")
    return 0 if all(holds(value, known[api]) for api, value in counted.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
