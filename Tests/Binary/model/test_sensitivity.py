"""The control: with a fault planted between the client and the server, the walk fails."""
import pytest
from hypothesis.errors import FlakyFailure

from lengths import is_proof
from planted_faults import FAULTS
from stage import Stage
from views import Divergence
from walk import walk

QUICK = ["PaidTwice", "PaidAgain", "MissingFromLists"]


@pytest.mark.parametrize("name", list(FAULTS) if is_proof else QUICK)
def test_a_planted_fault_is_found(tmp_path, name, measured):
    stage = Stage(tmp_path, FAULTS[name])
    try:
        with pytest.raises((Divergence, FlakyFailure)):
            for number in range(1, 100):
                walk(stage, number, 25, shrinks=False)
            stage.settle()
    finally:
        stage.close()
    measured(f"found by example {number}")
