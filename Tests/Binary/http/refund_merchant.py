"""A merchant with payments, in the name of whom everything is asked."""
import json
import ssl

import httpx

from raw_http import Wire


class Merchant:
    def __init__(self, server):
        self.server = server
        self.key = server.key("collctiv")
        self.authority = server.authority if server.tls else None
        with self.client() as client:
            person = {"first_name": "A", "last_name": "B", "email": "a@example.com"}
            customer = client.post("/v1/customers", json=person).json()["id"]
            pot = client.post("/v1/pots", json={"name": "Pot", "currency": "GBP", "customer": customer}).json()["id"]
            payment = {
                "amount": 1000,
                "pot": pot,
                "billing_details": {"name": "A B", "email": "a@example.com"},
                # As much as is allowed, so that its answer is long.
                "metadata": {f"{number}": 500 * "x" for number in range(50)},
            }
            self.payment = client.post("/v1/payments", json=payment).raise_for_status().json()["id"]

    def client(self):
        trust = ssl.create_default_context(cafile=self.authority) if self.authority else True
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.server.url, verify=trust, headers=headers)

    def wire(self, **options):
        return Wire(self.server.port, authority=self.authority, **options)

    def refunds(self):
        """None, unless a hidden request was carried out."""
        with self.wire() as wire:
            wire.send(keyed_get("/v1/refunds", self.key))
            answer = wire.answer()
            assert answer is not None and answer.status == 200, answer
            return json.loads(answer.body)["data"]

    def canary(self, name):
        """A request whose answer, 404, says its name."""
        return keyed_get(f"/v1/refunds/{name}", self.key)

    def long_answer(self):
        """A request whose answer is 25 kB long and costs the server little."""
        return keyed_get(f"/v1/payments/{self.payment}", self.key)


def keyed_get(path, key):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
