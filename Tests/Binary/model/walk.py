"""A client that does to one account what a merchant, an attacker or a broken retry loop may do, through all three APIs,
and holds every answer against the ledger.

`python walk.py --first 1 --count 50` walks alone. What fails is printed as lines of Python, which make a test of
their own (`test_attempts.py`), with every exchange of that example.
"""
import argparse
import json
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from fault_rules import FaultRules
from planted_faults import FAULTS
from payment_rules import PaymentRules
from reading_rules import ReadingRules
from refund_rules import RefundRules
from stage import EXAMPLES_AN_ACCOUNT, Stage
from vendor_apis import LISTS, Client

EXAMPLES_A_NUMBER = 2


class Walk(PaymentRules, RefundRules, ReadingRules, FaultRules):
    @invariant()
    def all_apis_agree(self):
        """On each payment that the last step may have changed: never more refunded than captured, and the same sum."""
        for payment in dict.fromkeys(self.touched):
            self.read_everywhere(payment)
        self.touched = []

    def teardown(self):
        if self.has_failed:
            return
        place = list(LISTS)[self.stage.examples % len(LISTS)]
        self.compare(self.stage.check_bystanders, [place])
        self.compare(self.stage.check_lists, self.account, *place)
        if self.account.examples == EXAMPLES_AN_ACCOUNT:
            self.server.verify()


def walk(stage, number, steps, shrinks=True):
    """Two examples that follow from a number: one that is drawn, one that repeats parts of it. Raises what is found.

    Most examples of a longer run of Hypothesis are changes of those before; so each number is a run of its own, whose
    first example is the simplest of all.
    """
    Walk.stage = stage
    chosen = settings(
        max_examples=1 + EXAMPLES_A_NUMBER,
        stateful_step_count=steps,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(Walk), settings=chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1, help="the number of the first walk")
    parser.add_argument("--count", type=int, default=50, help="how many walks, of two examples each")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--fault", choices=sorted(FAULTS), help="what to plant between the client and the server")
    chosen = parser.parse_args()
    client = FAULTS[chosen.fault] if chosen.fault else Client
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="storno-model-") as folder:
        stage = Stage(folder, client)
        try:
            for number in range(chosen.first, chosen.first + chosen.count):
                walk(stage, number, chosen.steps, shrinks=chosen.fault is None)
            stage.settle()
        finally:
            stage.close()
    figures = {
        "examples": EXAMPLES_A_NUMBER * chosen.count,
        "calls": stage.calls,
        "payments": sum(len(account.ledger.payments) for account in stage.accounts),
        "refunds": sum(len(account.ledger.refunds) for account in stage.accounts),
        "seconds": round(time.monotonic() - begin, 1),
        "seen": dict(sorted(stage.seen.items())),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
