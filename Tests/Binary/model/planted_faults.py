"""Faults planted between the walking client and the server, each as a wrong server would show it.

The walk has to find every one of them: `test_sensitivity.py`.
"""
import json
import time

from vendor_apis import LISTS, Answer, Client


def changed(answer, shown):
    return Answer(answer.status, answer.headers, json.dumps(shown).encode(), answer.sent, answer.heard)


def asks_for_a_refund(method, path):
    return method == "POST" and "/refunds" in path


class PaidTwice(Client):
    """A refund without a key is made twice, by a repetition below the surface."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if asks_for_a_refund(method, path) and once is None:
            super().ask(api, method, path, body, once, key)
        return answer


class PaidAgain(Client):
    """A repetition is answered as it should be, and yet carried out."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if asks_for_a_refund(method, path) and answer.is_replay:
            super().ask(api, method, path, body, None, key)
        return answer


class WrittenAnew(Client):
    """A repetition is answered with the same members in other bytes."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        return changed(answer, answer.json) if answer.is_replay else answer


class OneTooMany(Client):
    """One more than is left is taken for what is left."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if not asks_for_a_refund(method, path) or answer.status not in (402, 409) or b'"amount"' not in body:
            return answer
        wanted = json.loads(body)
        second = super().ask(api, method, path, wanted | {"amount": wanted["amount"] - 1}, once, key)
        return changed(second, second.json | {"amount": wanted["amount"]}) if second.status == 200 else answer


class MissingFromLists(Client):
    """A page with three refunds or more leaves one out."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if method != "GET" or path.split("?")[0] != LISTS[api, "refund"][0] or answer.status != 200:
            return answer
        shown = answer.json
        items = shown if isinstance(shown, list) else shown[LISTS[api, "refund"][1]]
        del items[1 : max(1, len(items) - 1)]
        return changed(answer, shown)


class StaleSum(Client):
    """A charge goes on showing what it showed first, for half a second after that changes."""

    def __init__(self, server, keys):
        super().__init__(server, keys)
        self.seen = {}

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if (api, method, answer.status) != ("cari", "GET", 200) or not path.startswith("/charges/"):
            return answer
        amount, until = self.seen.setdefault(path, (answer.json["amount_refunded"], time.monotonic() + 0.5))
        if time.monotonic() > until:
            del self.seen[path]
        return changed(answer, answer.json | {"amount_refunded": amount})


class SteppedBack(Client):
    """Collctiv's API reads `new` whatever was sent."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if (api, method, answer.status) != ("collctiv", "GET", 200) or not path.startswith("/v1/refunds"):
            return answer
        shown = answer.json
        for item in [shown] if "id" in shown else shown["data"]:
            item["status"] = "new"
        return changed(answer, shown)


class NotWithdrawn(Client):
    """A withdrawal is answered with 200 and not carried out."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        if (api, method) != ("cari", "DELETE") or not path.startswith("/refunds/"):
            return super().ask(api, method, path, body, once, key)
        answer = super().ask(api, "GET", path)
        return changed(answer, {"message": "Refund deleted successfully"})


class TooSoonGone(Client):
    """A refund is shown as paid while it is still waiting."""

    def ask(self, api, method, path, body=None, once=None, key=None):
        answer = super().ask(api, method, path, body, once, key)
        if (api, method, answer.status) != ("cari", "GET", 200) or not path.startswith("/refunds/"):
            return answer
        return changed(answer, answer.json | {"status": "succeeded", "amount_refunded": answer.json["amount"]})


FAULTS = {
    fault.__name__: fault
    for fault in (
        PaidTwice,
        PaidAgain,
        WrittenAnew,
        OneTooMany,
        MissingFromLists,
        StaleSum,
        SteppedBack,
        NotWithdrawn,
        TooSoonGone,
    )
}
