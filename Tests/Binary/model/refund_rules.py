"""What a merchant, an attacker or a broken retry loop does with refunds."""
import json
import time
import uuid

from hypothesis import strategies as st
from hypothesis.stateful import rule

from keyed_calls import WAYS
from ledger import CLAIMED, ENDED, PAID_STORIES, REFUSALS, STORIES, amount_of
from object_ids import PREFIXES, number_of, spelled
from vendor_apis import APIS, item_path, refund_call
from views import check_refund
from walker import API, WHICH, Walker, chosen, payments

KEYED = st.booleans()
CODE = st.sampled_from([*STORIES, *PAID_STORIES])
# What is asked for as an amount: words that the state gives a number to, and tokens that are sent as they are.
WORDS = ["one", "tenth", "half", "left", "left + 1", "rest", "original", "original + 1"]
TOKENS = '0 -1 -0 01 +1 1.0 1e2 1E400 "5" true null [1] {} NaN 0x10'.split() + ["", "1 1", '1, "amount": 2']
TOKENS += [str(10**12), str(10**12 + 1), str(2**63), str(2**64 + 1), "9" * 400]
ODD_AMOUNT = st.one_of(st.sampled_from(WORDS), st.sampled_from(TOKENS), CODE.map(str))
SPELLINGS = st.sampled_from(["usual", "capitals", "charge_id", "own currency", "other currency"])

STATUSES = ["delete", "canceled", "delete", "canceled", "same", "succeeded", "failed", "lost", "amount"]


