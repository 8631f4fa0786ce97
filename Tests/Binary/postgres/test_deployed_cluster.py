"""deploy/, started as its README says: what an upgrade interrupts, and the death of the leader."""
import random
import time
import uuid

from deployed import TTL_SECONDS, DeployedCluster
from lengths import is_proof
from merchants import collctiv_payment
from postgres_server import private_folder
from refund_apis import APIS
from refund_client import RefundClient
from writers import Writers, doubled, lost, wishes

CLIENTS = 9


class Door:
    """The one address that clients know."""

    host = "127.0.0.1"

    def __init__(self, port):
        self.port = port


def wait_until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_leader_of_a_deployed_cluster_dies(measured):
    """
    `make test` upgrades the nodes one by one under load; `make proof` kills the leader too: first PostgreSQL alone, whose
    outage ends within the ttl, then its whole machine.
    """
    with private_folder() as folder:
        cluster = DeployedCluster(folder)
        cluster.command("up")
        assert "--" not in cluster.command("status")
        door = Door(cluster.entry_port)
        keys = {api.name: cluster.key(api.name) for api in APIS}
        url = f"http://127.0.0.1:{door.port}"
        payments = [uuid.UUID(collctiv_payment(url, keys["collctiv"], 10**8)).int for _ in range(4)]
        clients = [RefundClient([door], keys) for _ in range(CLIENTS)]
        writers = Writers(clients, wishes(random.Random(1), payments, APIS)).start()
        writers.wait_for(100)
        began = time.monotonic()
        cluster.command("upgrade")
        writers.wait_for(50)
        silence = writers.longest_silence(began, time.monotonic())
        text = f"nodes replaced one by one: nobody was answered for {silence:.1f} s at the most"
        if is_proof:
            killed = time.monotonic()
            assert cluster.kill(cluster.leader(), ["postgres"]) > 5
            time.sleep(1)
            writers.wait_for(50, seconds=TTL_SECONDS)
            outage = writers.longest_silence(killed, time.monotonic())
            text += f"; its PostgreSQL killed: {outage:.1f} s without writes"
            assert outage < TTL_SECONDS
            wait_until(cluster.has_synchronous_standby)
            leader = cluster.leader()
            killed = time.monotonic()
            assert cluster.kill(leader) > 5
            time.sleep(1)
            writers.wait_for(50, seconds=TTL_SECONDS + 20)
            outage = writers.longest_silence(killed, time.monotonic())
            text += f"; its machine killed: {outage:.1f} s without writes at a ttl of {TTL_SECONDS} s"
            assert outage < TTL_SECONDS + 5
            assert cluster.leader() != leader
        writers.stop()
        client = RefundClient([door], keys)
        assert lost(client, writers.granted) == [] and doubled(client, writers.granted) == []
        client.close()
        assert "No findings." in cluster.command("storno", "verify")
        cluster.command("up")
        cluster.command("down", "--delete")
        assert not cluster.state.exists()
    measured(f"{len(writers.granted)} refunds, 0 lost, 0 doubled; {text}")
    assert silence < 3
