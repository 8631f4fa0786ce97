"""What a merchant does with payments: takes them in three APIs, authorizes, captures, labels and hides them."""
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from ledger import Payment
from object_ids import number_of, spelled
from vendor_apis import card, item_path
from views import check_payment
from walker import SOMETIMES, Walker, payments

# A billion has room for every amount that has a story.
AMOUNT = st.one_of(st.integers(50, 5000), st.sampled_from([50, 10**9]))
CARDS = {
    "plain": "4242424242424242",
    "captured at once": "4000000000000077",
    "disputed": "4000000000000259",
    "refused": "4000000000000002",
}


class PaymentRules(Walker):
    @initialize(target=payments, amount=AMOUNT)
    def begin_with_a_charge(self, amount):
        return self.take_charge(amount, "card", False)

    @rule(
        target=payments,
        amount=AMOUNT,
        provider=st.sampled_from(["card", "card", "mobile", "bank"]),
        keyed=st.booleans(),
    )
    def take_charge(self, amount, provider, keyed):
        body = {"amount": amount, "currency": "EUR", "provider": provider}
        if provider == "card":
            body["card"] = {"token": "tok"}
        state = "captured" if provider == "card" else "capture_sent"
        return self.take("cari", "/charges", body, keyed, Payment(0, amount, "eur", state))

    @rule(target=payments, amount=AMOUNT, keyed=st.booleans())
    def take_contribution(self, amount, keyed):
        payer = {"name": "A B", "email": "a@example.com"}
        body = {"amount": amount, "pot": self.account.pot, "billing_details": payer}
        return self.take("collctiv", "/v1/payments", body, keyed, Payment(0, amount, "gbp", "captured", in_pot=True))

    @rule(
        target=payments,
        amount=AMOUNT,
        paid_by=st.sampled_from(["captured at once", "plain", "captured at once", "plain", None, "disputed", "refused"]),
        captures=st.booleans(),
        keyed=st.booleans(),
    )
    def take_checkout(self, amount, paid_by, captures, keyed):
        body = {"amount": amount, "currency": "usd", "capture": captures}
        states = {"plain": "to_capture", "captured at once": "captured", "disputed": "disputed"}
        state = "created"
        if paid_by is not None:
            body["card"] = card(CARDS[paid_by])
            state = states.get(paid_by, "refused") if captures or paid_by == "refused" else "authorized"
        return self.take("stancer", "/v1/checkout/", body, keyed, Payment(0, amount, "usd", state, has_card=paid_by is not None))

    def take(self, api, path, body, keyed, payment):
        answer, payment.call = self.post(api, path, body, keyed)
        self.require(answer.status == 200, f"no payment: {answer.status} {answer.body}")
        payment.id = number_of(answer.json["id"], api)
        payment.sent, payment.heard = answer.sent, answer.heard
        self.ledger.payments.append(payment)
        self.mine.append(payment)
        self.touched.append(payment)
        self.compare(check_payment, api, answer.json, payment, answer)
        return payment

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
