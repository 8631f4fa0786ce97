"""The two checkers: histories that no server may show are refused, others are taken, and where both can judge they
agree."""
import itertools
import random

import pytest

from histories import ACCEPTED, REFUSED, UNKNOWN, Operation, is_linearizable
from lengths import length
from linearizable import Accepted, Read, Refused, contradiction


def test_what_happened_in_order_is_taken():
    accepted = [Accepted(60, 0, 1), Accepted(40, 2, 3, takes_rest=True)]
    assert (
        contradiction(100, accepted, [Refused(41, 1, 2), Refused(1, 3, 4)], [Read(60, 1, 2), Read(100, 3, 4)]) is None
    )


def test_calls_at_the_same_time_may_have_happened_in_either_order():
    accepted = [Accepted(60, 0, 10), Accepted(40, 0, 10)]
    assert contradiction(100, accepted, [Refused(50, 0, 10)], [Read(0, 0, 10), Read(60, 0, 10)]) is None


@pytest.mark.parametrize(
    "accepted, refused, reads, why",
    [
        ([Accepted(60, 0, 1), Accepted(60, 2, 3)], [], [], "accepted as number 2, when 40 was left"),
        ([Accepted(60, 2, 3), Accepted(40, 0, 1)], [], [], "number 2, was not before"),
        ([Accepted(60, 0, 1)], [], [Read(0, 2, 3)], "was not before 2"),
        ([Accepted(60, 2, 3)], [], [Read(60, 0, 1)], "was not before 2"),
        ([Accepted(60, 0, 1)], [], [Read(59, 0, 1)], "the sum of no first refunds"),
        ([Accepted(60, 0, 1)], [Refused(40, 2, 3)], [], "but 40 was left"),
        ([Accepted(60, 2, 3)], [Refused(50, 0, 1)], [], "was not before 2"),
        ([Accepted(50, 0, 1, takes_rest=True)], [], [], "when 100 was left"),
        ([Accepted(60, 0, 1), Accepted(30, 2, 3)], [Refused(50, 4, 5, precedes=1)], [], "was not before 4"),
        ([Accepted(60, 0, 1), Accepted(30, 0, 1)], [Refused(20, 0, 1, precedes=1)], [], "but 40 was left"),
    ],
    ids=[
        "more than was captured",
        "the list's order against real time",
        "a stale read",
        "a read of what comes later",
        "a read of a sum that never was",
        "a refusal of what was left",
        "a refusal before what it is refused for",
        "a rest that is not all",
        "a refusal after its own key was used",
        "a refusal that only its own refund explains",
    ],
)
def test_what_no_server_may_show_is_refused(accepted, refused, reads, why):
    assert why in contradiction(100, accepted, refused, reads)


def test_the_search_knows_withdrawals_and_unknown_outcomes():
    taken = Operation("refund", 100, 0, 1)
    refused = Operation("refund", 1, 2, 3, REFUSED)
    withdrawn = Operation("withdraw", 100, 4, 5, of=0)
    again = Operation("refund", 100, 6, 7)
    assert is_linearizable(100, [taken, refused, withdrawn, again])
    assert not is_linearizable(100, [taken, again])
    assert not is_linearizable(100, [taken, refused, withdrawn, Operation("read", 0, 6, 7)])
    assert not is_linearizable(100, [taken, withdrawn, Operation("withdraw", 100, 6, 7, of=0)])
    assert not is_linearizable(100, [taken, Operation("withdraw", 100, 2, 3, REFUSED, of=0)])
    lost = Operation("refund", 100, 0, 1, UNKNOWN)
    for left in (0, 100):
        assert is_linearizable(100, [lost, Operation("read", left, 2, 3)])
    assert not is_linearizable(100, [lost, Operation("read", 0, 2, 3), Operation("read", 100, 4, 5)])


def drawn_history(chance):
    """Accepted, refused and read as a server that works would show it, or a little changed."""
    left = captured = chance.randint(5, 20)
    accepted, refused, reads = [], [], []
    for moment in range(chance.randint(2, 7)):
        start, end = moment - chance.choice([0, 0.6, 1.7]), moment + chance.choice([0, 0.6, 1.7])
        amount = chance.randint(1, 9)
        if chance.random() < 0.3:
            wrong = chance.choice([0, 0, 0, 1, -1, amount])
            reads.append(Read(captured - left + wrong, start, end))
        elif amount <= left and chance.random() < 0.9 or chance.random() < 0.1:
            accepted.append(Accepted(amount, start, end))
            left -= amount
        else:
            refused.append(Refused(amount, start, end))
    return captured, accepted, refused, reads


def test_both_checkers_agree_on_drawn_histories():
    """A history is linearizable exactly if it fits one of the orders of its accepted refunds."""
    chance = random.Random(20)
    verdicts = []
    for _ in range(length(2_000, 100_000)):
        captured, accepted, refused, reads = drawn_history(chance)
        fits = any(contradiction(captured, order, refused, reads) is None for order in itertools.permutations(accepted))
        operations = [Operation("refund", each.amount, each.start, each.end, ACCEPTED) for each in accepted]
        operations += [Operation("refund", each.amount, each.start, each.end, REFUSED) for each in refused]
        operations += [Operation("read", captured - each.taken, each.start, each.end) for each in reads]
        assert fits == is_linearizable(captured, operations), operations
        verdicts.append(fits)
    assert 0.2 < sum(verdicts) / len(verdicts) < 0.8
