"""What a merchant does first: a payment to refund."""
import requests


def collctiv_payment(url, key, amount):
    """Makes a captured payment of `amount` pence, and gives its Collctiv id."""
    headers = {"Authorization": f"Bearer {key}"}
    customer = requests.post(
        f"{url}/v1/customers",
        headers=headers,
        json={"first_name": "A", "last_name": "B", "email": "a@example.com"},
    ).json()["id"]
    pot = requests.post(
        f"{url}/v1/pots", headers=headers, json={"name": "Pot", "currency": "GBP", "customer": customer}
    ).json()["id"]
    payment = requests.post(
        f"{url}/v1/payments",
        headers=headers,
        json={"amount": amount, "pot": pot, "billing_details": {"name": "A B", "email": "a@example.com"}},
    )
    assert payment.status_code == 200, payment.text
    return payment.json()["id"]
