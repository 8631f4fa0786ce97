"""A client of the stream of events, as the HTML standard has it (9.2), and nothing more."""
import dataclasses
import http.client
import json


@dataclasses.dataclass(frozen=True)
class Frame:
    id: str
    type: str
    data: dict


class Listener:
    """One connection; `frames` gives what comes until it ends."""

    def __init__(self, port, key, query="", last=None, timeout=30, method="GET", accept="text/event-stream"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        headers = {"Authorization": f"Bearer {key}"}
        headers |= {"Accept": accept} if accept else {}
        headers |= {"Last-Event-ID": last} if last else {}
        self.connection.request(method, f"/storno/v1/events/stream{query}", headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.comments = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.connection.close()

    def frames(self):
        """
        - Throws: `OSError`, `http.client.HTTPException` when the connection ends within the stream.
        """
        fields = {}
        while line := self.response.readline():
            text = line.decode().rstrip("\n")
            if text.startswith(":"):
                self.comments += 1
            elif text:
                name, value = text.split(": ", 1)
                assert name not in fields, f"two fields of a frame are called {name}"
                fields[name] = value
            else:
                if "data" in fields:
                    yield Frame(fields["id"], fields["event"], json.loads(fields["data"]))
                fields = {}
