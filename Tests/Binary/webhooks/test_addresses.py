"""Nothing is sent to where it should not go, and what comes back is not trusted."""
import pathlib
import re

from receiver import Answer, Receiver
from server import REPOSITORY, Storno
from webhook_shop import Shop, wait_until

TABLE = REPOSITORY / "Tests" / "WebhookTests" / "HostileAddressTests.swift"


def hostile():
    """The same table that the Swift tests go through, without the names that a test's own name server knows."""
    text = TABLE.read_text().split("static let hostile = [", 1)[1].split("\n    ]\n", 1)[0]
    literals = re.findall(r'"((?:[^"\\]|\\.)*)"', re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    plain = [
        re.sub(r"\\u\{(\w+)\}", lambda found: chr(int(found[1], 16)), url)
        .replace("\\r", "\r").replace("\\n", "\n").replace("\\\\", "\\")
        for url in literals
    ]
    return [url for url in plain if not re.match(r"https://\w+\.example\.com/$", url)]


def test_eighty_hostile_addresses_are_refused(storno):
    urls = hostile()
    assert len(urls) >= 80
    shop = Shop(storno)
    for url in urls:
        status, answer = shop.ask("POST", "/webhook_endpoints", {"url": url})
        assert status == 400, (url, answer)
        assert answer["code"] in ("webhook_url_refused", "invalid_parameter"), (url, answer)
        assert answer["param"] == "url"
    assert shop.do("GET", "/webhook_endpoints")["data"] == []


def test_this_machine_is_not_called_unless_the_setting_says_so(teller):
    """An endpoint that was made under the setting is not called without it."""
    with Receiver() as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/in"), events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: shop.deliveries(endpoint["id"], "&state=delivered"))
        teller.stop()
        del teller.environment["STORNO_WEBHOOKS_ALLOW_LOOPBACK"]
        teller.start()
        shop.refund(shop.payment())
        wait_until(lambda: any(d["failure_count"] for d in shop.deliveries(endpoint["id"])))
        delivery = shop.deliveries(endpoint["id"])[-1]
        attempt = shop.do("GET", f"/deliveries/{delivery['id']}")["attempts"][0]
        assert attempt["outcome"] == "blocked" and attempt["status"] is None
        assert len(receiver.messages) == 1
        status, answer = shop.ask("PATCH", f"/webhook_endpoints/{endpoint['id']}", {"url": receiver.url("/other")})
        assert status == 400 and answer["code"] == "webhook_url_refused"


def test_a_redirect_is_a_failure_and_is_not_followed(teller):
    def script(message):
        return Answer(302, (("Location", receiver.url("/inside")),)) if message.path == "/in" else Answer(200)

    teller.environment["STORNO_WEBHOOKS_SCHEDULE"] = "0s,100ms"
    with Receiver(script) as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/in"), events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: shop.deliveries(endpoint["id"], "&state=given_up"))
        assert {message.path for message in receiver.messages} == {"/in"}
        assert len(receiver.messages) == 2


def test_an_endless_answer_is_not_read_to_its_end(teller):
    """Nor are more than its first bytes kept, nor is what it says trusted."""
    with Receiver(lambda message: Answer(500, body=b"\x00<script>\xff" + b"a" * 50_000_000)) as receiver:
        teller.environment["STORNO_WEBHOOKS_SCHEDULE"] = "0s,100ms,100ms"
        teller.environment["STORNO_WEBHOOKS_TIMEOUT"] = "5s"
        teller.start()
        before = memory(teller)
        shop = Shop(teller)
        endpoint = shop.endpoint(receiver.url("/in"), events=["refund.created"])
        payment = shop.payment()
        for _ in range(10):
            shop.refund(payment)
        wait_until(lambda: len(shop.deliveries(endpoint["id"], "&state=given_up")) == 10, 60)
        delivery = shop.deliveries(endpoint["id"])[0]
        attempt = shop.do("GET", f"/deliveries/{delivery['id']}")["attempts"][0]
        assert attempt["status"] == 500
        assert len(attempt["answer"]) <= 1024
        assert memory(teller) - before < 64 * 1024


def memory(server):
    """Resident, in kB."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def test_the_demo_may_tell_this_machine(tmp_path):
    with Receiver() as receiver, Storno(tmp_path, arguments=["--demo"]).start() as server:
        shop = Shop(server)
        shop.endpoint(receiver.url("/in"), events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: len(receiver.messages) == 1)
