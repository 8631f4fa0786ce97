"""Whether what clients saw of one payment fits some order of their calls that respects real time.

The object is one number, what is left of the payment. A refund of `a` is accepted where at least `a` is left, and takes
it; it is refused where less is left; a read says what was taken so far. Each happened at one moment between its call
and its answer.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    amount: int
    start: float
    end: float
    # Without an amount in the request: then it has to be all that was left.
    takes_rest: bool = False


@dataclass(frozen=True)
class Refused:
    """`amount` is 1 for a refund of the rest: nothing was left."""

    amount: int
    start: float
    end: float
    # The place of the refund that was accepted later under the same key: a key that was used is never refused again.
    precedes: int = None


@dataclass(frozen=True)
class Read:
    taken: int
    start: float
    end: float


def contradiction(captured, accepted, refused, reads):
    """
    Why the history does not fit the order in which `accepted` stands, or none if it does. Without withdrawals: what is
    left only falls.

    Sought are moments t[1] <= … <= t[n] of the accepted refunds, each between its start and its end. With left[k] for
    what is left after the first k:

    - a refusal of `a` needs a moment within its call at which less than `a` is left. As that stays so, it is from t[m]
      on, where m is the first k with left[k] < a. Such a moment exists exactly if t[m] <= end (it is max(start, t[m]));
      always if m = 0, never if there is no m. If it precedes refund i, the moment is at most t[i] too, which is so
      exactly if besides m < i and start <= t[i].
    - a read of `s` needs a moment at which captured - left[k] = s. Amounts are positive, so at most one k has that sum,
      and t[k] <= moment <= t[k + 1] with start <= moment <= end has a solution exactly if each lower bound is at most
      each upper one: t[k] <= end and start <= t[k + 1], as the two other pairs hold anyway.

    So each condition bounds one t from below or from above. Taking t[i] = max(t[i - 1], lower[i]) makes every t as
    small as it can be (by induction), hence there is a solution exactly if no such t[i] is above upper[i]. Moments that
    are equal count as either order, which can only excuse a history, never accuse it.
    """
    lower = [refund.start for refund in accepted]
    upper = [refund.end for refund in accepted]
    left = [captured]
    for place, refund in enumerate(accepted):
        if refund.amount > left[-1] or refund.takes_rest and refund.amount != left[-1]:
            return f"{refund} was accepted as number {place + 1}, when {left[-1]} was left"
        left.append(left[-1] - refund.amount)
    for refusal in refused:
        least = left[-1] if refusal.precedes is None else left[refusal.precedes]
        if least >= refusal.amount:
            return f"{refusal}, but {least} was left"
        enough = next(place for place, rest in enumerate(left) if rest < refusal.amount)
        if enough > 0:
            upper[enough - 1] = min(upper[enough - 1], refusal.end)
        if refusal.precedes is not None:
            lower[refusal.precedes] = max(lower[refusal.precedes], refusal.start)
    for read in reads:
        if captured - read.taken not in left:
            return f"{read} is the sum of no first refunds"
        place = left.index(captured - read.taken)
        if place > 0:
            upper[place - 1] = min(upper[place - 1], read.end)
        if place < len(accepted):
            lower[place] = max(lower[place], read.start)
    moment = float("-inf")
    for place, refund in enumerate(accepted):
        moment = max(moment, lower[place])
        if moment > upper[place]:
            return f"{refund}, number {place + 1}, was not before {moment} and not after {upper[place]}"
    return None
