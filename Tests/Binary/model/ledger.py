"""What one account's books must say: a model of the three contracts, written from the documents alone.

The sandbox moves refunds by itself, so a refund's status is not one word but the steps that it can have reached: a
known least one, and everything after it that time allows. Where such a step gives money back, what is left of the
payment lies between two bounds, and both answers are allowed.
"""
from dataclasses import dataclass, field

# No step of the sandbox comes sooner than a second after what it follows; the server's clock may be slewed by a tenth.
SOONEST_SECONDS = 0.9
# A step that takes longer than this is a fault, whatever else the machine does.
LATEST_SECONDS = 60

# The steps of a refund. A refund never goes back.
QUEUED, CLAIMED, SENT, ENDED = range(4)

# What each API's word says: the steps at which it is said, and how the refund has ended.
WORDS = {
    "cari": {
        "pending": (QUEUED, SENT, None),
        "succeeded": (ENDED, ENDED, "succeeded"),
        "failed": (ENDED, ENDED, "failed"),
        "canceled": (ENDED, ENDED, "canceled"),
    },
    "collctiv": {
        "new": (QUEUED, QUEUED, None),
        "processing": (CLAIMED, SENT, None),
        "complete": (ENDED, ENDED, "succeeded"),
        "processing, declined": (ENDED, ENDED, "failed"),
        "processing, canceled": (ENDED, ENDED, "canceled"),
    },
    "stancer": {
        "to_refund": (QUEUED, CLAIMED, None),
        "refund_sent": (SENT, SENT, None),
        "refunded": (ENDED, ENDED, "succeeded"),
        "not_honored": (ENDED, ENDED, "failed or canceled"),
        "payment_canceled": (ENDED, ENDED, "voided"),
    },
}

# What becomes of a refund by its code, which is its amount or given with it; any other succeeds. None: nothing within
# any run of these tests. Left out is 90 000 010, declined and then paid after all: by that fact more may leave than
# was captured, which no answer of the server can prevent.
STORIES = {90_000_001: "failed", 90_000_002: None, 90_000_005: None, 90_000_008: None, 90_000_009: None}
PAID_STORIES = (90_000_003, 90_000_004, 90_000_006, 90_000_007)

# How each API refuses.
REFUSALS = {
    "cari": {"malformed": 400, "unknown": 404, "above original": 400, "not now": 409, "mismatch": 422},
    "collctiv": {"malformed": 400, "unknown": 404, "above original": 400, "not now": 402, "mismatch": 422},
    "stancer": {"malformed": 400, "unknown": 404, "above original": 400, "not now": 409, "mismatch": 409},
}

PAYMENT_WORDS = {
    # state: (Cari, Collctiv, Stancer)
    "created": ("pending", None, None),
    "authorized": ("pending", "authorised", "authorized"),
    "to_capture": ("pending", "authorised", "to_capture"),
    "capture_sent": ("pending", "authorised", "capture_sent"),
    "captured": ("succeeded", "paid", "captured"),
    "disputed": ("succeeded", "paid", "disputed"),
    "canceled": ("failed", "failed", "canceled"),
    "refused": ("failed", "failed", "refused"),
}


@dataclass(eq=False)
class Refund:
    id: int
    payment: "Payment"
    amount: int
    # Between these two moments it was made.
    sent: float
    heard: float
    # How it ends: succeeded, failed, voided, or none.
    story: str
    step: int = QUEUED
    end: str = None
    hidden: bool = False
    # The call that made it, if that had an idempotency key.
    call: object = None

    @property
    def is_void(self):
        return self.story == "voided"

    def may_have_moved(self, now):
        return now - self.sent >= SOONEST_SECONDS

    def see(self, api, word, sent, heard):
        """Learns from what an API says of it; the reason why it cannot be so, or nothing."""
        if word not in WORDS[api]:
            return f"{api} has no status {word}"
        first, last, end = WORDS[api][word]
        if self.is_void:
            return None if end == ("voided" if api == "stancer" else "succeeded") else f"{word}, but it is a void"
        if last < self.step:
            return f"{word} after step {self.step}: it went back"
        if first > self.step and not self.may_have_moved(heard):
            return f"{word} {heard - self.sent:.2f} s after its creation: too soon"
        if end is None:
            if self.end is None and self.story and sent - self.heard > LATEST_SECONDS:
                return f"{word} {sent - self.heard:.0f} s after its creation: too late"
        elif end != (self.end or self.story) and not (end == "failed or canceled" and self.releases):
            return f"{word}, but it {self.end or self.story}"
        self.step = max(self.step, first)
        if first == ENDED:
            self.end = self.end or self.story
        return None

    @property
    def releases(self):
        return (self.end or self.story) in ("failed", "canceled")

    def held(self, now):
        """The least and the most that it takes of its payment."""
        if self.is_void or self.end in ("failed", "canceled"):
            return 0, 0
        may_be_released = self.story == "failed" and self.may_have_moved(now)
        return (0 if may_be_released else self.amount), self.amount

    def may_be_canceled(self, now):
        """Whether nothing was sent for it: a set of what may be true."""
        if self.step >= CLAIMED:
            return {False}
        return {True, False} if self.may_have_moved(now) else {True}


