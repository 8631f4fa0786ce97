"""What a merchant reads: single objects and whole lists, at any time, in any of the three APIs."""
from hypothesis import strategies as st
from hypothesis.stateful import rule

import list_pages
from object_ids import spelled
from vendor_apis import APIS, item_path
from views import check_list, check_payment, check_refund
from walker import API, WHICH, Walker, chosen, payments

KIND = st.sampled_from(["refund", "payment"])


class ReadingRules(Walker):
    @rule(payment=payments, which=WHICH, api=API)
    def read_refund(self, payment, which, api):
        refund = chosen(payment.refunds, which)
        if refund is None:
            return
        answer = self.ask(api, "GET", item_path(api, "refund", spelled(refund.id, api, "refund")))
        if api == "cari" and refund.hidden:
            self.require_refused(api, answer, {404})
        else:
            self.compare(check_refund, api, answer.json, refund, answer)

    @rule(payment=payments, api=API, kind=KIND)
    def read_from_elsewhere(self, payment, api, kind):
        """Another account's objects, and one's own with a live key, are as if they were not there."""
        number = self.stage.neighbour_refund if kind == "refund" else self.stage.neighbour_payment
        self.require_refused(api, self.ask(api, "GET", item_path(api, kind, spelled(number, api, kind))), {404})
        path = item_path(api, "payment", spelled(payment.id, api, "payment"))
        self.require_refused(api, self.ask(api, "GET", path, key=self.stage.live[api]), {404})

    @rule(payment=payments)
    def read_around(self, payment):
        """What Collctiv's document has besides: a payment's newest refund by the payment's id, and the pot's sums."""
        answer = self.ask(
            "collctiv", "GET", item_path("collctiv", "refund", spelled(payment.id, "collctiv", "payment"))
        )
        if payment.refunds:
            self.compare(check_refund, "collctiv", answer.json, payment.refunds[-1], answer)
        else:
            self.require_refused("collctiv", answer, {404})
        pot = self.ask("collctiv", "GET", f"/v1/pots/{self.account.pot}")
        in_pot = [payment for payment in self.ledger.payments if payment.in_pot]
        taken = sum(payment.amount for payment in in_pot)
        least = taken - sum(payment.held(pot.heard)[1] for payment in in_pot)
        most = taken - sum(payment.held(pot.heard)[0] for payment in in_pot)
        self.require(least <= pot.json["balance"] <= most, f"balance is not {least} to {most}: {pot.body}")
        self.require(pot.json["volume"] == taken, f"volume is not {taken}: {pot.body}")

    @rule(api=API, kind=KIND, size=st.sampled_from([None, 1, 3, 100]))
    def list_all(self, api, kind, size):
        """Each object exactly once, in the order of the document, on pages of any size."""
        if size is None and api != "cari":
            size = 10
        self.list(api, kind, size, self.ledger.shown(api, kind), {})

    @rule(payment=payments, by=st.sampled_from(["charge", "pot", "nobody"]), size=st.sampled_from([None, 1, 10]))
    def list_some(self, payment, by, size):
        """Cari filters by charge, also by one that is hidden; Collctiv by pot."""
        if by == "charge":
            self.list_refunds_of(payment, size)
            return
        expected = [refund for refund in self.ledger.refunds if refund.payment.in_pot and by == "pot"]
        pot = self.account.pot if by == "pot" else "00000000-0000-4000-8000-000000000000"
        self.list("collctiv", "refund", size or 3, expected, {"pot": pot})

    @rule(api=API, kind=KIND, number=st.sampled_from(list_pages.WRONG_NUMBERS))
    def list_by_a_wrong_number(self, api, kind, number):
        self.compare(list_pages.refuse_wrong_numbers, self.ask, api, kind, number)

    def list_refunds_of(self, payment, size):
        expected = [refund for refund in payment.refunds if not refund.hidden]
        self.list("cari", "refund", size, expected, {"charge": spelled(payment.id, "cari", "payment")})

    def list(self, api, kind, size, expected, filters):
        """- expected: oldest first."""
        walked = []
        self.compare(lambda: walked.extend(list_pages.walk(self.ask, api, kind, size, len(expected), filters)))
        in_order = expected if api == "stancer" else expected[::-1]
        self.compare(check_list, api, kind, walked, in_order)

    def read_everywhere(self, payment):
        """One payment and the sum of its refunds, in all three APIs."""
        for api in APIS:
            answer = self.ask(api, "GET", item_path(api, "payment", spelled(payment.id, api, "payment")))
            is_shown = not (payment.hidden if api == "cari" else payment.state == "created" and api == "collctiv")
            if is_shown:
                self.require(answer.status == 200, f"{answer.status}: {answer.body}")
                self.compare(check_payment, api, answer.json, payment, answer)
            else:
                self.require_refused(api, answer, {404})
        self.list_refunds_of(payment, None)