class RefundRules(Walker):
    @rule(payment=payments, api=API, amount=st.sampled_from(WORDS), keyed=KEYED)
    def refund(self, payment, api, amount, keyed):
        self.try_refund(payment, api, self.token(payment, amount), keyed, "usual")

    @rule(payment=payments, apis=st.lists(API, min_size=1, max_size=5), keyed=KEYED)
    def refund_in_parts(self, payment, apis, keyed):
        """A tenth of what is left each time, whichever API asks for it."""
        for api in apis:
            self.try_refund(payment, api, self.token(payment, "tenth"), keyed, "usual")

    @rule(
        payment=payments,
        api=st.sampled_from(["stancer", *APIS]),
        amount=st.sampled_from(["rest", "original"]),
        keyed=KEYED,
    )
    def refund_whole(self, payment, api, amount, keyed):
        """Of a payment that is not captured yet, Stancer's API makes a void."""
        self.try_refund(payment, api, self.token(payment, amount), keyed, "usual")

    @rule(payment=payments, api=API, amount=ODD_AMOUNT, keyed=KEYED, spelling=SPELLINGS)
    def refund_oddly(self, payment, api, amount, keyed, spelling):
        self.try_refund(payment, api, self.token(payment, amount), keyed, spelling)

    @rule(payment=payments, code=CODE, amount=st.sampled_from(["one", "tenth"]))
    def refund_with_a_story(self, payment, code, amount):
        """Only Collctiv's API has metadata to name one."""
        self.try_refund(payment, "collctiv", self.token(payment, amount), False, "usual", code)

    @rule(payment=payments, api=API, amount=st.sampled_from(["one", "tenth", "left"]))
    def refund_after_a_refusal_with_the_same_key(self, payment, api, amount):
        """A refusal is not kept: the key is free for another request."""
        once = self.fresh_key()
        path, body = refund_call(api, payment.id, payment.amount + 1)
        answer = self.ask(api, "POST", path, body, once)
        codes = self.codes(api, payment.answers_to_refund(api, payment.amount + 1, answer.heard))
        self.require_refused(api, answer, codes)
        self.try_refund(payment, api, self.token(payment, amount), True, "usual", once=once)

    def token(self, payment, word):
        """The JSON token that is sent, or none for no amount."""
        left = max(1, payment.left(time.monotonic()))
        numbers = {
            "rest": None,
            "one": 1,
            "tenth": left // 10 + 1,
            "half": (left + 1) // 2,
            "left": left,
            "left + 1": left + 1,
            "original": payment.amount,
            "original + 1": payment.amount + 1,
        }
        if word not in numbers:
            return word
        return None if numbers[word] is None else str(numbers[word])

    def try_refund(self, payment, api, token, keyed, spelling, code=None, once=None):
        path, body = refund_call(api, payment.id, None)
        if spelling == "capitals" and api == "collctiv":
            body["payment"] = body["payment"].upper()
        if spelling == "charge_id" and api == "cari":
            body = {"charge_id": body["charge"]}
        if spelling == "own currency" and api != "collctiv":
            body["currency"] = payment.currency.upper()
        if spelling == "other currency":
            body["currency"] = "jpy"
        if code is not None:
            body["metadata"] = {"scenario": str(code)}
        text = json.dumps(body)
        if token is not None:
            text = f'{text[:-1]}, "amount": {token}}}'
        amount = amount_of(token)
        answer, call = self.post(api, path, text.encode(), keyed, once)
        self.touched.append(payment)
        words = payment.answers_to_refund(api, amount, answer.heard)
        if spelling == "other currency" and api != "collctiv" and not words & {"malformed", "unknown"}:
            words = {"malformed"}
        codes = self.codes(api, words)
        self.require(answer.status in codes, f"{answer.status} instead of {codes}: {answer.body}")
        if answer.status != 200:
            self.require_refused(api, answer, codes)
            self.saw(f"{api} refuses: {' or '.join(sorted(words))}")
            return
        self.saw(f"{api} accepts: {' or '.join(sorted(words))}")
        self.accept(payment, api, amount, answer, call, code)

    def accept(self, payment, api, amount, answer, call, code=None):
        """Writes down what was accepted; without an amount it is what was left."""
        least, most = payment.held(answer.heard)
        self.touched.append(payment)
        taken = answer.json["amount"]
        if amount is not None:
            self.require(taken == amount, f"{taken} instead of {amount}: {answer.body}")
        self.require(1 <= taken <= payment.amount - least, f"{taken} is too much: {answer.body}")
        if amount is None:
            self.require(taken >= payment.amount - most, f"{taken} is less than what was left: {answer.body}")
        refund = self.ledger.refund(payment, number_of(answer.json["id"], api), taken, answer, code)
        refund.call = call
        self.compare(check_refund, api, answer.json, refund, answer)

    @rule(payment=payments, which=WHICH, way=st.sampled_from(WAYS))
    def repeat(self, payment, which, way):
        """The same request again, whatever became of what it made: the first answer to the byte, and nothing new."""
        call = chosen(payment.calls, which)
        if call is None:
            return
        path, body, once = call.again(way)
        key = self.account.second_key if (way, call.api) == (WAYS[-1], "cari") else None
        answer = self.ask(call.api, "POST", path, body, once, key)
        self.touched.append(payment)
        self.require(answer.status == 200, f"a repetition is {answer.status}: {answer.body}")
        self.require(answer.is_replay, f"a repetition is not called one: {answer.body}")
        self.require(answer.body == call.answer, f"{answer.body} instead of {call.answer}")
        self.saw(f"repetition: {way}")

    @rule(used=payments, which=WHICH, payment=payments, api=API, amount=st.integers(1, 99))
    def use_a_key_for_another_request(self, used, which, payment, api, amount):
        """Another amount, payment, route or API under a key that was used: refused, and nothing happens."""
        call = chosen(used.calls, which)
        if call is None:
            return
        path, body = refund_call(api, payment.id, amount)
        if (api, path) == (call.api, call.path) and body == json.loads(call.body):
            return
        answer = self.ask(api, "POST", path, body, call.once)
        self.touched.append(payment)
        self.require_refused(api, answer, {REFUSALS[api]["mismatch"]})
        self.saw("key of another API" if api != call.api else "key of another request")

    @rule(payment=payments, api=API, what=st.sampled_from(["random", "refund", "other API", "neighbour", "text"]))
    def refund_what_is_unknown(self, payment, api, what):
        """An id that is nobody's, a refund's, written for another API, another account's, or no id."""
        refund = payment.refunds[0].id if payment.refunds else 0
        named = {
            "random": spelled(uuid.uuid4().int >> 1, api, "payment"),
            "refund": PREFIXES[api]["payment"] + spelled(refund, api, "refund").split("_")[-1],
            "other API": spelled(payment.id, "cari" if api != "cari" else "stancer", "payment"),
            "neighbour": spelled(self.stage.neighbour_payment, api, "payment"),
            "text": "' OR 1=1 --",
        }
        path, body = refund_call(api, payment.id, 1)
        body["charge" if api == "cari" else "payment"] = named[what]
        self.require_refused(api, self.ask(api, "POST", path, body), {404})

    @rule(payment=payments, which=WHICH, status=st.sampled_from(STATUSES))
    def withdraw(self, payment, which, status):
        """Only what nothing was sent for can be withdrawn, and no other status can be set, in Cari's API."""
        refund = chosen(payment.refunds, which)
        if refund is None:
            return
        path = item_path("cari", "refund", spelled(refund.id, "cari", "refund"))
        shown = self.ask("cari", "GET", path)
        if refund.hidden:
            self.require_refused("cari", shown, {404})
            return
        self.compare(check_refund, "cari", shown.json, refund, shown)
        word = shown.json["status"] if status == "same" else status
        if status == "delete":
            answer = self.ask("cari", "DELETE", path)
        else:
            answer = self.ask("cari", "PUT", path, {"amount": 1} if status == "amount" else {"status": word})
        self.touched.append(payment)
        codes = self.codes_of_withdrawal(refund, word, shown.json["status"], answer.heard)
        self.require(answer.status in codes, f"{answer.status} instead of {codes}: {answer.body}")
        self.saw(f"withdrawal by {status}: {answer.status}")
        if answer.status != 200:
            self.require_refused("cari", answer, codes)
            if word in ("delete", "canceled"):
                refund.step = max(refund.step, CLAIMED)
        elif word in ("delete", "canceled"):
            refund.step, refund.end = ENDED, "canceled"
            refund.hidden = word == "delete"
        if answer.status == 200 and word != "delete":
            self.compare(check_refund, "cari", answer.json, refund, answer)
        if word == "delete" and answer.status == 200:
            self.require(answer.json == {"message": "Refund deleted successfully"}, f"{answer.body}")

    def codes_of_withdrawal(self, refund, word, shown, heard):
        if word in ("lost", "amount"):
            return {400}
        if word == shown and (refund.step == ENDED or not refund.may_have_moved(heard)):
            return {200}
        if word == shown:
            return {200, 409}
        if word not in ("delete", "canceled"):
            return {200, 409} if refund.may_have_moved(heard) and refund.step < ENDED else {409}
        return {200 if may else 409 for may in refund.may_be_canceled(heard)}
