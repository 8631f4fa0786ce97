"""Whether a small history of refunds, withdrawals and reads is linearizable: a search through all orders that respect
real time (Wing and Gong, 1993), with a memory of what was tried."""
from dataclasses import dataclass

ACCEPTED, REFUSED, UNKNOWN = "accepted", "refused", "unknown"


@dataclass(frozen=True)
class Operation:
    """
    - what: "refund" of `amount`; "withdraw" of the refund that is operation `of`; "read" of `amount` as what is left.
    - outcome: of an unknown one nobody heard: it happened at any time after its start, or never.
    """

    what: str
    amount: int
    start: float
    end: float
    outcome: str = ACCEPTED
    of: int = None

    @property
    def latest(self):
        return float("inf") if self.outcome == UNKNOWN else self.end


def is_linearizable(captured, operations):
    """
    An operation can be the next one if no other that is still to come ended before it began. What is left follows from
    which refunds are standing, so a set of operations done and a set of refunds standing are tried once.
    """
    everything = (1 << len(operations)) - 1
    tried = set()
    waiting = [(0, captured, 0)]
    while waiting:
        done, left, standing = state = waiting.pop()
        if done == everything:
            return True
        if state in tried:
            continue
        tried.add(state)
        to_come = [(place, operation) for place, operation in enumerate(operations) if not done >> place & 1]
        first_end = min(operation.latest for _, operation in to_come)
        for place, operation in to_come:
            if operation.start <= first_end:
                waiting += [(done | 1 << place, *after) for after in steps(operation, place, left, standing)]
    return False


def steps(operation, place, left, standing):
    """What can be left and standing after it; nothing where it cannot be the next one."""
    if operation.what == "read":
        return [(left, standing)] if left == operation.amount else []
    if operation.what == "refund":
        is_possible = left >= operation.amount
        after = (left - operation.amount, standing | 1 << place)
    else:
        is_possible = bool(standing >> operation.of & 1)
        after = (left + operation.amount, standing & ~(1 << operation.of))
    if operation.outcome == ACCEPTED:
        return [after] if is_possible else []
    if operation.outcome == REFUSED:
        return [] if is_possible else [(left, standing)]
    return [(left, standing), after] if is_possible else [(left, standing)]
