"""From a kill to the first answer."""
import http.client
import time

from lines import Value

REFUNDS = 1_000_000
ROUNDS = 5


def ready_after_kill(bench):
    """Seconds from the start of a server to its first answer from the database, killed while it wrote."""
    shop = bench.grown(REFUNDS)
    return Value.of([kill_and_start(shop) for _ in range(ROUNDS)])


def kill_and_start(shop):
    shop.ask(shop.create(), seconds=1)
    node = shop.nodes[0]
    node.kill()
    begin = time.monotonic()
    node.spawn(node.port)
    while time.monotonic() < begin + 60:
        connection = http.client.HTTPConnection("localhost", node.port, timeout=60)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                spent = time.monotonic() - begin
                node.wait_until_it_listens()
                return spent
        except ConnectionError:
            time.sleep(0.002)
        finally:
            connection.close()
    raise RuntimeError("the server does not come back")
