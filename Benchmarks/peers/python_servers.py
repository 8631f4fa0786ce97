"""Refund servers in Python: the table of `table.py`, and localstripe."""
import os
import pathlib
import socket
import subprocess
import sys
import time

import requests

import asking
from asking import Request
from postgres_server import free_port

HERE = pathlib.Path(__file__).resolve().parent


class PythonServer:
    """A server in a folder of its own, and the one request that it is asked."""

    def __init__(self, folder, arguments, environment=None):
        """
        - arguments: of Python, with `{port}` where the port belongs.
        """
        self.folder = folder
        self.port = free_port()
        folder.mkdir(parents=True)
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *(argument.format(port=self.port) for argument in arguments)],
                cwd=folder, env=os.environ | (environment or {}), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.wait()

    def wait(self):
        until = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"it does not listen: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.05)

    def ask(self, seconds, connections=64):
        return asking.ask(
            [self.port], [self.request], self.lists, connections=connections, seconds=seconds,
            processes=[self.process.pid],
        )  # fmt: skip

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Table(PythonServer):
    request = Request(
        "POST",
        "/refunds",
        {"Authorization": "Bearer table_key", "Content-Type": "application/json", "Idempotency-Key": "{key}"},
        '{"amount":1,"payment":{payment},"reason":"customer_request"}',
    )

    def __init__(self, folder):
        arguments = ["-m", "uvicorn", "table:app", "--app-dir", str(HERE), "--port", "{port}", "--no-access-log"]
        super().__init__(folder, arguments, {"TABLE_DATABASE": str(folder / "table.sqlite")})
        numbers = folder / "payments.txt"
        numbers.write_text("".join(f"{number}\n" for number in range(1, 100_001)))
        self.lists = {"payment": numbers}


class Localstripe(PythonServer):
    """A mock of Stripe that keeps nothing durably: refunds of a hundred charges."""

    key = "sk_test_12345"
    request = Request(
        "POST",
        "/v1/refunds",
        {"Authorization": f"Bearer {key}", "Content-Type": "application/x-www-form-urlencoded"},
        "charge={charge}&amount=1",
    )

    def __init__(self, folder):
        super().__init__(folder, ["-m", "localstripe", "--port", "{port}", "--from-scratch"])
        card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        token = self.make("tokens", {f"card[{name}]": value for name, value in card.items()})
        customer = self.make("customers", {"source": token})
        charge = {"amount": 90_000_000, "currency": "eur", "customer": customer}
        charges = folder / "charges.txt"
        charges.write_text("".join(self.make("charges", charge) + "\n" for _ in range(100)))
        self.lists = {"charge": charges}

    def make(self, kind, body):
        answer = requests.post(f"http://127.0.0.1:{self.port}/v1/{kind}", data=body, auth=(self.key, ""), timeout=30)
        answer.raise_for_status()
        return answer.json()["id"]
