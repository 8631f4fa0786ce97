"""One refund as each of the three APIs asks for it, answers it and names it."""
import base64
import dataclasses
import http.client
import json
import uuid

BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclasses.dataclass(frozen=True)
class Refund:
    """What an answer says. Ids are the 128-bit numbers that all three APIs write in their own alphabets."""

    id: int
    payment: int
    amount: int
    is_paid: bool


def digits(number, alphabet, length):
    text = ""
    for _ in range(length):
        number, rest = divmod(number, len(alphabet))
        text = alphabet[rest] + text
    return text


def number(text, alphabet):
    value = 0
    for digit in text:
        value = value * len(alphabet) + alphabet.index(digit)
    return value


class Collctiv:
    name = "collctiv"
    collection = "/collctiv/v1/refunds"

    @staticmethod
    def credentials(key):
        return f"Bearer {key}"

    @staticmethod
    def body(payment, amount, scenario=None):
        body = {"payment": str(uuid.UUID(int=payment)), "amount": amount, "reason": {"code": "customer_requested"}}
        return body | ({"metadata": {"scenario": scenario}} if scenario else {})

    @staticmethod
    def text(refund):
        return str(uuid.UUID(int=refund))

    @staticmethod
    def refund(answer):
        ids = [uuid.UUID(answer[member]).int for member in ("id", "payment")]
        return Refund(*ids, answer["amount"], answer["status"] == "complete")


class Stancer:
    name = "stancer"
    collection = "/stancer/v1/refunds/"

    @staticmethod
    def credentials(key):
        return "Basic " + base64.b64encode(f"{key}:".encode()).decode()

    @staticmethod
    def body(payment, amount, scenario=None):
        return {"payment": "paym_" + digits(payment, BASE62, 24), "amount": amount}

    @staticmethod
    def text(refund):
        return "refd_" + digits(refund, BASE62, 24)

    @staticmethod
    def refund(answer):
        ids = [number(answer[member].split("_")[1], BASE62) for member in ("id", "payment")]
        return Refund(*ids, answer["amount"], answer["status"] == "refunded")


class Cari:
    name = "cari"
    collection = "/cari/refunds"

    @staticmethod
    def credentials(key):
        return f"Bearer {key}"

    @staticmethod
    def body(payment, amount, scenario=None):
        return {"charge": "ch_" + digits(payment, BASE36, 25), "amount": amount}

    @staticmethod
    def text(refund):
        return "re_" + digits(refund, BASE36, 25)

    @staticmethod
    def refund(answer):
        ids = [number(answer[member].split("_")[1], BASE36) for member in ("id", "charge")]
        return Refund(*ids, answer["amount"], answer["status"] == "succeeded")


APIS = (Collctiv, Stancer, Cari)


def refund_in(answer):
    """The refund that an answer of any of the APIs is about, `None` if it is about something else."""
    if "charge" in answer:
        return Cari.refund(answer)
    if "payment" in answer:
        return (Stancer if answer["id"].startswith("refd_") else Collctiv).refund(answer)
    return None


class Connection:
    """A client's connection to one of the APIs."""

    def __init__(self, api, port, key, host="127.0.0.1"):
        self.api = api
        self.fields = {"Authorization": api.credentials(key), "Content-Type": "application/json"}
        self.http = http.client.HTTPConnection(host, port, timeout=60)

    def ask(self, method, path, fields, body=None):
        """The status and what the answer says.

        - Throws: OSError, HTTPException or ValueError if there was no whole answer.
        """
        self.http.request(method, path, body and json.dumps(body), self.fields | fields)
        answer = self.http.getresponse()
        return answer.status, json.loads(answer.read())

    def create(self, payment, amount, key, scenario=None):
        body = self.api.body(payment, amount, scenario)
        return self.ask("POST", self.api.collection, {"Idempotency-Key": key}, body)

    def read(self, refund):
        return self.ask("GET", f"{self.api.collection.rstrip('/')}/{self.api.text(refund)}", {})
