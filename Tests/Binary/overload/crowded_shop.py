"""A merchant with many payments, and crowds that ask for refunds of them."""
import json

from crowd import Crowd, refund_requests
from plain_http import Connection
from server import Storno


class CrowdedShop:
    def __init__(self, folder, environment, payments=64):
        self.server = Storno(folder, environment=environment).start()
        self.key = self.server.key("storno")
        connection = Connection(self.server.port)
        self.payments = [self.payment(connection) for _ in range(payments)]
        connection.close()
        self.crowds = 0

    def payment(self, connection):
        return self.ask(connection, "POST", "/payments", {"amount": 10**9, "currency": "EUR"})["id"]

    def ask(self, connection, method, path, body=None):
        fields = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        text = body and json.dumps(body).encode()
        status, _, answer = connection.exchange(method, f"/storno/v1{path}", fields, text)
        assert status == 200, answer
        return json.loads(answer)

    def crowd(self, clients, seconds, is_patient=True):
        """What became of a crowd's requests."""
        self.crowds += 1
        crowd = Crowd(self.server.port, refund_requests(self.key, self.payments, f"crowd{self.crowds}"), is_patient)
        figures = crowd.work(clients, seconds)
        assert not crowd.broken, f"{crowd.broken} connections ended without an answer"
        return figures

    def refunded(self):
        """What all payments have given back, or are about to."""
        connection = Connection(self.server.port)
        found = [self.ask(connection, "GET", f"/payments/{payment}") for payment in self.payments]
        connection.close()
        return sum(payment["amount_refunded"] + payment["amount_pending"] for payment in found)
