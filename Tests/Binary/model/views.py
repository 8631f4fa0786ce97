"""Compares what an API shows with the ledger, and learns from it which step a refund has reached."""
from ledger import PAYMENT_WORDS
from object_ids import number_of, spelled
from vendor_apis import LISTS


class Divergence(AssertionError):
    """The server and the ledger say different things."""


def require(condition, text):
    if not condition:
        raise Divergence(text)


def require_members(shown, expected):
    for name, value in expected.items():
        require(shown.get(name) == value, f"{name} is {shown.get(name)!r}, not {value!r}, in {shown}")


def check_refund(api, shown, refund, answer):
    word = status_word(api, shown)
    reason = refund.see(api, word, answer.sent, answer.heard)
    require(reason is None, f"refund {refund.id:032x}: {reason}")
    payment = refund.payment
    expected = {"id": spelled(refund.id, api, "refund"), "amount": refund.amount}
    if api == "cari":
        expected |= {"charge": spelled(payment.id, api, "payment"), "currency": payment.currency}
        expected["amount_captured"] = 0 if refund.is_void else payment.amount
        expected["amount_refunded"] = refund.amount if word == "succeeded" else 0
    elif api == "collctiv":
        expected["payment"] = spelled(payment.id, api, "payment")
    else:
        expected |= {"payment": spelled(payment.id, api, "payment"), "currency": payment.currency, "live_mode": False}
        check_dates(shown, word)
    require_members(shown, expected)


def check_dates(shown, word):
    is_sent = shown["date_refund"] is not None
    is_delivered = shown["date_bank"] is not None
    # A refund that was not honoured keeps the dates that it had.
    if word != "not_honored":
        require(is_sent == (word in ("refund_sent", "refunded")), f"date_refund of {shown}")
    require(is_delivered == (word == "refunded"), f"date_bank of {shown}")


def status_word(api, shown):
    """The status, with the reason of a failure in Collctiv's API, which has no word for it."""
    failure = shown.get("failure_details")
    return f"{shown['status']}, {failure['code']}" if failure else shown["status"]


def check_payment(api, shown, payment, answer):
    """Learns whether a capture has ended."""
    require(shown["id"] == spelled(payment.id, api, "payment"), f"{shown} is not payment {payment.id:032x}")
    reasons = {}
    for state in payment.states(answer.heard):
        try:
            PAYMENT_CHECKS[api](shown, payment, state, answer)
            reasons[state] = None
        except Divergence as divergence:
            reasons[state] = str(divergence)
    possible = [state for state, reason in reasons.items() if reason is None]
    require(possible, f"payment {payment.id:032x}: {reasons}")
    if len(possible) == 1:
        (payment.state,) = possible


def check_charge(shown, payment, state, answer):
    is_captured = state in ("captured", "disputed")
    require_members(
        shown,
        {
            "amount": payment.label.get("amount", payment.amount),
            "status": payment.label.get("status", PAYMENT_WORDS[state][0]),
            "amount_captured": payment.amount if is_captured else 0,
            "currency": payment.currency,
            "livemode": False,
        },
    )
    least, most = payment.held(answer.heard)
    require(least <= shown["amount_refunded"] <= most, f"amount_refunded is not {least} to {most} in {shown}")
    require(shown["amount_refunded"] <= shown["amount_captured"], f"more refunded than captured: {shown}")


def check_collctiv_payment(shown, payment, state, answer):
    words = {PAYMENT_WORDS[state][1]}
    if state == "captured":
        least, most = payment.held(answer.heard)
        words = {refunded_word(payment, least), refunded_word(payment, most)}
        if most - least > 1 and most > 1:
            words.add("partially_refunded")
    require(shown["status"] in words, f"status {shown['status']} is not {words}")
    require_members(shown, {"amount": payment.amount, "currency": payment.currency})


def refunded_word(payment, held):
    return "paid" if held == 0 else "fully_refunded" if held == payment.amount else "partially_refunded"


def check_checkout(shown, payment, state, answer):
    require_members(
        shown,
        {
            "amount": payment.amount,
            "currency": payment.currency,
            "status": None if state == "created" else PAYMENT_WORDS[state][2],
            "live_mode": False,
        },
    )
    listed = {number_of(item["id"], "stancer"): item for item in shown["refunds"]}
    require(len(listed) == len(shown["refunds"]), f"a refund is listed twice: {shown}")
    taking = []
    for refund in payment.refunds:
        least, most = refund.held(answer.heard)
        if refund.is_void or refund.id in listed and most or least:
            taking.append(refund)
    require(list(listed) == [refund.id for refund in taking], f"other refunds than {taking}: {shown}")
    for refund in taking:
        check_refund("stancer", listed[refund.id], refund, answer)
    total = sum(item["amount"] for item in shown["refunds"])
    require(total <= payment.amount, f"more refunded than {payment.amount}: {shown}")


PAYMENT_CHECKS = {"cari": check_charge, "collctiv": check_collctiv_payment, "stancer": check_checkout}
CHECKS = {"refund": check_refund, "payment": check_payment}


def check_list(api, kind, pages, expected):
    """
    - pages: the answers that one walk through a list gave.
    - expected: what it has to show, in its order.
    """
    items = [(item, page) for page in pages for item in items_of(api, kind, page)]
    shown = [number_of(item["id"], api) for item, _ in items]
    wanted = [object.id for object in expected]
    missing, unknown = set(wanted) - set(shown), set(shown) - set(wanted)
    require(not missing and not unknown, f"{api}'s {kind}s lack {hexadecimal(missing)} and show {hexadecimal(unknown)}")
    require(shown == wanted, f"{api}'s {kind}s are in another order: {hexadecimal(shown)}, not {hexadecimal(wanted)}")
    for (item, page), object in zip(items, expected):
        CHECKS[kind](api, item, object, page)


def items_of(api, kind, page):
    shown = page.json
    return shown if isinstance(shown, list) else shown[LISTS[api, kind][1]]


def hexadecimal(numbers):
    return [f"{number:032x}" for number in numbers]


def check_error(api, answer):
    """Each API refuses in its own form."""
    shown = answer.json
    if api == "stancer":
        require(shown["error"]["type"] and shown["error"]["message"], f"no error of Stancer: {shown}")
    else:
        require_members(shown, {"code": answer.status, "type": "invalid_request"})
        require(shown["message"], f"no message: {shown}")
