"""Each document is a valid one, is what stands beside its dialect, and describes what is answered."""
import pathlib
import sys

import pytest
import yaml
from openapi_spec_validator import validate

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "secrets"))

from accounts import Account, Client, filled, target
from declared_routes import declared_routes
from openapi_documents import NAMES, Document, fetch
from server import REPOSITORY, Storno


class Described:
    """An account on a running server, and the documents that it should keep to."""

    def __init__(self, server):
        self.server = server
        client = Client(server)
        self.documents = {name: Document(fetch(client, name)) for name in NAMES}
        self.account = Account(server, "described")

    def send(self, route, call, ids, **headers):
        """An example with what is given instead, held against the document."""
        body = None if call.body is None else filled(call.body, ids)
        return self.send_body(route, target(route, call, ids), body, **headers)

    def send_body(self, route, path, body, **headers):
        bare = path.removeprefix(f"/{route.dialect}")
        answer = self.account.send(route.dialect, route.method, bare, body, **(route.needed | headers))
        self.documents[route.dialect].check(route.method, path.split("?")[0], answer)
        return answer


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    with Storno(tmp_path_factory.mktemp("described")).start() as server:
        yield Described(server)


def routes(name):
    return [route for route in declared_routes() if route.dialect == name]


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_valid_and_is_what_stands_beside_its_dialect(described, name):
    content = described.documents[name].content
    validate(content)
    written = (REPOSITORY / "Dialects" / name.title() / "openapi.yaml").read_text()
    assert yaml.safe_load(written) == content


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_requests_and_answers_are_such_as_their_schemas_describe(described, name):
    from jsonschema import Draft202012Validator

    document = described.documents[name]
    found = 0
    for title, schema in document.content["components"]["schemas"].items():
        if "example" in schema:
            found += 1
            reference = {"$ref": f"urn:document#/components/schemas/{title}"}
            Draft202012Validator(reference, registry=document.registry).validate(schema["example"])
    assert found >= 3


@pytest.mark.parametrize("name", NAMES)
def test_what_is_answered_is_described(described, name):
    answered = 0
    shared = described.account.objects()[name]
    for route in routes(name):
        ids = described.account.objects(is_for_deletion=True)[name] if route.method == "DELETE" else shared
        for call in route.calls:
            answer = described.send(route, call, ids)
            answered += answer.status < 300
    # Most examples are taken; those that are refused are described as well.
    assert answered > len(routes(name)) / 2


@pytest.mark.parametrize("name", NAMES)
def test_what_is_refused_is_described(described, name):
    ids = described.account.objects()[name]
    for route in routes(name):
        call = route.calls[0]
        assert described.send(route, call, ids, Authorization="Bearer nobody").status == 401
        if call.names and route.path.count("{") == 1 and call.body is None:
            described.send_body(route, target(route, call, ids, segment="nothing", query={}), None)
        if route.method in ("POST", "PUT", "PATCH") and call.body is not None:
            path = target(route, call, ids)
            assert described.send_body(route, path, b"{").status == 400
            assert described.send_body(route, path, b" " * 65_537).status == 413
            for member in call.body:
                described.send_body(route, path, filled(call.body, ids) | {member: {"another": "thing"}})


def test_refunds_in_every_state_are_described(described):
    """Those that wait, end, fail or come back, with what was sent and heard, and as every API shows them."""
    account = described.account
    ids = account.objects()
    storno = ids["storno"]
    account.make("storno", f"/v1/refunds/{storno['refund']}/cancel", {})
    for name in NAMES:
        for route in routes(name):
            if route.method == "GET" and not route.path.endswith("stream"):
                for call in route.calls:
                    described.send(route, call, ids[name])
    expanded = {"refunds": ["payment.customer", "payment.card", "retry_of"], "payments": ["customer", "card", "pot.owner"]}
    for kind, paths in expanded.items():
        query = "&".join(f"expand[]={path}" for path in paths)
        answer = account.send("storno", "GET", f"/v1/{kind}?limit=100&{query}")
        described.documents["storno"].check("GET", f"/storno/v1/{kind}", answer)
        shown = [item[paths[0].split(".")[0]] for item in answer.json()["data"]]
        assert any(isinstance(one, dict) for one in shown), kind
