"""A merchant with a key of Storno's own API, who goes on over the server's deaths."""
import base64
import http.client
import json
import time
import uuid

UNDERWAY = {"queued", "dispatching", "submitted", "in_doubt"}


class Shop:
    def __init__(self, server, key=None):
        self.server = server
        self.key = key or server.key("storno")
        self.http = None

    def ask(self, method, path, body=None, once=None):
        """The status and what the answer says, whatever it is."""
        fields = {"Authorization": f"Bearer {self.key}"} | ({"Idempotency-Key": once} if once else {})
        if self.http is None or self.http.port != self.server.port:
            self.http = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            self.http.request(method, f"/storno/v1{path}", body if body is None else json.dumps(body), fields)
            answer = self.http.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        except (OSError, http.client.HTTPException):
            self.http.close()
            self.http = None
            raise

    def do(self, method, path, body=None):
        """What is answered in the end: tries again under the same key as often as it takes."""
        once = str(uuid.uuid4()) if method == "POST" else None
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                status, answer = self.ask(method, path, body, once)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if status in (409, 503) and answer.get("code") in ("busy", "storage_unavailable", "idempotency_in_progress"):
                time.sleep(0.05)
                continue
            assert status < 300, answer
            return answer
        raise AssertionError(f"{method} {path} was never answered")

    def endpoint(self, url, **members):
        return self.do("POST", "/webhook_endpoints", {"url": url} | members)

    def payment(self, amount=100_000):
        return self.do("POST", "/payments", {"amount": amount, "currency": "EUR"})["id"]

    def refund(self, payment, amount=1, **members):
        return self.do("POST", "/refunds", {"payment": payment, "amount": amount} | members)["id"]

    def events(self, *types):
        """All of them, oldest first."""
        return self.listed("/events", "".join(f"&type={kind}" for kind in types))

    def deliveries(self, endpoint, query=""):
        return self.listed(f"/webhook_endpoints/{endpoint}/deliveries", query)

    def is_quiet(self):
        """Whether no refund is still on its way. Each is read once: one that goes back and forth cannot be missed."""
        return not any(refund["status"] in UNDERWAY for refund in self.listed("/refunds"))

    def listed(self, path, query=""):
        """All pages of a list, oldest first."""
        found, after = [], ""
        while True:
            page = self.do("GET", f"{path}?limit=100{query}{after}")
            found += page["data"]
            if not page["has_more"]:
                return found[::-1]
            # A page of what a filter passed over may be empty.
            after = f"&starting_after={page['next_cursor']}"


def wait_until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def public_key(text):
    """The 32 bytes of a `whpk_` key."""
    assert text.startswith("whpk_")
    return base64.b64decode(text.removeprefix("whpk_"))
