"""What a merchant does with payments: takes them in three APIs, authorizes, captures, labels and hides them."""
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from ledger import Payment
from object_ids import number_of, spelled
from vendor_apis import card, item_path
from views import check_payment
from walker import API, SOMETIMES, Walker, payments

# A billion has room for every amount that has a story.
AMOUNT = st.one_of(st.integers(50, 5000), st.sampled_from([10**9, 50]))
CARDS = {
    "plain": "4242424242424242",
    "captured at once": "4000000000000077",
    "disputed": "4000000000000259",
    "refused": "4000000000000002",
}
# (API, how it is paid) -> the state that it has then.
STATES = {
    ("cari", "card"): "captured",
    ("cari", "bank"): "capture_sent",
    ("cari", "mobile"): "capture_sent",
    ("collctiv", "card"): "captured",
    ("stancer", "captured at once"): "captured",
    ("stancer", "plain"): "to_capture",
    ("stancer", "authorized only"): "authorized",
    ("stancer", "disputed"): "disputed",
    ("stancer", "refused"): "refused",
    ("stancer", "no card"): "created",
}
CAPTURED = [way for way, state in STATES.items() if state == "captured"]
VOIDABLE = [way for way, state in STATES.items() if state in ("authorized", "to_capture")]


class PaymentRules(Walker):
    @initialize(target=payments, way=st.sampled_from(CAPTURED), amount=AMOUNT, api=API, keyed=st.booleans())
    def begin(self, way, amount, api, keyed):
        """With a payment, a part of which is refunded."""
        payment = self.take(way, amount, keyed)
        self.try_refund(payment, api, self.token(payment, "tenth"), True, "usual")
        return payment

    @rule(target=payments, way=st.sampled_from([*STATES, *CAPTURED, *VOIDABLE]), amount=AMOUNT, keyed=st.booleans())
    def take(self, way, amount, keyed):
        api, paid_by = way
        path, body, currency = self.order(api, paid_by, amount)
        answer, call = self.post(api, path, body, keyed)
        self.require(answer.status == 200, f"no payment: {answer.status} {answer.body}")
        payment = Payment(
            number_of(answer.json["id"], api),
            amount,
            currency,
            STATES[way],
            answer.sent,
            answer.heard,
            in_pot=api == "collctiv",
            has_card=paid_by != "no card",
            call=call,
        )
        self.ledger.payments.append(payment)
        self.mine.append(payment)
        self.touched.append(payment)
        self.compare(check_payment, api, answer.json, payment, answer)
        return payment

    def order(self, api, paid_by, amount):
        """Path, body and the currency as it is shown."""
        if api == "cari":
            body = {"amount": amount, "currency": "EUR", "provider": paid_by}
            return "/charges", body | ({"card": {"token": "tok"}} if paid_by == "card" else {}), "eur"
        if api == "collctiv":
            payer = {"name": "A B", "email": "a@example.com"}
            return "/v1/payments", {"amount": amount, "pot": self.account.pot, "billing_details": payer}, "gbp"
        body = {"amount": amount, "currency": "usd", "capture": paid_by != "authorized only"}
        if paid_by != "no card":
            body["card"] = card(CARDS.get(paid_by, CARDS["plain"]))
        return "/v1/checkout/", body, "usd"

    @rule(payment=payments, step=st.sampled_from(["card", "authorize", "capture"]))
    def step_checkout(self, payment, step):
        """Adds a plain card to a payment that has none, authorizes it, or captures it."""
        body = {"card": card(CARDS["plain"])} if step == "card" else {"status": step}
        path = item_path("stancer", "payment", spelled(payment.id, "stancer", "payment"))
        answer = self.ask("stancer", "PATCH", path, body)
        self.touched.append(payment)
        next_state = payment.after(step)
        if next_state is None:
            self.require_refused("stancer", answer, {409})
            return
        self.require(answer.status == 200, f"{step} is {answer.status}: {answer.body}")
        payment.state = next_state
        payment.has_card = True
        self.compare(check_payment, "stancer", answer.json, payment, answer)

    @rule(
        payment=payments,
        amount=st.one_of(st.none(), AMOUNT, st.just(1)),
        status=st.sampled_from([None, "failed", "pending", "succeeded", "lost"]),
    )
    def label_charge(self, payment, amount, status):
        """Changes what Cari's API says, and no money."""
        body = {name: value for name, value in {"amount": amount, "status": status}.items() if value is not None}
        answer = self.ask("cari", "PUT", item_path("cari", "payment", spelled(payment.id, "cari", "payment")), body)
        self.touched.append(payment)
        least, most = payment.held(answer.heard)
        if not body or status == "lost":
            self.require_refused("cari", answer, {400})
        elif payment.hidden:
            self.require_refused("cari", answer, {404})
        elif amount is not None and amount < least:
            self.require_refused("cari", answer, {400})
        elif amount is None or amount >= most or answer.status == 200:
            self.require(answer.status == 200, f"{answer.status}: {answer.body}")
            payment.label |= body
            self.compare(check_payment, "cari", answer.json, payment, answer)
        else:
            self.require_refused("cari", answer, {400})

    @rule(payment=payments, happens=SOMETIMES)
    def hide_charge(self, payment, happens):
        """Moves no money and stops no refund."""
        if not happens:
            return
        answer = self.ask("cari", "DELETE", item_path("cari", "payment", spelled(payment.id, "cari", "payment")))
        self.touched.append(payment)
        if payment.hidden:
            self.require_refused("cari", answer, {404})
        else:
            self.require(answer.status == 200, f"{answer.status}: {answer.body}")
            self.require(answer.json == {"message": "Charge deleted successfully"}, f"{answer.body}")
            payment.hidden = True
