"""Over TLS a receiver has to be who its name says, though the call goes to the address that was looked at."""
import pathlib
import ssl

from receiver import Receiver
from webhook_shop import Shop, wait_until

ROOTS = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


def receiver_for(teller):
    """With a certificate for `localhost` of an authority of its own."""
    teller.command("dev-certificate", "--directory", "tls", "--names", "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = teller.folder / "tls"
    context.load_cert_chain(folder / "storno-certificate.pem", folder / "storno-key.pem")
    return Receiver(tls=context)


def attempt(shop, endpoint):
    wait_until(lambda: any(d["attempt_count"] for d in shop.deliveries(endpoint["id"])))
    delivery = shop.deliveries(endpoint["id"])[0]
    wait_until(lambda: shop.do("GET", f"/deliveries/{delivery['id']}")["attempts"])
    return shop.do("GET", f"/deliveries/{delivery['id']}")["attempts"][0]


def test_a_certificate_of_nobody_that_is_trusted_is_refused(teller):
    teller.environment["STORNO_WEBHOOKS_TIMEOUT"] = "5s"
    with receiver_for(teller) as receiver:
        teller.start()
        shop = Shop(teller)
        endpoint = shop.endpoint(f"https://localhost:{receiver.port}/in", events=["refund.created"])
        shop.refund(shop.payment())
        tried = attempt(shop, endpoint)
        assert tried["outcome"] == "unreachable" and "TLS" in tried["reason"], tried
        assert receiver.messages == []


def test_the_name_is_held_against_the_certificate(teller):
    """In a mount namespace in which the receiver's authority is the only one: for root alone to make."""
    assert ROOTS.exists(), "the package ca-certificates is missing"
    teller.environment["STORNO_WEBHOOKS_TIMEOUT"] = "5s"
    with receiver_for(teller) as receiver:
        script = f'mount --bind "{teller.authority}" {ROOTS} && exec "$0" "$@"'
        teller.wrapper = ["unshare", "-m", "sh", "-c", script]
        teller.start()
        shop = Shop(teller)
        shop.endpoint(f"https://localhost:{receiver.port}/right", events=["refund.created"])
        wrong = shop.endpoint(f"https://127.0.0.1:{receiver.port}/wrong", events=["refund.created"])
        shop.refund(shop.payment())
        wait_until(lambda: receiver.at("/right"))
        tried = attempt(shop, wrong)
        assert tried["outcome"] == "unreachable", tried
        assert receiver.at("/wrong") == []