@dataclass(eq=False)
class Payment:
    id: int
    amount: int
    currency: str
    state: str
    # Between these two moments it was made.
    sent: float = 0
    heard: float = 0
    in_pot: bool = False
    has_card: bool = True
    # What Cari's API shows instead, and whether it shows the charge at all.
    label: dict = field(default_factory=dict)
    hidden: bool = False
    refunds: list = field(default_factory=list)
    call: object = None

    @property
    def calls(self):
        """The calls with a key that made it and its refunds."""
        return [made.call for made in (self, *self.refunds) if made.call]

    def states(self, now):
        """A capture that was sent ends by itself."""
        if self.state != "capture_sent" or now - self.sent < SOONEST_SECONDS:
            return {self.state}
        return {"captured"} if now - self.heard > LATEST_SECONDS else {"capture_sent", "captured"}

    def after(self, step):
        """The state after this step of a checkout, or none where it is refused."""
        steps = {("created", "card"): "created", ("authorized", "capture"): "to_capture"}
        if self.has_card:
            steps |= {("created", "authorize"): "authorized", ("created", "capture"): "to_capture"}
        return steps.get((self.state, step))

    def held(self, now):
        bounds = [refund.held(now) for refund in self.refunds]
        return sum(least for least, _ in bounds), sum(most for _, most in bounds)

    def answers_to_refund(self, api, amount, heard):
        """
        - amount: none for what is left, "malformed" for what is no amount.
        - Returns: what may be answered, of the words of `REFUSALS`, "refund" and "void".
        """
        if amount == "malformed" or (amount is None and api == "collctiv"):
            return {"malformed"}
        if (api == "cari" and self.hidden) or (api == "collctiv" and self.state == "created"):
            return {"unknown"}
        if amount is not None and amount > self.amount:
            return {"above original"}
        answers = set()
        for state in self.states(heard):
            if state in ("authorized", "to_capture") and api == "stancer":
                answers.add("void" if amount in (None, self.amount) else "not now")
            elif state != "captured":
                answers.add("not now")
            else:
                least, most = self.held(heard)
                if self.amount - least >= (amount or 1):
                    answers.add("refund")
                if self.amount - most < (amount or 1):
                    answers.add("not now")
        return answers

    def left(self, now):
        """What is surely left to refund."""
        return self.amount - self.held(now)[1]


class Ledger:
    """Payments and refunds of one account in the order of their making."""

    def __init__(self):
        self.payments, self.refunds = [], []

    def refund(self, payment, id, amount, answer, code=None):
        """
        - code: chooses its story; else its amount does.
        - Returns: the refund, or the void where the payment was not captured yet.
        """
        is_void = payment.state in ("authorized", "to_capture")
        story = "voided" if is_void else STORIES.get(code or amount, "succeeded")
        refund = Refund(id, payment, amount, answer.sent, answer.heard, story)
        if is_void:
            payment.state, refund.step, refund.end = "canceled", ENDED, "voided"
        else:
            payment.state = "captured"
        payment.refunds.append(refund)
        self.refunds.append(refund)
        return refund

    def shown(self, api, kind):
        """What a list of this API shows, oldest first. Cari shows the refunds of a hidden charge."""
        if kind == "refund":
            return [refund for refund in self.refunds if not (api == "cari" and refund.hidden)]
        if api == "cari":
            return [payment for payment in self.payments if not payment.hidden]
        return [payment for payment in self.payments if api != "collctiv" or payment.state != "created"]


def amount_of(token):
    """What a JSON token means as an amount: `[1-9][0-9]*`, at most 10^12; none where the member is absent."""
    if token is None:
        return None
    is_number = token.isascii() and token.isdigit() and token[0] != "0"
    return int(token) if is_number and int(token) <= 10**12 else "malformed"
