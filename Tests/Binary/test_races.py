"""64 clients at one payment, through all three APIs at once."""
import concurrent.futures
import random

import requests

from merchants import collctiv_payment

CLIENTS = 64


def test_64_clients_never_refund_more_than_was_captured(storno):
    keys = {dialect: storno.key(dialect) for dialect in ["cari", "collctiv", "stancer"]}
    payment = collctiv_payment(storno.url, keys["collctiv"], 5_000)
    cari = {"Authorization": f"Bearer {keys['cari']}"}
    charge = requests.get(f"{storno.url}/charges", headers=cari).json()[0]["id"]
    checkout = requests.get(f"{storno.url}/v1/checkout/", auth=(keys["stancer"], ""), params={"created": 1}).json()
    chance = random.Random(7)
    calls = []
    for number in range(CLIENTS * 4):
        amount = chance.randint(1, 90)
        if number % 3 == 0:
            body = {"amount": amount, "payment": payment, "reason": {"code": "customer_requested"}}
            options = {"headers": {"Authorization": f"Bearer {keys['collctiv']}"}, "json": body}
            calls.append((f"{storno.url}/collctiv/v1/refunds", options))
        elif number % 3 == 1:
            calls.append((f"{storno.url}/cari/refunds", {"headers": cari, "json": {"charge": charge, "amount": amount}}))
        else:
            body = {"payment": checkout["payments"][0]["id"], "amount": amount}
            calls.append((f"{storno.url}/stancer/v1/refunds/", {"auth": (keys["stancer"], ""), "json": body}))

    def send(call):
        answer = requests.post(call[0], timeout=60, **call[1])
        assert answer.status_code in (200, 402, 409), answer.text
        return answer.json()["amount"] if answer.status_code == 200 else 0

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        accepted = sum(pool.map(send, calls))
    seen = requests.get(f"{storno.url}/charges/{charge}", headers=cari).json()
    assert seen["amount_refunded"] == accepted <= seen["amount_captured"] == 5_000
    assert accepted > 5_000 - 90
    storno.verify()


def test_64_clients_with_one_key_make_one_refund(storno):
    key = storno.key("collctiv")
    payment = collctiv_payment(storno.url, key, 5_000)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "one"}
    body = {"amount": 10, "payment": payment, "reason": {"code": "customer_requested"}}

    def send(_):
        return requests.post(f"{storno.url}/v1/refunds", headers=headers, json=body, timeout=60)

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(send, range(CLIENTS * 2)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    made = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.content for answer in made}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
    listed = requests.get(f"{storno.url}/v1/refunds", headers={"Authorization": f"Bearer {key}"}).json()
    assert len(listed["data"]) == 1
