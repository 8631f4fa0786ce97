"""How much of everything a run does: `make test` is short, `make proof` sets STORNO_PROOF=1 and is long."""
import os

is_proof = os.environ.get("STORNO_PROOF") == "1"


def length(short, long):
    """The number of rounds, states, seconds, … of this run."""
    return long if is_proof else short
