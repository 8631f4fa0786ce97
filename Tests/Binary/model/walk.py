"""A client that does to one account what a merchant, an attacker or a broken retry loop may do, through all three APIs,
and holds every answer against the ledger.

`python walk.py --first 1 --examples 100` walks alone. What fails is printed as lines of Python, which make a test of
their own (`test_found.py`), with every exchange of that example.
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
    """Walks the example of that number, after the simplest one of all, and raises what was found.

    Hypothesis makes most of a longer run's examples by changing those before; so each example is a run of its own.
    """
    Walk.stage = stage
    chosen = settings(
        max_examples=2,
        stateful_step_count=steps,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(Walk), settings=chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1, help="the number of the first example")
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--fault", choices=sorted(FAULTS), help="what to plant between the client and the server")
    chosen = parser.parse_args()
    client = FAULTS[chosen.fault] if chosen.fault else Client
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="storno-model-") as folder:
        stage = Stage(folder, client)
        try:
            for number in range(chosen.first, chosen.first + chosen.examples):
                walk(stage, number, chosen.steps, shrinks=chosen.fault is None)
            stage.settle()
        finally:
            stage.close()
    figures = {
        "examples": stage.examples,
        "calls": stage.calls,
        "payments": sum(len(account.ledger.payments) for account in stage.accounts),
        "refunds": sum(len(account.ledger.refunds) for account in stage.accounts),
        "seconds": round(time.monotonic() - begin, 1),
        "seen": dict(sorted(stage.seen.items())),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
