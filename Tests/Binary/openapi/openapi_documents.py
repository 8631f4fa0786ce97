"""The OpenAPI documents as a running server gives them, and whether an answer is one that they describe."""
import json

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

NAMES = ["cari", "collctiv", "stancer", "storno"]
METHODS = ["get", "post", "put", "patch", "delete"]


def pointer(*steps):
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


class Document:
    def __init__(self, content):
        self.content = content
        resource = Resource(contents=content, specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:document", resource)
        self.bases = [server["url"] for server in content["servers"]]
        self.operations = {
            (method.upper(), path): operation
            for path, item in content["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def operation(self, method, path):
        """Its place in the document.

        - path: as on the wire, without the query, or a route's pattern.
        """
        found = []
        for base in self.bases:
            rest = path.removeprefix(base + "/").rstrip("/") if path.startswith(base + "/") else None
            if rest is None:
                continue
            for known, template in self.operations:
                segments = template.strip("/").split("/")
                given = rest.split("/")
                if known == method and len(segments) == len(given):
                    if all(one.startswith("{") or one == other for one, other in zip(segments, given)):
                        found.append((sum(not one.startswith("{") for one in segments), method, template))
        assert found, f"{method} {path} is not described"
        return max(found)[1:]

    def check(self, method, path, answer):
        """Fails where the answer's status, media type or body is not described."""
        method, template = self.operation(method, path)
        operation = self.operations[method, template]
        place = f"{method} {path}: {answer.status}"
        described = operation["responses"].get(str(answer.status))
        assert described, f"{place} is not described: {answer.body}"
        steps = ["paths", template, method.lower(), "responses", str(answer.status)]
        if "$ref" in described:
            steps = described["$ref"].removeprefix("#/").split("/")
            described = self.content["components"]["responses"][steps[-1]]
        headers = {name.lower(): value for name, value in answer.headers}
        if "content" not in described:
            assert answer.body == b"", place
            return
        kind = headers["content-type"]
        assert kind in described["content"], f"{place} is {kind}"
        schema = {"$ref": "urn:document#" + pointer(*steps, "content", kind, "schema")}
        checker = Draft202012Validator(
            schema, registry=self.registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        body = json.loads(answer.body)
        error = next(checker.iter_errors(body), None)
        if error is not None:
            deepest = error
            while deepest.context:
                deepest = min(deepest.context, key=lambda one: -len(one.absolute_path))
            raise AssertionError(f"{place}: {list(deepest.absolute_path)}: {deepest.message}\n{body}")


def fetch(client, name):
    answer = client.send("GET", f"/openapi/{name}.json")
    assert answer.status == 200, answer.body
    return answer.json()
