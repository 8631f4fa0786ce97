"""After a fault: everything that was granted is there, once, and nothing else is."""
import traffic
from lengths import length
from refund_client import RefundClient
from writers import doubled, lost

# A call that was cut off is under way for twenty seconds, for all that the servers know.
PATIENCE = length(90, 600)


def prove(shop, granted):
    """What was granted is there for every node, and a request that is repeated makes nothing new."""
    for node in shop.nodes:
        client = RefundClient([node], shop.keys)
        assert lost(client, granted) == []
        client.close()
    client = RefundClient(shop.nodes, shop.keys)
    assert doubled(client, granted) == []
    client.close()


def prove_all(shop, granted):
    """
    The end of a test: also that the workers pay all of it, and that there is nothing besides.

    - granted: everything since the database was made.
    """
    prove(shop, granted)
    everything = traffic.Traffic("end", shop.keys, [])
    everything.acknowledged = granted
    everything.look_at_all(shop.nodes[0].port, until_paid=PATIENCE)
    assert len({refund.id for refund in granted.values()}) == len(granted), "two keys, one refund"
    count = int(shop.pair.primary.sql("SELECT count(*) FROM refund"))
    assert count == len(granted), "there is a refund that nobody was told of"
    shop.nodes.verify()
