"""What every rule needs: the account that is walked on, its ledger, and a transcript of what was asked and answered."""
import json

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine

from keyed_calls import Call
from ledger import REFUSALS
from stage import EXAMPLES_AN_ACCOUNT
from vendor_apis import APIS
from views import Divergence, check_error

SOMETIMES = st.sampled_from([False] * 3 + [True])
API = st.sampled_from(APIS)

# One of a payment's refunds or calls, counted from the newest.
WHICH = st.integers(0, 3)

payments = Bundle("payments")


def chosen(objects, which):
    """None if there are none."""
    return objects[-1 - which % len(objects)] if objects else None


class Walker(RuleBasedStateMachine):
    # Whoever runs it says where.
    stage = None

    def __init__(self):
        super().__init__()
        self.account = self.stage.account()
        self.ledger = self.account.ledger
        self.server = self.stage.server
        self.transcript = []
        self.keys_used = 0
        self.has_failed = False
        # Payments of this example, and those that a step may have changed.
        self.mine, self.touched = [], []

    def ask(self, api, method, path, body=None, once=None, key=None):
        try:
            answer = self.account.client.ask(api, method, path, body, once, key)
        except OSError as error:
            self.fail(f"no answer to {method} /{api}{path} {body}: {error!r}")
        self.stage.calls += 1
        named = f" [{once}]" if once else ""
        self.transcript.append(f"{method} /{api}{path} {body or ''}{named} -> {answer.status} {answer.body[:600]}")
        return answer

    def fresh_key(self):
        self.keys_used += 1
        return f"{self.account.examples}-{self.keys_used}"

    def post(self, api, path, body, keyed, once=None):
        """- Returns: the answer, and the call if it had a key and was accepted."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        once = once or (self.fresh_key() if keyed else None)
        answer = self.ask(api, "POST", path, data, once)
        self.require(not answer.is_replay, "a fresh key is answered with a replay")
        call = Call(api, path, data, once, answer.body) if once and answer.status == 200 else None
        return answer, call

    def require(self, condition, text):
        if not condition:
            self.fail(text)

    def fail(self, text):
        self.has_failed = True
        # The ledger of this account is of no use any more.
        self.account.examples = EXAMPLES_AN_ACCOUNT
        raise Divergence("\n".join([text, "", "What was asked and answered:", *self.transcript]))

    def compare(self, check, *arguments):
        try:
            check(*arguments)
        except Divergence as divergence:
            self.fail(str(divergence))

    def saw(self, situation):
        """Counts what came up, so that a run can tell what it has shown."""
        self.stage.seen[situation] += 1

    def codes(self, api, words):
        """The codes by which `api` gives these answers."""
        return {REFUSALS[api].get(word, 200) for word in words}

    def require_refused(self, api, answer, codes):
        self.require(answer.status in codes, f"{answer.status} instead of {codes}: {answer.body}")
        self.compare(check_error, api, answer)
