"""A merchant who refunds through any of the nodes, in any of the three APIs."""
import dataclasses
import http.client
import json

from refund_apis import APIS, Connection
from writers import Unanswered


class RefundClient:
    """Stays with a node as long as it answers; not for several threads at once."""

    # Much longer than a refund takes, and shorter than the faults last: a node may be silent for good.
    TIMEOUT_SECONDS = 3

    def __init__(self, nodes, keys, first=0):
        """
        - nodes: where it can go.
        - keys: by the API's name.
        - first: the place of the node with which it begins.
        """
        self.nodes, self.keys, self.turn = nodes, keys, first
        self.connections = {}

    def ask(self, wish):
        """The refund that the wish is granted with, as it is when it is new."""
        body = wish.api.body(wish.payment, wish.amount, wish.scenario)
        status, answer = self.exchange(wish.api, "POST", wish.api.collection, {"Idempotency-Key": wish.key}, body)
        assert status == 200, (wish, status, answer)
        refund = new_refund(wish, answer)
        assert (refund.payment, refund.amount) == (wish.payment, wish.amount), (wish, refund)
        return refund

    def holds(self, wish, granted):
        path = f"{wish.api.collection.rstrip('/')}/{wish.api.text(granted.id)}"
        status, answer = self.exchange(wish.api, "GET", path, {})
        assert status in (200, 404), (wish, status, answer)
        return status == 200 and new_refund(wish, answer) == granted

    def exchange(self, api, method, path, fields, body=None):
        """
        - Throws: `Unanswered` if nothing is known: no answer, none at the moment (503), none that a proxy got (502,
          504), or the request that has this key is still under way (409).
        """
        connection = self.connection(api)
        try:
            connection.http.request(method, path, body and json.dumps(body), connection.fields | fields)
            answer = connection.http.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as failure:
            self.leave()
            raise Unanswered from failure
        if status in (502, 504):
            self.leave()
            raise Unanswered(text)
        if status == 503:
            assert answer.getheader("Retry-After"), "when to come back is not said"
            self.leave()
            raise Unanswered(text)
        if status == 409 and b"Idempotency-Key" in text:
            raise Unanswered(text)
        return status, text

    def connection(self, api):
        if api not in self.connections:
            node = self.nodes[self.turn % len(self.nodes)]
            connection = Connection(api, node.port, self.keys[api.name], node.host)
            connection.http.timeout = self.TIMEOUT_SECONDS
            self.connections[api] = connection
        return self.connections[api]

    def leave(self):
        """To the next node."""
        self.close()
        self.turn += 1

    def close(self):
        for connection in self.connections.values():
            connection.http.close()
        self.connections = {}


def new_refund(wish, answer):
    """What the answer tells, whether it has been paid meanwhile or not."""
    return dataclasses.replace(wish.api.refund(json.loads(answer)), is_paid=False)


def keys_of(nodes):
    return {api.name: nodes.key(api.name) for api in APIS}
