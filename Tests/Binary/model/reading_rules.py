"""What a merchant reads: single objects and whole lists, at any time, in any of the three APIs."""
from hypothesis import strategies as st
from hypothesis.stateful import rule

import pages
from object_ids import spelled
from vendor_apis import APIS, item_path
from views import check_list, check_payment, check_refund
from walker import API, Walker, payments, refunds

KIND = st.sampled_from(["refund", "payment"])


class ReadingRules(Walker):
    @rule(refund=refunds, api=API)
    def read_refund(self, refund, api):
        answer = self.ask(api, "GET", item_path(api, "refund", spelled(refund.id, api, "refund")))
        if api == "cari" and refund.hidden:
            self.require_refused(api, answer, {404})
        else:
            self.compare(check_refund, api, answer.json, refund, answer)

    @rule(payment=payments)
    def read_newest_refund_of(self, payment):
        """Collctiv's document reads a refund by its payment's id."""
        answer = self.ask("collctiv", "GET", item_path("collctiv", "refund", spelled(payment.id, "collctiv", "payment")))
        if payment.refunds:
            self.compare(check_refund, "collctiv", answer.json, payment.refunds[-1], answer)
        else:
            self.require_refused("collctiv", answer, {404})

    @rule(payment=payments, api=API, kind=KIND)
    def read_from_elsewhere(self, payment, api, kind):
        """Another account's objects, and one's own with a live key, are as if they were not there."""
        number = self.stage.neighbour_refund if kind == "refund" else self.stage.neighbour_payment
        self.require_refused(api, self.ask(api, "GET", item_path(api, kind, spelled(number, api, kind))), {404})
        path = item_path(api, "payment", spelled(payment.id, api, "payment"))
        self.require_refused(api, self.ask(api, "GET", path, key=self.stage.live[api]), {404})

    @rule()
    def read_pot(self):
        answer = self.ask("collctiv", "GET", f"/v1/pots/{self.account.pot}")
        held = [payment for payment in self.ledger.payments if payment.in_pot]
        taken = sum(payment.amount for payment in held)
        least = taken - sum(payment.held(answer.heard)[1] for payment in held)
        most = taken - sum(payment.held(answer.heard)[0] for payment in held)
        self.require(least <= answer.json["balance"] <= most, f"balance is not {least} to {most}: {answer.body}")
        self.require(answer.json["volume"] == taken, f"volume is not {taken}: {answer.body}")

    @rule(api=API, kind=KIND, size=st.sampled_from([None, 1, 3, 100]))
    def list_all(self, api, kind, size):
        """Each object exactly once, in the order of the document, on pages of any size."""
        if size is None and api != "cari":
            size = 10
        self.list(api, kind, size, self.ledger.shown(api, kind), {})

    @rule(payment=payments, size=st.sampled_from([None, 1, 2]))
    def list_refunds_of_charge(self, payment, size):
        """Also those of a charge that is hidden."""
        expected = [refund for refund in payment.refunds if not refund.hidden]
        self.list("cari", "refund", size, expected, {"charge": spelled(payment.id, "cari", "payment")})

    @rule(size=st.sampled_from([1, 10]), kind=st.sampled_from(["pot", "nobody"]))
    def list_refunds_of_pot(self, size, kind):
        expected = [refund for refund in self.ledger.refunds if refund.payment.in_pot and kind == "pot"]
        pot = self.account.pot if kind == "pot" else "00000000-0000-4000-8000-000000000000"
        self.list("collctiv", "refund", size, expected, {"pot": pot})

    @rule(api=API, kind=KIND, number=st.sampled_from(pages.WRONG_NUMBERS))
    def list_by_a_wrong_number(self, api, kind, number):
        self.compare(pages.refuse_wrong_numbers, self.ask, api, kind, number)

    def list(self, api, kind, size, expected, filters):
        """- expected: oldest first."""
        walked = []
        self.compare(lambda: walked.extend(pages.walk(self.ask, api, kind, size, len(expected), filters)))
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
        self.list_refunds_of_charge(payment, None)
