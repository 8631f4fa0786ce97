"""A merchant with payments, in the name of whom everything is asked."""
import ssl

import httpx


class Merchant:
    def __init__(self, server):
        self.server = server
        self.key = server.key("collctiv")
        with httpx.Client(base_url=server.url, verify=trust(server), headers=bearer(self.key)) as client:
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

    def refunds(self):
        """None, unless a hidden request was carried out."""
        url = f"{self.server.url}/v1/refunds"
        return httpx.get(url, verify=trust(self.server), headers=bearer(self.key)).raise_for_status().json()["data"]

    def canary(self, name):
        """A request whose answer, 404, says its name."""
        return keyed_get(f"/v1/refunds/{name}", self.key)

    def long_answer(self):
        """A request whose answer is 25 kB long and costs the server little."""
        return keyed_get(f"/v1/payments/{self.payment}", self.key)


def keyed_get(path, key):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def trust(server):
    return ssl.create_default_context(cafile=server.authority) if server.tls else True
